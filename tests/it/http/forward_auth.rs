//! Whether a request that reached a gateway may pass.

use axum::http::Method;
use scopewise::server::proxies::TrustedProxies;
use serde_json::json;

use super::world::{Answer, Client, World, foreign_secret};

const PATH: &str = "/v1/keys/forward-auth?project=shop";

/// A gateway that is trusted, with a client whose key holds these scopes.
async fn gateway(scopes: &[&str]) -> (World, Client, Client) {
    let (world, owner) = World::ready().await;
    world.app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
    let secret = owner.make_key("app", scopes).await["secret"].as_str().unwrap().to_owned();
    let client = world.anonymous().with("x-appwrite-key", &secret);
    (world, owner, client)
}

async fn ask(client: &Client, method: &str, uri: &str) -> Answer {
    client.with("x-forwarded-method", method).with("x-forwarded-uri", uri).get(PATH).await
}

#[tokio::test]
async fn a_key_with_the_scope_of_the_operation_passes() {
    let (_world, _, client) = gateway(&["users.read", "rows.read"]).await;
    let answer = ask(&client, "GET", "/v1/users/42?queries[]=x").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
    let told =
        ["key-id", "key-type", "project-id", "scopes", "operation"].map(|name| answer.header(&format!("x-scopewise-{name}")).to_owned());
    assert_eq!(told, ["app", "standard", "shop", "users.read rows.read", "users.get"]);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let (_world, _, client) = gateway(&["users.read"]).await;
    let answer = ask(&client, "DELETE", "/v1/users/42").await;
    assert_eq!(answer.header("www-authenticate"), r#"Bearer realm="scopewise", error="insufficient_scope", scope="users.write""#);
    assert!(answer.refused(403, "gateway_insufficient_scope").contains("`users.write`"));
}

#[tokio::test]
async fn a_client_without_a_good_key_is_asked_for_one() {
    let (world, owner, client) = gateway(&["users.read"]).await;
    let none = ask(&client.without("x-appwrite-key"), "GET", "/v1/users").await;
    assert_eq!(none.header("www-authenticate"), r#"Bearer realm="scopewise""#);
    none.refused(401, "user_unauthorized");
    owner.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    let foreign = owner.on("other").make_key("spy", &["users.read"]).await["secret"].as_str().unwrap().to_owned();
    let mut texts = Vec::new();
    for key in [foreign.clone(), foreign_secret(1), "session_abc".to_owned(), "ephemeral_abc".to_owned()] {
        let answer = ask(&world.anonymous().with("x-appwrite-key", &key), "GET", "/v1/users").await;
        assert!(answer.header("www-authenticate").contains(r#"error="invalid_token""#));
        texts.push(answer.refused(401, "user_unauthorized"));
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    // A client cannot choose the project that the gateway guards.
    let elsewhere = world.anonymous().with("x-appwrite-key", &foreign).with("x-appwrite-project", "other");
    ask(&elsewhere, "GET", "/v1/users").await.refused(401, "user_unauthorized");
    owner.patch("/v1/project/keys/app/status", json!({ "enabled": false })).await.ok(200);
    ask(&client, "GET", "/v1/users").await.refused(401, "project_key_disabled");
    owner.delete("/v1/project/keys/app").await;
    ask(&client, "GET", "/v1/users").await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn the_key_may_be_a_bearer_token_or_ephemeral() {
    let (_world, owner, client) = gateway(&["users.read"]).await;
    let made = owner.post("/v1/project/keys/ephemeral", json!({ "scopes": ["rows.read"], "duration": 60 })).await.ok(201);
    let bearer = client.without("x-appwrite-key").with("authorization", &format!("bearer {}", made["secret"].as_str().unwrap()));
    let answer = ask(&bearer, "GET", "/v1/tablesdb/a/tables/b/rows").await;
    assert_eq!((answer.status.as_u16(), answer.header("x-scopewise-key-type")), (204, "ephemeral"));
    ask(&bearer, "GET", "/v1/users").await.refused(403, "gateway_insufficient_scope");
    ask(&client.without("x-appwrite-key").with("authorization", "Basic abc"), "GET", "/v1/users").await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn forwarded_headers_are_believed_from_trusted_proxies_only() {
    let (world, _, client) = gateway(&["users.read"]).await;
    let stranger = client.at([203, 0, 113, 5]);
    assert!(ask(&stranger, "GET", "/v1/users").await.refused(403, "gateway_untrusted").contains("--trusted-proxy"));
    stranger.get("/v1/keys/forward-auth/v1/users").await.refused(403, "gateway_untrusted");
    // Guesses of one address do not shut out another, and an address that a client makes up is not the one that counts.
    let guess = |n: u32, from: &str| {
        let client = world.anonymous().with("x-appwrite-key", &foreign_secret(n)).with("x-forwarded-for", from);
        async move { ask(&client, "GET", "/v1/users").await }
    };
    for n in 0..30 {
        guess(n, &format!("198.51.100.{n}, 203.0.113.9")).await.refused(401, "user_unauthorized");
    }
    let throttled = guess(99, "203.0.113.9").await;
    assert_eq!((throttled.status.as_u16(), throttled.header("retry-after")), (401, "60"));
    guess(99, "203.0.113.10").await.refused(401, "user_unauthorized");
    assert_eq!(ask(&client.with("x-forwarded-for", "203.0.113.8"), "GET", "/v1/users").await.status, 204);
}

#[tokio::test]
async fn a_route_that_no_catalog_knows_is_closed_unless_the_gateway_names_a_scope() {
    let (_world, _, client) = gateway(&["rows.read"]).await;
    let message = ask(&client, "GET", "/reports/2026").await.refused(403, "gateway_route_unknown");
    assert!(message.contains("GET /reports/2026") && message.contains("?scope="), "{message}");
    ask(&client, "PUT", "/v1/users").await.refused(403, "gateway_route_unknown");
    ask(&client, "OPTIONS", "/v1/users").await.refused(403, "gateway_route_unknown");
    let own = client.with("x-forwarded-method", "GET").with("x-forwarded-uri", "/reports/2026");
    let demand = async |scopes: &str| own.get(&format!("{PATH}&scope={scopes}")).await;
    assert_eq!(demand("rows.read").await.status, 204);
    assert_eq!(demand("rows.write,rows.read").await.status, 204);
    let refused = demand("rows.write").await;
    assert!(refused.header("www-authenticate").ends_with(r#"scope="rows.write""#));
    refused.refused(403, "gateway_insufficient_scope");
    for wrong in ["rows:read", "x", "rows.read&scopes=a", "rows.read&project=other"] {
        demand(wrong).await.refused(403, "gateway_settings_invalid");
    }
}

#[tokio::test]
async fn a_client_cannot_choose_what_is_judged() {
    let (_world, _, client) = gateway(&["users.read"]).await;
    for (name, value) in [("x-original-uri", "/v1/users"), ("x-original-method", "GET")] {
        ask(&client.with(name, value), "DELETE", "/v1/users/42").await.refused(403, "gateway_request_unclear");
    }
    for uri in ["/v1//users", "/v1/x/../users", "/v1/%2e%2e/v1/users", "/v1/users%2f42", "/v1/%75sers", "/v1/%252e/users", "v1/users"] {
        ask(&client, "GET", uri).await.refused(403, "gateway_request_unclear");
    }
    // A gateway that hands on the client's query lets the client write settings.
    let leaking = client.with("x-forwarded-method", "DELETE").with("x-forwarded-uri", "/v1/users/42?project=shop&scope=users.read");
    leaking.get("/v1/keys/forward-auth?project=shop&scope=users.read").await.refused(403, "gateway_settings_invalid");
    client.get(PATH).await.refused(403, "gateway_request_unclear");
    ask(&client, "GET", "/v1/users").await.ok(204);
    // The service behind could read the other key.
    let twice = client.with("x-forwarded-method", "GET").with("x-forwarded-uri", "/v1/users").also("x-appwrite-key", &foreign_secret(1));
    twice.get(PATH).await.refused(403, "gateway_request_unclear");
}

#[tokio::test]
async fn envoy_asks_with_the_path_and_the_method_of_the_client() {
    let (_world, _, client) = gateway(&["users.read"]).await;
    let envoy = client.with("x-appwrite-project", "shop");
    let ask = async |method: Method, path: &str| envoy.send(method, &format!("/v1/keys/forward-auth{path}"), None, b"").await;
    // Any other status than 200 is a no to Envoy, also 204.
    let answer = ask(Method::GET, "/v1/users?search=x").await;
    assert_eq!((answer.status.as_u16(), answer.header("x-scopewise-project-id")), (200, "shop"));
    ask(Method::DELETE, "/v1/users/42").await.refused(403, "gateway_insufficient_scope");
    // The query is the client's.
    ask(Method::DELETE, "/v1/users/42?scope=users.read").await.refused(403, "gateway_insufficient_scope");
    ask(Method::OPTIONS, "/v1/users").await.refused(403, "gateway_route_unknown");
    ask(Method::GET, "/").await.refused(403, "gateway_route_unknown");
    ask(Method::GET, "//v1/users").await.refused(403, "gateway_request_unclear");
    client.get("/v1/keys/forward-auth/v1/users").await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn a_key_that_comes_from_a_browser_is_refused_at_the_gateway_too() {
    let (world, _, client) = gateway(&["users.read"]).await;
    ask(&client.with("sec-fetch-site", "cross-site"), "GET", "/v1/users").await.refused(401, "project_key_in_browser");
    world.app.settle().await;
    assert!(world.store.key("shop", "app").await.unwrap().unwrap().exposed_at.is_some());
}

#[tokio::test]
async fn a_header_that_a_client_makes_up_is_always_overwritten() {
    let (_world, _, client) = gateway(&[]).await;
    let answer = ask(&client.with("x-scopewise-scopes", "users.write"), "GET", "/v1/ping").await;
    assert_eq!((answer.status.as_u16(), answer.header("x-scopewise-scopes")), (204, "-"));
}
