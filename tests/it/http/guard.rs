//! What an attacker learns: nothing. Guesses are turned away early, and what is absent looks like what is foreign.

use serde_json::json;

use super::{
    counting::{CountingStore, counted},
    world::{World, foreign_secret},
};

const KEYS: &str = "/v1/project/keys";

async fn asked(world: &World, counter: &CountingStore) -> Vec<&'static str> {
    world.app.settle().await;
    counter.calls()
}

#[tokio::test]
async fn a_damaged_key_is_refused_before_any_look_up() {
    let (world, owner, counter) = counted().await;
    let secret = owner.make_key("k", &["keys.read"]).await["secret"].as_str().unwrap().to_owned();
    let typo = format!("{}{}", &secret[..62], if secret.ends_with('0') { '1' } else { '0' });
    asked(&world, &counter).await;
    owner.holding(&typo).get(KEYS).await.refused(401, "user_unauthorized");
    owner.holding(&typo).get("/v1/ping").await.refused(401, "user_unauthorized");
    assert!(asked(&world, &counter).await.is_empty());
}

#[tokio::test]
async fn absent_and_foreign_keys_answer_alike_and_cost_the_same() {
    let (world, owner, counter) = counted().await;
    let foreign = owner.on("other").make_key("theirs", &["keys.read"]).await["secret"].as_str().unwrap().to_owned();
    let gone = owner.make_key("gone", &["keys.read"]).await["secret"].as_str().unwrap().to_owned();
    owner.delete("/v1/project/keys/gone").await.ok(204);
    asked(&world, &counter).await;
    let mut seen = Vec::new();
    for secret in [&foreign, &gone, &foreign_secret(1)] {
        let answer = owner.holding(secret).get(KEYS).await;
        let mut headers = answer.headers.clone();
        assert!(headers.remove("x-request-id").is_some(), "every request has an id of its own");
        seen.push((answer.text.clone(), answer.status, headers, asked(&world, &counter).await));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    assert_eq!(seen[0].3, ["project_and_key"]);
}

#[tokio::test]
async fn absent_and_foreign_key_ids_answer_alike_and_cost_the_same() {
    let (world, owner, counter) = counted().await;
    owner.on("other").make_key("theirs", &["keys.read"]).await;
    let body = json!({ "name": "n", "scopes": [] });
    asked(&world, &counter).await;
    for (method, path, body) in [
        ("GET", "", json!({})),
        ("PUT", "", body),
        ("DELETE", "", json!({})),
        ("POST", "/rotate", json!({})),
        ("PATCH", "/status", json!({ "enabled": true })),
        ("PATCH", "/status", json!({ "enabled": false })),
    ] {
        let mut seen = Vec::new();
        for id in ["theirs", "nobody"] {
            let answer = owner.json(method.parse().unwrap(), &format!("{KEYS}/{id}{path}"), body.clone()).await;
            seen.push((answer.text.clone(), answer.status, asked(&world, &counter).await));
        }
        assert_eq!(seen[0], seen[1], "{method} {path}");
        assert_eq!(seen[0].1.as_u16(), 404);
    }
}

#[tokio::test]
async fn a_burst_of_unknown_keys_is_throttled_whatever_it_asks_for() {
    let (world, owner, _) = counted().await;
    let good = owner.key("good", &["keys.read"]).await.at([203, 0, 113, 9]);
    good.get(KEYS).await.ok(200);
    for seed in 0..30 {
        good.with("x-appwrite-key", &foreign_secret(seed)).get(KEYS).await.refused(401, "user_unauthorized");
    }
    let guess = good.with("x-appwrite-key", &foreign_secret(99));
    guess.get(KEYS).await.refused(429, "general_rate_limit_exceeded");
    // A project that does not exist is no way around it, and neither is another route.
    guess.with("x-appwrite-project", "nowhere").get(KEYS).await.refused(429, "general_rate_limit_exceeded");
    guess.get("/v1/ping").await.refused(429, "general_rate_limit_exceeded");
    // No one else is locked out: not the good key of the same address, not people, not other addresses.
    good.get(KEYS).await.ok(200);
    owner.at([203, 0, 113, 9]).get(KEYS).await.ok(200);
    guess.at([203, 0, 113, 10]).get(KEYS).await.refused(401, "user_unauthorized");
    world.clock.advance_seconds(60);
    guess.get(KEYS).await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn a_dev_key_is_looked_up_where_it_can_lift_something_and_nowhere_else() {
    let (world, owner, counter) = counted().await;
    let key = owner.key("k", &["keys.read"]).await;
    let page = world.anonymous().with("origin", "http://localhost:5173").with("x-appwrite-dev-key", "guess");
    let page = page.with("x-appwrite-project", "shop");
    asked(&world, &counter).await;
    for path in ["/", "/v1/nothing", "/openapi.json", "/livez", "/v1/scopes/catalog"] {
        page.get(path).await;
        assert_eq!(asked(&world, &counter).await, [""; 0], "{path}");
    }
    page.send(axum::http::Method::OPTIONS, "/v1/ping", None, b"").await;
    page.without("x-appwrite-project").get("/v1/ping").await;
    page.with("x-appwrite-dev-key", &foreign_secret(1)).get("/v1/ping").await;
    assert_eq!(asked(&world, &counter).await, [""; 0]);
    key.with("x-appwrite-dev-key", "guess").get(KEYS).await.ok(200);
    assert!(!asked(&world, &counter).await.contains(&"dev_key_by_secret"));
    page.get("/v1/ping").await.refused(403, "general_unknown_origin");
    assert_eq!(asked(&world, &counter).await, ["dev_key_by_secret"]);
}

#[tokio::test]
async fn guesses_of_projects_count_as_guesses_of_keys() {
    let (_world, owner, _) = counted().await;
    for seed in 0..30 {
        owner.holding(&foreign_secret(seed)).with("x-appwrite-project", "nowhere").get(KEYS).await.refused(404, "project_not_found");
    }
    owner.holding(&foreign_secret(99)).get(KEYS).await.refused(429, "general_rate_limit_exceeded");
}

#[tokio::test]
async fn a_denial_names_the_scope_and_whether_a_key_can_hold_it() {
    let (_world, owner, _) = counted().await;
    let key = owner.key("none", &[]).await;
    let message = key.get(KEYS).await.refused(401, "general_unauthorized_scope");
    assert!(message.contains("[\"keys.read\"]") && message.contains("Grant this scope to the key"), "{message}");
    let message = key.patch("/v1/project/policy", json!({})).await.refused(401, "general_unauthorized_scope");
    assert!(message.contains("[\"account\"]") && message.contains("No API key can hold it"), "{message}");
}
