//! Widgets: key managers in pages of other programs, with a token that the server of the page has created.

use scopewise::{
    scope::{Catalog, Scope, Tier},
    server::http::{ROUTES, Route},
};
use serde_json::{Value, json};

use super::world::{Client, World};

const TOKENS: &str = "/v1/project/widget-tokens";
const WIDGET: &str = "/v1/widget";
const KEYS: &str = "/v1/widget/keys";
const PAGE: &str = "https://app.example.com";

/// What the tests ask for unless they say otherwise.
fn everything(scopes: &[&str]) -> Value {
    json!({ "scopes": scopes, "duration": 900, "mayCreate": true, "mayRotate": true, "mayRevoke": true })
}

fn with(mut asked: Value, more: Value) -> Value {
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    asked
}

/// A page of another origin with a token that this client creates.
async fn page(client: &Client, asked: Value) -> Client {
    let made = client.post(TOKENS, asked).await.ok(201);
    browser(&client.holding(made["secret"].as_str().unwrap()))
}

/// As a browser sends it for a page of another origin.
fn browser(client: &Client) -> Client {
    client.without("cookie").with("origin", PAGE).with("sec-fetch-site", "cross-site").with("sec-fetch-dest", "empty")
}

async fn names(page: &Client) -> Vec<String> {
    let list = page.get(KEYS).await.ok(200);
    list["keys"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_token_says_what_it_allows_and_nothing_of_it_is_stored() {
    let (world, owner) = World::ready().await;
    let asked = with(everything(&["rows.read", "files.read"]), json!({ "mayRevoke": false, "origins": [PAGE.to_uppercase()] }));
    let made = owner.post(TOKENS, asked).await.ok(201);
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("widget_eyJ"), "{secret}");
    let expected = json!({
        "$id": made["$id"], "$createdAt": "2026-08-21T12:00:00.000+00:00", "expire": "2026-08-21T12:15:00.000+00:00", "projectId": "shop",
        "scopes": ["rows.read", "files.read"], "mayCreate": true, "mayRotate": true, "mayRevoke": false, "keyExpire": "", "origins": [PAGE],
        "secret": secret,
    });
    assert_eq!(made, expected);
    let widget = browser(&owner.holding(secret)).get(WIDGET).await.ok(200);
    assert_eq!(widget["token"], with(expected, json!({ "secret": "" })));
    assert_eq!((&widget["projectName"], &widget["policy"]["keyCreation"]), (&json!("Shop"), &json!("subset")));
    let signature = secret.rsplit('.').next().unwrap().as_bytes();
    assert!(!world.database_bytes().windows(signature.len()).any(|window| window == signature));
}

#[tokio::test]
async fn a_page_creates_rotates_and_deletes_keys_within_its_ceiling() {
    let (_world, owner) = World::ready().await;
    let page = page(&owner, everything(&["rows.read", "keys.read"])).await;
    let made = page.post(KEYS, json!({ "name": "Cron", "scopes": ["keys.read"], "expire": "2027-01-01" })).await.ok(201);
    let (id, secret) = (made["$id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert_eq!(made["status"], "active");
    owner.holding(secret).get("/v1/project/keys").await.ok(200);
    // Its list has hints, not secrets.
    let list = page.get(KEYS).await.ok(200);
    assert_eq!((&list["keys"][0]["$id"], list["nextCursor"].as_str()), (&json!(id), Some("")));
    assert!(list["keys"][0]["secret"].as_str().unwrap().len() < secret.len());
    let rotated = page.post(&format!("{KEYS}/{id}/rotate"), json!({ "overlapSeconds": 0 })).await.ok(200);
    owner.holding(secret).get("/v1/project/keys").await.refused(401, "user_unauthorized");
    owner.holding(rotated["secret"].as_str().unwrap()).get("/v1/project/keys").await.ok(200);
    page.delete(&format!("{KEYS}/{id}")).await.ok(204);
    page.delete(&format!("{KEYS}/{id}")).await.refused(404, "key_not_found");
    assert!(names(&page).await.is_empty());
}

#[tokio::test]
async fn beyond_its_ceiling_a_page_creates_nothing_and_sees_nothing_whatever_the_policy() {
    let (_world, owner) = World::ready().await;
    for (id, scopes) in [("narrow", &["rows.read"][..]), ("wide", &["rows.read", "users.write"]), ("other", &["keys.write"]), ("none", &[])]
    {
        owner.make_key(id, scopes).await;
    }
    for policy in ["any", "subset"] {
        owner.patch("/v1/project/policy", json!({ "keyCreation": policy })).await.ok(200);
        let page = page(&owner, everything(&["rows.read"])).await;
        let refused = page.post(KEYS, json!({ "name": "x", "scopes": ["rows.read", "users.write"] })).await;
        let message = refused.refused(400, "general_argument_invalid");
        assert!(message.contains("`users.write`"), "{message}");
        assert_eq!(names(&page).await, ["none", "narrow"]);
        for hidden in ["wide", "other"] {
            page.post(&format!("{KEYS}/{hidden}/rotate"), json!({})).await.refused(404, "key_not_found");
            page.delete(&format!("{KEYS}/{hidden}")).await.refused(404, "key_not_found");
        }
    }
    let page = page(&owner, everything(&["rows.read"])).await;
    owner.patch("/v1/project/policy", json!({ "keyCreation": "denied" })).await.ok(200);
    page.post(KEYS, json!({ "name": "x", "scopes": ["rows.read"] })).await.refused(403, "key_creation_denied");
}

#[tokio::test]
async fn a_page_does_only_what_its_token_lets_it_do() {
    let (world, owner) = World::ready().await;
    owner.make_key("k", &["rows.read"]).await;
    let page = page(&owner, json!({ "scopes": ["rows.read"], "duration": 60 })).await;
    assert_eq!(names(&page).await, ["k"]);
    let refusals = [
        page.post(KEYS, json!({ "name": "x", "scopes": [] })).await,
        page.post(&format!("{KEYS}/k/rotate"), json!({})).await,
        page.delete(&format!("{KEYS}/k")).await,
    ];
    for (refused, right) in refusals.into_iter().zip(["mayCreate", "mayRotate", "mayRevoke"]) {
        let message = refused.refused(403, "widget_denied");
        assert!(message.contains(&format!("`{right}`")), "{message}");
    }
    world.app.settle().await;
    let log = owner.get("/v1/project/audit").await.ok(200);
    let refused = log["entries"].as_array().unwrap().iter().filter(|entry| entry["outcome"] == "refused");
    let lines: Vec<String> =
        refused.map(|entry| format!("{} {}", entry["actorType"].as_str().unwrap(), entry["action"].as_str().unwrap())).collect();
    assert_eq!(lines, ["widget-token key.delete", "widget-token key.rotate", "widget-token key.create"]);
}

#[tokio::test]
async fn a_widget_token_opens_its_own_routes_and_no_others() {
    let (_world, owner) = World::ready().await;
    let is_of_projects = |scope: &&Scope| scope.tiers.contains(&Tier::Project) && !scope.deprecated;
    let all: Vec<&str> = Catalog::appwrite().scopes().iter().filter(is_of_projects).map(|scope| scope.id.as_str()).collect();
    let page = page(&owner, everything(&all)).await;
    let call = async |client: &Client, route: &Route, path: &str| {
        let path = path.replace("{projectId}", "shop").replace("{keyId}", "target").replace("{sessionId}", "current");
        client.json(route.method.clone(), &path, json!({})).await
    };
    let (mut refused, mut opened) = (0, 0);
    for route in ROUTES.iter().filter(|route| !route.open) {
        for path in route.paths {
            if route.operation.starts_with("widget.") {
                assert_ne!(call(&page, route, path).await.status, 401, "{path}");
                call(&owner, route, path).await.refused(401, "general_unauthorized_scope");
                opened += 1;
            } else {
                let status = call(&page, route, path).await.status;
                assert!(matches!(status.as_u16(), 401 | 403), "{} {path}: {status}", route.method);
                refused += 1;
            }
        }
    }
    assert!(opened == 5 && refused > 50, "{opened} {refused}");
}

#[tokio::test]
async fn a_widget_token_is_no_key_for_services_and_gateways() {
    let (_world, owner) = World::ready().await;
    let made = owner.post(TOKENS, everything(&["rows.read"])).await.ok(201);
    let secret = made["secret"].as_str().unwrap();
    let verified = owner.post("/v1/keys/verify", json!({ "key": secret, "scopes": ["rows.read"] })).await.ok(200);
    assert_eq!((&verified["valid"], &verified["code"]), (&json!(false), &json!("unknown")));
    let asked = owner.without("cookie").holding(secret).get("/v1/keys/forward-auth?scope=rows.read").await;
    assert!(asked.status == 401 || asked.status == 403, "{}", asked.status);
}

#[tokio::test]
async fn a_key_hands_a_page_only_what_the_policy_lets_it_hand_out() {
    let (world, owner) = World::ready().await;
    let body = json!({ "keyId": "backend", "name": "b", "scopes": ["keys.write", "rows.read"], "expire": "2026-08-21T12:10:00Z" });
    let made = owner.post("/v1/project/keys", body).await.ok(201);
    let backend = owner.holding(made["secret"].as_str().unwrap());
    // With `any`, a key with `keys.write` may create any key, and so may its pages.
    backend.post(TOKENS, everything(&["users.write"])).await.ok(201);
    owner.patch("/v1/project/policy", json!({ "keyCreation": "subset" })).await.ok(200);
    backend.post(TOKENS, everything(&["users.write"])).await.refused(400, "general_argument_invalid");
    let message = backend.post(TOKENS, everything(&["rows.read"])).await.refused(400, "general_argument_invalid");
    assert!(message.contains("`duration`"), "{message}");
    let short = with(everything(&["rows.read"]), json!({ "duration": 60 }));
    let message =
        backend.post(TOKENS, with(short.clone(), json!({ "keyExpire": "2026-08-22" }))).await.refused(400, "general_argument_invalid");
    assert!(message.contains("`keyExpire`"), "{message}");
    // Without a date, keys live no longer than the key that created the token.
    let page = page(&backend, short.clone()).await;
    page.post(KEYS, json!({ "name": "x", "scopes": ["rows.read"] })).await.refused(400, "general_argument_invalid");
    page.post(KEYS, json!({ "name": "x", "scopes": ["rows.read"], "expire": "2026-08-21T12:10:00Z" })).await.ok(201);
    owner.patch("/v1/project/policy", json!({ "keyCreation": "denied" })).await.ok(200);
    backend.post(TOKENS, short.clone()).await.refused(403, "key_creation_denied");
    backend.post(TOKENS, with(short, json!({ "mayCreate": false }))).await.ok(201);
    world.app.settle().await;
}

#[tokio::test]
async fn a_page_grants_no_later_expiry_than_its_token_says() {
    let (_world, owner) = World::ready().await;
    let page = page(&owner, with(everything(&["rows.read"]), json!({ "keyExpire": "2026-12-01T00:00:00Z" }))).await;
    for expire in [Value::Null, json!("2026-12-02T00:00:00Z")] {
        let refused = page.post(KEYS, json!({ "name": "x", "scopes": ["rows.read"], "expire": expire })).await;
        assert!(refused.refused(400, "general_argument_invalid").contains("`expire`"));
    }
    let made = page.post(KEYS, json!({ "name": "x", "scopes": ["rows.read"], "expire": "2026-11-30T00:00:00Z" })).await.ok(201);
    let rotate = format!("{KEYS}/{}/rotate", made["$id"].as_str().unwrap());
    page.post(&rotate, json!({ "expire": "2027-01-01T00:00:00Z" })).await.refused(400, "general_argument_invalid");
    page.post(&rotate, json!({ "expire": "2026-12-01T00:00:00Z" })).await.ok(200);
    // A key that lives longer is seen, but its secret is out of reach.
    owner.make_key("long", &["rows.read"]).await;
    assert_eq!(names(&page).await, ["long", "x"]);
    page.post(&format!("{KEYS}/long/rotate"), json!({})).await.refused(403, "key_creation_denied");
}

#[tokio::test]
async fn a_token_ends_by_time_by_id_or_with_all_others() {
    let (world, owner) = World::ready().await;
    let ended = |answer: super::world::Answer| {
        let message = answer.refused(401, "general_unauthorized_scope");
        assert!(message.contains(TOKENS), "{message}");
    };
    let short = page(&owner, with(everything(&["rows.read"]), json!({ "duration": 60 }))).await;
    let made = owner.post(TOKENS, everything(&["rows.read"])).await.ok(201);
    let (by_id, others) = (browser(&owner.holding(made["secret"].as_str().unwrap())), page(&owner, everything(&["rows.read"])).await);
    world.clock.advance_seconds(60);
    ended(short.get(KEYS).await);
    by_id.get(KEYS).await.ok(200);
    owner.delete(&format!("/v1/project/ephemeral-keys/{}", made["$id"].as_str().unwrap())).await.ok(204);
    ended(by_id.get(KEYS).await);
    others.get(KEYS).await.ok(200);
    owner.post("/v1/project/signing-key/rotate", json!({})).await.ok(204);
    ended(others.get(KEYS).await);
}

#[tokio::test]
async fn pages_of_any_origin_or_of_those_that_the_token_lists_may_send_it() {
    let (_world, owner) = World::ready().await;
    let anywhere = page(&owner, everything(&["rows.read"])).await;
    anywhere.get(KEYS).await.ok(200);
    let listed = page(&owner, with(everything(&["rows.read"]), json!({ "origins": ["http://localhost:3000", PAGE] }))).await;
    let answer = listed.get(KEYS).await;
    assert_eq!((answer.header("access-control-allow-origin"), answer.header("access-control-allow-methods")), ("*", "GET, POST, DELETE"));
    answer.ok(200);
    for other in ["https://evil.example", "https://app.example.com.evil.example", "http://app.example.com", "null"] {
        let refused = listed.with("origin", other).get(KEYS).await;
        // The page can read why.
        assert_eq!(refused.header("access-control-allow-origin"), "*");
        let message = refused.refused(403, "general_unknown_origin");
        assert!(message.contains("`origins`"), "{message}");
    }
    for bad in ["app.example.com", "https://app.example.com/", "https://", "https://a b", "ftp://a", "https://a?b", "*"] {
        let refused = owner.post(TOKENS, with(everything(&["rows.read"]), json!({ "origins": [bad] }))).await;
        assert!(refused.refused(400, "general_argument_invalid").contains("`origins`"), "{bad}");
    }
    // The console session of a person counts for nothing there.
    owner.with("origin", PAGE).get(KEYS).await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_list_goes_through_all_keys_that_the_token_covers_and_only_those() {
    let (_world, owner) = World::ready().await;
    for number in 0..60 {
        owner.make_key(&format!("in{number}"), &["rows.read"]).await;
        if number % 2 == 0 {
            owner.make_key(&format!("out{number}"), &["users.read"]).await;
        }
    }
    let page = page(&owner, everything(&["rows.read"])).await;
    let (mut found, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let query = if cursor.is_empty() { String::new() } else { format!("?cursor={cursor}") };
        let list = page.get(&format!("{KEYS}{query}")).await.ok(200);
        found.extend(list["keys"].as_array().unwrap().iter().map(|key| key["$id"].as_str().unwrap().to_owned()));
        list["nextCursor"].as_str().unwrap().clone_into(&mut cursor);
        pages += 1;
        if cursor.is_empty() {
            break;
        }
    }
    let expected: Vec<String> = (0..60).rev().map(|number| format!("in{number}")).collect();
    assert_eq!(found, expected);
    assert!(pages <= 4, "{pages}");
}

#[tokio::test]
async fn what_a_page_does_is_in_the_audit_log_under_its_token() {
    let (world, owner) = World::ready().await;
    let backend = owner.key("backend", &["keys.write"]).await;
    let made = backend.post(TOKENS, everything(&["rows.read"])).await.ok(201);
    let page = browser(&owner.holding(made["secret"].as_str().unwrap()));
    let key = page.post(KEYS, json!({ "name": "Cron", "scopes": ["rows.read"] })).await.ok(201);
    page.delete(&format!("{KEYS}/{}", key["$id"].as_str().unwrap())).await.ok(204);
    world.app.settle().await;
    let log = owner.get("/v1/project/audit").await.ok(200);
    let line = |entry: &Value| {
        let text = |name: &str| entry[name].as_str().unwrap().to_owned();
        format!("{} {} {} {}", text("actorType"), text("actorName"), text("action"), text("targetId"))
    };
    let lines: Vec<String> = log["entries"].as_array().unwrap().iter().take(3).map(line).collect();
    let (token, key) = (made["$id"].as_str().unwrap(), key["$id"].as_str().unwrap());
    let expected = [
        format!("widget-token key backend key.delete {key}"),
        format!("widget-token key backend key.create {key}"),
        format!("key backend widget-token.create {token}"),
    ];
    assert_eq!(lines, expected);
}
