//! Whether a request that reached a gateway may pass.

use axum::http::Method;
use scopewise::server::proxies::TrustedProxies;
use serde_json::{Value, json};

use super::world::{Answer, Client, World, foreign_secret};

const PATH: &str = "/v1/forward-auth/caddy/project=shop";
/// With settings in the query.
const OLDER: &str = "/v1/keys/forward-auth?project=shop";

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
    let headers =
        ["key-id", "key-type", "project-id", "scopes", "operation"].map(|name| answer.header(&format!("x-scopewise-{name}")).to_owned());
    assert_eq!(headers, ["app", "standard", "shop", "users.read rows.read", "users.get"]);
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
    stranger.get("/v1/forward-auth/envoy/-/v1/users").await.refused(403, "gateway_untrusted");
    stranger.get("/v1/keys/forward-auth/v1/users").await.refused(403, "gateway_untrusted");
    // Guesses of one address do not shut out another, and an address that a client makes up is not the one that counts.
    let guess = |n: u32, from: &str| {
        let client = world.anonymous().with("x-appwrite-key", &foreign_secret(n)).with("x-forwarded-for", from);
        async move { ask(&client, "GET", "/v1/users").await }
    };
    for n in 0..30 {
        guess(n, &format!("198.51.100.{n}, 203.0.113.9")).await.refused(401, "user_unauthorized");
    }
    // Bytes that are not text hide no client.
    let throttled = guess(99, "\u{ff}, 203.0.113.9").await;
    assert_eq!((throttled.status.as_u16(), throttled.header("retry-after")), (401, "60"));
    guess(99, "203.0.113.10").await.refused(401, "user_unauthorized");
    assert_eq!(ask(&client.with("x-forwarded-for", "203.0.113.8"), "GET", "/v1/users").await.status, 204);
}

#[tokio::test]
async fn a_route_that_no_catalog_knows_is_closed_unless_the_gateway_names_a_scope() {
    let (_world, _, client) = gateway(&["rows.read"]).await;
    let message = ask(&client, "GET", "/reports/2026").await.refused(403, "gateway_route_unknown");
    assert!(message.contains("GET /reports/2026") && message.contains("scope="), "{message}");
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
    for (name, value) in [
        ("x-original-uri", "/v1/users"),
        ("x-original-method", "GET"),
        ("x-original-url", "/v1/users"),
        ("x-rewrite-url", "/v1/users"),
        ("x-http-method-override", "GET"),
        ("x-http-method", "GET"),
        ("x-method-override", "GET"),
        ("x_http_method_override", "GET"),
        ("x_scopewise_key_id", "forged"),
        ("x-appwrite_project", "other"),
    ] {
        for method in ["GET", "DELETE"] {
            ask(&client.with(name, value), method, "/v1/users/42").await.refused(403, "gateway_request_unclear");
        }
    }
    for uri in [
        "/v1//users",
        "/v1/x/../users",
        "/v1/%2e%2e/v1/users",
        "/v1/users%2f42",
        "/v1/%75sers",
        "/v1/%252e/users",
        "v1/users",
        "/v1/users/",
        "/v1/users/42%3f",
        "/v1/users/42%23",
        "/v1/users/%ff",
        "/v1/users?_method=DELETE",
    ] {
        ask(&client, "GET", uri).await.refused(403, "gateway_request_unclear");
    }
    client.get(PATH).await.refused(403, "gateway_request_unclear");
    ask(&client, "GET", "/v1/users").await.ok(204);
    // The service behind could read the other key.
    let twice = client.with("x-forwarded-method", "GET").with("x-forwarded-uri", "/v1/users").also("x-appwrite-key", &foreign_secret(1));
    twice.get(PATH).await.refused(403, "gateway_request_unclear");
}

#[tokio::test]
async fn a_path_that_a_service_may_take_for_another_operation_is_refused() {
    let (_world, _, client) = gateway(&["databases.read", "rows.read"]).await;
    assert_eq!(ask(&client, "GET", "/v1/databases/main").await.header("x-scopewise-operation"), "databases.get");
    for id in ["Transactions", "TRANSACTIONS", "transactions.", "transactions.json", "transactions%20", "transactions,x"] {
        let message = ask(&client, "GET", &format!("/v1/databases/{id}")).await.refused(403, "gateway_route_ambiguous");
        assert!(message.contains("databases.get") && message.contains("databases.listTransactions"), "{message}");
    }
    ask(&client, "GET", "/v1/Databases/main").await.refused(403, "gateway_route_unknown");
    // The path is not looked up where a scope is set, and no operation can be mistaken for another one.
    let own = client.with("x-forwarded-method", "GET").with("x-forwarded-uri", "/v1/databases/Transactions");
    assert_eq!(own.get(&format!("{PATH}&scope=rows.read")).await.status, 204);
}

#[tokio::test]
async fn settings_are_read_where_no_client_can_write_them() {
    let (_world, _, client) = gateway(&["users.read"]).await;
    // The query of the question is a client's, and so is every other one.
    for query in ["?project=other", "?scope=users.read&project=shop", "?project=shop"] {
        let client = client.with("x-forwarded-method", "DELETE").with("x-forwarded-uri", &format!("/v1/users/42{query}"));
        client.get(&format!("{PATH}{query}")).await.refused(403, "gateway_insufficient_scope");
        let client = client.with("x-forwarded-method", "GET");
        assert_eq!(client.get(&format!("{PATH}{query}")).await.status, 204);
    }
    // The address of a file, as Appwrite has it.
    let view = "/v1/storage/buckets/b/files/f/view?project=shop";
    let message = ask(&client, "GET", view).await.refused(403, "gateway_insufficient_scope");
    assert!(message.contains("files.read"), "{message}");
    for bad in ["", "/apache/project=shop", "/caddy/projekt=shop", "/caddy/project=shop/v1/users", "/envoy/v1/users"] {
        ask_at(&client, &format!("/v1/forward-auth{bad}")).await.refused(403, "gateway_settings_invalid");
    }
}

async fn ask_at(client: &Client, path: &str) -> Answer {
    client.with("x-forwarded-method", "GET").with("x-forwarded-uri", "/v1/users").get(path).await
}

#[tokio::test]
async fn the_older_address_takes_settings_from_a_query_that_is_not_the_clients() {
    let (_world, _, client) = gateway(&["users.read"]).await;
    assert_eq!(ask_at(&client, OLDER).await.status, 204);
    let original = client.with("x-original-method", "GET").with("x-original-uri", "/v1/users");
    assert_eq!(original.get(OLDER).await.status, 204);
    ask_at(&client.with("x-original-uri", "/v1/health"), OLDER).await.refused(403, "gateway_request_unclear");
    for query in ["?project=shop&scope=users.read", "?project=shop"] {
        let leaking = client.with("x-forwarded-method", "DELETE").with("x-forwarded-uri", &format!("/v1/users/42{query}"));
        let message = leaking.get(&format!("/v1/keys/forward-auth{query}")).await.refused(403, "gateway_settings_invalid");
        assert!(message.contains("/v1/forward-auth/NAME/project=ID"), "the message says what to do: {message}");
    }
    let envoy = client.with("x-appwrite-project", "shop");
    let answer = envoy.get("/v1/keys/forward-auth/v1/users?scope=x").await;
    assert_eq!((answer.status.as_u16(), answer.header("x-scopewise-project-id")), (200, "shop"));
    client.get("/v1/keys/forward-auth/v1/users").await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn ingress_nginx_names_the_request_by_a_url() {
    let (_world, _, client) = gateway(&["users.read"]).await;
    let ask = async |method: &str, url: &str, name: &str| {
        let client = client.with("x-original-method", method).with("x-original-url", url);
        client.get(&format!("/v1/forward-auth/{name}/project=shop")).await
    };
    assert_eq!(ask("GET", "https://shop.example/v1/users?x=1", "ingress-nginx").await.header("x-scopewise-operation"), "users.list");
    ask("DELETE", "https://shop.example/v1/users/42", "ingress-nginx").await.refused(403, "gateway_insufficient_scope");
    // The host is what the client has sent.
    ask("GET", "https://h?/v1/users", "ingress-nginx").await.refused(403, "gateway_request_unclear");
    for other in ["nginx", "caddy", "traefik"] {
        ask("GET", "https://shop.example/v1/users", other).await.refused(403, "gateway_request_unclear");
    }
}

#[tokio::test]
async fn envoy_asks_with_the_path_and_the_method_of_the_client() {
    let (_world, _, client) = gateway(&["users.read"]).await;
    let ask =
        async |method: Method, path: &str| client.send(method, &format!("/v1/forward-auth/envoy/project=shop{path}"), None, b"").await;
    // Any other status than 200 is a no to Envoy, also 204.
    let answer = ask(Method::GET, "/v1/users?search=x").await;
    assert_eq!((answer.status.as_u16(), answer.header("x-scopewise-project-id")), (200, "shop"));
    ask(Method::DELETE, "/v1/users/42").await.refused(403, "gateway_insufficient_scope");
    // The query is the client's, and so is the path.
    ask(Method::DELETE, "/v1/users/42?scope=users.read").await.refused(403, "gateway_insufficient_scope");
    ask(Method::DELETE, "/scope=users.read/v1/users/42").await.refused(403, "gateway_route_unknown");
    ask(Method::GET, "/v1/users?_method=DELETE").await.refused(403, "gateway_request_unclear");
    ask(Method::OPTIONS, "/v1/users").await.refused(403, "gateway_route_unknown");
    ask(Method::GET, "/").await.refused(403, "gateway_route_unknown");
    ask(Method::GET, "//v1/users").await.refused(403, "gateway_request_unclear");
    let unpinned = client.get("/v1/forward-auth/envoy/-/v1/users").await;
    assert!(unpinned.refused(401, "user_unauthorized").contains("project=ID"));
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

/// Most questions are answered without a closer look. A header with a dot in its name, which decides nothing, has a question looked at
/// closely.
#[tokio::test]
async fn a_closer_look_changes_no_answer() {
    let (world, owner, client) = gateway(&["users.read", "rows.write"]).await;
    let secret = |made: &Value| made["secret"].as_str().unwrap().to_owned();
    let app = client.parts().1.iter().find(|(name, _)| name == "x-appwrite-key").unwrap().1.clone();
    let (off, ended) = (secret(&owner.make_key("off", &["users.read"]).await), secret(&owner.make_key("ended", &["users.read"]).await));
    owner.patch("/v1/project/keys/off/status", json!({ "enabled": false })).await.ok(200);
    let past = json!({ "name": "n", "scopes": ["users.read"], "expire": "2020-01-01T00:00:00.000+00:00" });
    owner.put("/v1/project/keys/ended", past).await.ok(200);
    // Its use is noted, so that the next one is not.
    assert_eq!(ask(&client, "GET", "/v1/users").await.status, 204);
    world.app.settle().await;

    let keys: Vec<Vec<(&str, String)>> = vec![
        vec![],
        vec![("x-appwrite-key", app.clone())],
        vec![("authorization", format!("Bearer {app}"))],
        vec![("authorization", "Basic x".to_owned()), ("x-appwrite-key", app.clone())],
        vec![("x-appwrite-key", app.clone()), ("x-appwrite-key", off.clone())],
        vec![("x-appwrite-key", off)],
        vec![("x-appwrite-key", ended)],
        vec![("x-appwrite-key", foreign_secret(1))],
        vec![("x-appwrite-key", format!("{app}x"))],
    ];
    let extras: &[&[(&str, &str)]] = &[
        &[],
        &[("x-appwrite-project", "shop")],
        &[("x-appwrite-project", "other")],
        &[("x-sdk-name", "Node.js")],
        &[("x-sdk-name", "unknown")],
        &[("origin", "https://a.example")],
        &[("sec-fetch-site", "none")],
        &[("x-http-method-override", "DELETE")],
        &[("x-rewrite-url", "/v1/health")],
        &[("x-original-url", "/v1/health")],
        &[("x_appwrite_key", "x")],
        &[("x-appwrite-dev-key", &app)],
    ];
    let targets =
        ["/v1/users", "/v1/users/1?a=b", "/v1/users/1?_method=DELETE", "/v1/Users", "/v1/users/", "/v1/no/such", "/v1/teams/%41", ""];
    let ways: &[(&str, &str, &str)] = &[
        ("caddy", "x-forwarded-method", "x-forwarded-uri"),
        ("nginx", "x-original-method", "x-original-uri"),
        ("ingress-nginx", "x-original-method", "x-original-url"),
        ("envoy", "", ""),
    ];
    let (mut yes, mut asked) = (0, 0);
    for key in &keys {
        for (extra, target, &(name, method, uri)) in each(extras, &targets, ways) {
            // From another network each time, since unknown keys are counted by network.
            asked += 1;
            let network = format!("203.0.{}.{}", asked / 250, asked % 250);
            let mut asker = client.without("x-appwrite-key").with("x-forwarded-for", &network);
            let mut path = format!("/v1/forward-auth/{name}/project=shop");
            if name == "envoy" {
                path.push_str(target);
            } else {
                let prefix = if name == "ingress-nginx" { "http://shop.example" } else { "" };
                asker = asker.also(method, "GET").also(uri, &format!("{prefix}{target}"));
            }
            for (name, value) in key {
                asker = asker.also(name, value);
            }
            for (name, value) in extra.iter() {
                asker = asker.also(name, value);
            }
            let (at_once, closer) = (asker.get(&path).await, asker.also("x.note", "1").get(&path).await);
            let told = |answer: &Answer| {
                let mut headers = answer.headers.clone();
                headers.remove("x-request-id");
                (answer.status, headers, answer.text.clone())
            };
            assert_eq!(told(&at_once), told(&closer), "{name} {target} {key:?} {extra:?}");
            yes += usize::from(at_once.status.is_success());
        }
    }
    assert!(yes > 50, "{yes} questions were answered with a yes");
    drop(world);
}

/// Every combination of three lists.
fn each<'a, A, B, C>(first: &'a [A], second: &'a [B], third: &'a [C]) -> impl Iterator<Item = (&'a A, &'a B, &'a C)> {
    first.iter().flat_map(move |one| second.iter().flat_map(move |two| third.iter().map(move |three| (one, two, three))))
}
