//! Every text that a caller can send, with a zero or another control character in it: both stores answer alike, and neither fails.

use axum::http::Method;
use scopewise::server::store;
use serde_json::{Value, json};

use super::world::{Client, World};
use crate::postgres::Database;

const NASTY: &[&str] = &["\0", "a\0b", "a\u{1}b", "a\nb", "a\u{7f}b", "a\u{85}b"];

/// Whatever fits, but no failure.
const ANY: u16 = 0;

/// A method, a path and a body; `{}` is where the text goes; and the status.
fn cases() -> Vec<(Method, &'static str, Value, u16)> {
    let key = |id: &str, name: &str, scope: &str, expire: Value| json!({ "keyId": id, "name": name, "scopes": [scope], "expire": expire });
    let soon = "2026-08-22T12:00:00.000+00:00";
    vec![
        // Names, ids, scopes and dates in bodies.
        (Method::POST, "/v1/project/keys", key("unique()", "{}", "rows.read", Value::Null), 400),
        (Method::POST, "/v1/project/keys", key("{}", "N", "rows.read", Value::Null), 400),
        (Method::POST, "/v1/project/keys", key("unique()", "N", "{}", Value::Null), 400),
        (Method::POST, "/v1/project/keys", key("unique()", "N", "rows.read", json!("{}")), 400),
        (Method::PUT, "/v1/project/keys/k", key("k", "{}", "rows.read", Value::Null), 400),
        (Method::PUT, "/v1/project/keys/k", key("k", "N", "{}", Value::Null), 400),
        (Method::POST, "/v1/project/keys/ephemeral", json!({ "scopes": ["{}"], "duration": 60 }), 400),
        (Method::POST, "/v1/organization/projects", json!({ "projectId": "unique()", "name": "{}" }), 400),
        (Method::POST, "/v1/organization/projects", json!({ "projectId": "{}", "name": "N" }), 400),
        (Method::PATCH, "/v1/organization/projects/shop", json!({ "name": "{}" }), 400),
        (Method::POST, "/v1/projects/shop/dev-keys", json!({ "name": "{}", "expire": soon }), 400),
        (Method::POST, "/v1/projects/shop/dev-keys", json!({ "name": "N", "expire": "{}" }), 400),
        (Method::PATCH, "/v1/project/policy", json!({ "keyCreation": "{}" }), 400),
        (Method::POST, "/v1/keys/verify", json!({ "key": "{}" }), ANY),
        (Method::POST, "/v1/keys/verify", json!({ "key": "x", "scopes": ["{}"] }), 400),
        (Method::POST, "/v1/keys/verify", json!({ "key": "x", "operation": "{}" }), 400),
        (Method::POST, "/v1/scopes/check", json!({ "scopes": ["{}"] }), ANY),
        (Method::POST, "/v1/setup", json!({ "token": "{}", "email": "{}", "password": "{}", "name": "{}" }), ANY),
        // Ids in paths.
        (Method::GET, "/v1/project/keys/{}", Value::Null, 404),
        (Method::PUT, "/v1/project/keys/{}", key("k", "N", "rows.read", Value::Null), 404),
        (Method::DELETE, "/v1/project/keys/{}", Value::Null, 404),
        (Method::POST, "/v1/project/keys/{}/rotate", json!({ "overlapSeconds": 0 }), 404),
        (Method::PATCH, "/v1/project/keys/{}/status", json!({ "enabled": true }), 404),
        (Method::GET, "/v1/organization/projects/{}", Value::Null, 404),
        (Method::PATCH, "/v1/organization/projects/{}", json!({ "name": "N" }), 404),
        (Method::DELETE, "/v1/organization/projects/{}", Value::Null, 404),
        (Method::GET, "/v1/projects/shop/dev-keys/{}", Value::Null, 404),
        (Method::PUT, "/v1/projects/shop/dev-keys/{}", json!({ "name": "N", "expire": soon }), 404),
        (Method::DELETE, "/v1/projects/shop/dev-keys/{}", Value::Null, 404),
        (Method::GET, "/v1/projects/{}/dev-keys", Value::Null, 401),
        (Method::GET, "/v1/account/sessions/{}", Value::Null, 404),
        (Method::DELETE, "/v1/account/sessions/{}", Value::Null, 404),
        // Queries.
        (Method::GET, "/v1/project/keys?queries[]={equal}", Value::Null, ANY),
        (Method::GET, "/v1/project/keys?queries[]={startsWith}", Value::Null, ANY),
        (Method::GET, "/v1/project/keys?queries[]={cursorAfter}", Value::Null, 400),
        (Method::GET, "/v1/project/keys?queries[]={}", Value::Null, 400),
        (Method::GET, "/v1/project/audit?cursor={}", Value::Null, ANY),
        (Method::GET, "/v1/ping?project={}", Value::Null, ANY),
    ]
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn query(method: &str, text: &str) -> String {
    let attribute = if method.starts_with("cursor") { Value::Null } else { json!("name") };
    encoded(&json!({ "method": method, "attribute": attribute, "values": [text] }).to_string())
}

fn filled(body: &Value, text: &str) -> Value {
    match body {
        Value::String(here) => json!(here.replace("{}", text)),
        Value::Array(list) => list.iter().map(|value| filled(value, text)).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), filled(value, text))).collect(),
        other => other.clone(),
    }
}

async fn answers(world: &World, owner: &Client) -> Vec<(String, u16, String, u16)> {
    owner.make_key("k", &["rows.read"]).await;
    let mut answers = Vec::new();
    for text in NASTY {
        for (method, path, body, expected) in cases() {
            let mut path = path.replace("{}", &encoded(text));
            for query_method in ["equal", "startsWith", "cursorAfter"] {
                path = path.replace(&format!("{{{query_method}}}"), &query(query_method, text));
            }
            let client = if path.contains("/ping") { &world.anonymous() } else { owner };
            let answer = match method {
                Method::GET | Method::DELETE => client.send(method.clone(), &path, None, b"").await,
                _ => client.json(method.clone(), &path, filled(&body, text)).await,
            };
            let kind = answer.body["type"].as_str().unwrap_or_default().to_owned();
            answers.push((format!("{method} {path} {body}"), answer.status.as_u16(), kind, expected));
        }
        // A sign-in has no identity yet.
        for (email, password) in [(*text, "correct horse"), ("ada@example.com", *text)] {
            world.clock.advance_seconds(3600);
            let body = json!({ "email": email, "password": password });
            let answer = world.anonymous().post("/v1/account/sessions/email", body).await;
            let kind = answer.body["type"].as_str().unwrap_or_default().to_owned();
            answers.push((format!("signs in {text:?}"), answer.status.as_u16(), kind, ANY));
        }
        world.clock.advance_seconds(-7200);
    }
    world.app.settle().await;
    answers
}

#[tokio::test]
async fn a_text_with_a_control_character_is_answered_alike_by_both_stores() {
    let (world, owner) = World::ready().await;
    let on_sqlite = answers(&world, &owner).await;
    for (asked, status, kind, expected) in &on_sqlite {
        assert!(*status < 500 && (*expected == ANY || status == expected), "{asked}: {status} {kind}");
    }
    let Some(database) = Database::new().await else { return };
    let store = store::open(&database.url().parse().unwrap()).await.unwrap();
    let world = World::with_store(|_| store);
    let owner = world.set_up().await;
    owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop" })).await.ok(201);
    let on_postgres = answers(&world, &owner.on("shop")).await;
    for (sqlite, postgres) in on_sqlite.iter().zip(&on_postgres) {
        assert_eq!(sqlite, postgres);
    }
    assert_eq!(on_sqlite.len(), on_postgres.len());
}
