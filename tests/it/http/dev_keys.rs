//! Dev keys (contract §1.2, §7): made by people alone, they lift the check of origins for pages in development, and open nothing.

use axum::http::Method;
use pretty_assertions::assert_eq;
use scopewise::{
    key::{Secret, SecretKind},
    scope::DateTime,
};
use serde_json::{Value, json};

use super::world::{Client, World, foreign_secret};

const DEV_KEYS: &str = "/v1/projects/shop/dev-keys";

fn in_days(world: &World, days: i64) -> DateTime {
    world.now().plus_seconds(days * 86_400)
}

async fn make(world: &World, owner: &Client, name: &str) -> Value {
    owner.post(DEV_KEYS, json!({ "name": name, "expire": in_days(world, 7) })).await.ok(201)
}

/// A page of another origin that names the project and carries a dev key.
fn page(world: &World, secret: &str) -> Client {
    let client = world.anonymous().with("origin", "http://localhost:5173").with("sec-fetch-site", "same-site");
    client.with("x-appwrite-project", "shop").with("x-appwrite-dev-key", secret)
}

#[tokio::test]
async fn a_person_makes_reads_changes_and_deletes_dev_keys() {
    let (world, owner) = World::ready().await;
    let made = make(&world, &owner, "Laptop").await;
    let (id, secret) = (made["$id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert!(Secret::parse(secret).is_ok_and(|own| own.kind() == SecretKind::Dev), "{secret}");
    assert_eq!((&made["name"], &made["expire"], &made["sdks"]), (&json!("Laptop"), &json!(in_days(&world, 7)), &json!([])));
    let path = format!("{DEV_KEYS}/{id}");
    let read = owner.get(&path).await.ok(200);
    assert!(!read["secret"].as_str().unwrap().contains(&secret[20..40]) && read["secret"].as_str().unwrap().contains('…'));
    make(&world, &owner, "Desktop").await;
    let list = owner.get(&format!("{DEV_KEYS}?queries[0]=%7B%22method%22:%22limit%22,%22values%22:[1]%7D")).await.ok(200);
    assert_eq!((&list["total"], list["devKeys"].as_array().unwrap().len(), &list["devKeys"][0]), (&json!(2), 1, &read));
    let changed = owner.put(&path, json!({ "name": "Phone", "expire": in_days(&world, 30) })).await.ok(200);
    assert_eq!((&changed["name"], &changed["expire"]), (&json!("Phone"), &json!(in_days(&world, 30))));
    owner.delete(&path).await.ok(204);
    for answer in
        [owner.get(&path).await, owner.delete(&path).await, owner.put(&path, json!({ "name": "x", "expire": in_days(&world, 1) })).await]
    {
        answer.refused(404, "key_not_found");
    }
    let actions: Vec<Value> =
        owner.get("/v1/project/audit").await.ok(200)["entries"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    assert_eq!(actions[..4], [json!("dev-key.delete"), json!("dev-key.update"), json!("dev-key.create"), json!("dev-key.create")]);
    assert!(!world.database_bytes().windows(secret.len()).any(|window| window == secret.as_bytes()), "the database holds the secret");
}

#[tokio::test]
async fn a_dev_key_that_has_changed_since_it_was_read_is_not_changed() {
    let (world, owner) = World::ready().await;
    let body = |name: &str, days| json!({ "name": name, "expire": in_days(&world, days) });
    let made = owner.post(DEV_KEYS, body("Laptop", 7)).await;
    let first = made.header("etag").to_owned();
    let path = format!("{DEV_KEYS}/{}", made.ok(201)["$id"].as_str().unwrap());
    assert_eq!(owner.get(&path).await.header("etag"), first);
    let changed = owner.with("if-match", &first).put(&path, body("Phone", 7)).await;
    let second = changed.header("etag").to_owned();
    changed.ok(200);
    assert!(first != second && !second.is_empty());
    owner.with("if-match", &first).put(&path, body("Desktop", 30)).await.refused(412, "general_precondition_failed");
    owner.with("if-match", &first).delete(&path).await.refused(412, "general_precondition_failed");
    let read = owner.get(&path).await;
    assert_eq!((read.header("etag"), &read.body["name"]), (second.as_str(), &json!("Phone")));
    owner.with("if-match", &second).put(&path, body("Desktop", 30)).await.ok(200);
}

#[tokio::test]
async fn a_dev_key_has_a_limited_life() {
    let (world, owner) = World::ready().await;
    let body = |expire: Value| json!({ "name": "n", "expire": expire });
    for expire in [Value::Null, json!(""), json!("soon"), json!("2020-01-01"), json!(world.now()), json!(in_days(&world, 31)), json!(5)] {
        owner.post(DEV_KEYS, body(expire)).await.refused(400, "general_argument_invalid");
    }
    for name in [json!(""), json!("x".repeat(129)), json!(1), Value::Null] {
        owner.post(DEV_KEYS, json!({ "name": name, "expire": in_days(&world, 1) })).await.refused(400, "general_argument_invalid");
    }
    assert_eq!(owner.get(DEV_KEYS).await.ok(200)["total"], 0);
}

#[tokio::test]
async fn no_api_key_manages_dev_keys() {
    let (world, owner) = World::ready().await;
    let key = owner.key("all", &["keys.read", "keys.write", "project.read", "project.write"]).await;
    key.get(DEV_KEYS).await.refused(401, "general_unauthorized_scope");
    key.post(DEV_KEYS, json!({ "name": "n", "expire": in_days(&world, 1) })).await.refused(401, "general_unauthorized_scope");
    // Nor can any be given the scope.
    owner
        .post("/v1/project/keys", json!({ "keyId": "d", "name": "d", "scopes": ["devKeys.write"] }))
        .await
        .refused(400, "general_argument_invalid");
}

#[tokio::test]
async fn a_dev_key_lets_a_page_of_another_origin_ask() {
    let (world, owner) = World::ready().await;
    let secret = make(&world, &owner, "Laptop").await["secret"].as_str().unwrap().to_owned();
    let page = page(&world, &secret);
    let stranger = page.without("x-appwrite-dev-key");
    stranger.get("/v1/ping").await.refused(403, "general_unknown_origin");
    let answer = page.get("/v1/ping").await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, "http://localhost:5173"));
    assert_eq!(stranger.get("/v1/ping").await.header("access-control-allow-origin"), "");
    let preflight =
        stranger.with("access-control-request-headers", "x-appwrite-dev-key").send(Method::OPTIONS, "/v1/ping", None, b"").await;
    assert_eq!(preflight.header("access-control-allow-origin"), "http://localhost:5173");
    assert!(preflight.header("access-control-allow-headers").contains("X-Appwrite-Dev-Key"));
    // Its use is recorded, with the SDK.
    page.with("x-sdk-name", "Web").get("/v1/ping").await.ok(200);
    world.app.settle().await;
    let key = &owner.get(DEV_KEYS).await.ok(200)["devKeys"][0];
    assert_eq!((&key["accessedAt"], &key["sdks"]), (&json!(world.now()), &json!(["web"])));
}

#[tokio::test]
async fn a_dev_key_that_is_expired_deleted_or_of_another_project_lifts_nothing() {
    let (world, owner) = World::ready().await;
    let made = make(&world, &owner, "Laptop").await;
    let page = page(&world, made["secret"].as_str().unwrap());
    page.get("/v1/ping").await.ok(200);
    page.with("x-appwrite-project", "other").get("/v1/ping").await.refused(403, "general_unknown_origin");
    page.without("x-appwrite-project").get("/v1/account").await.refused(403, "general_unknown_origin");
    page.with("x-appwrite-dev-key", "anything").get("/v1/ping").await.refused(403, "general_unknown_origin");
    world.clock.advance_seconds(7 * 86_400);
    page.get("/v1/ping").await.refused(403, "general_unknown_origin");
    world.clock.advance_seconds(-86_400);
    page.get("/v1/ping").await.ok(200);
    owner.delete(&format!("{DEV_KEYS}/{}", made["$id"].as_str().unwrap())).await.ok(204);
    page.get("/v1/ping").await.refused(403, "general_unknown_origin");
}

#[tokio::test]
async fn a_dev_key_opens_nothing_that_a_guest_could_not() {
    let (world, owner) = World::ready().await;
    let secret = make(&world, &owner, "Laptop").await["secret"].as_str().unwrap().to_owned();
    let page = page(&world, &secret);
    for path in ["/v1/project/keys", "/v1/project", "/v1/projects/shop/dev-keys", "/v1/project/audit", "/v1/organization/projects"] {
        let message = page.get(path).await.refused(401, "general_unauthorized_scope");
        assert!(message.contains("(role: guests)"), "{message}");
    }
    // A page of another origin does not act as the person who is signed in, whatever cookie the browser adds.
    let cookie = owner.with("origin", "http://localhost:5173").with("sec-fetch-site", "same-site").with("x-appwrite-dev-key", &secret);
    cookie.get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
    // The console itself goes on as before.
    owner.with("x-appwrite-dev-key", &secret).get("/v1/project/keys").await.ok(200);
    // And an API key that comes from a browser stays refused.
    let key = owner.key("k", &["keys.read"]).await;
    key.with("sec-fetch-site", "cross-site")
        .with("x-appwrite-dev-key", &secret)
        .get("/v1/project/keys")
        .await
        .refused(401, "project_key_in_browser");
}

#[tokio::test]
async fn an_api_key_sent_as_a_dev_key_is_refused_with_the_reason() {
    let (world, owner) = World::ready().await;
    let own = owner.make_key("k", &["keys.read"]).await["secret"].as_str().unwrap().to_owned();
    for secret in [own.as_str(), &foreign_secret(1), "ephemeral_a.b.c", "organization_abc"] {
        for client in [page(&world, secret), owner.with("x-appwrite-dev-key", secret)] {
            let message = client.get("/v1/ping").await.refused(401, "user_unauthorized");
            assert!(message.contains("An API key was sent as a dev key") && message.contains("X-Appwrite-Key"), "{message}");
            assert!(!message.contains(secret));
        }
    }
    // What is open to everybody stays open.
    page(&world, &own).post("/v1/scopes/reach", json!({ "scopes": [] })).await.ok(200);
}
