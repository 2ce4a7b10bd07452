//! What the SDKs of today send and read beyond what the first ones did.

use axum::http::Method;
use scopewise::scope::{Catalog, Tier};
use serde_json::{Value, json};

use super::world::World;

const KEYS: &str = "/v1/project/keys";

#[tokio::test]
async fn a_text_that_is_plainly_not_a_key_is_refused_with_what_it_is() {
    let (_world, owner) = World::ready().await;
    let secret = owner.make_key("k", &["keys.read"]).await["secret"].as_str().unwrap().to_owned();
    for (sent, word) in [
        (format!("\"{secret}\""), "quotes"),
        (format!("'{secret}'"), "quotes"),
        (format!("Bearer {secret}"), "`Bearer`"),
        ("$APPWRITE_API_KEY".to_owned(), "placeholder"),
        ("${APPWRITE_API_KEY}".to_owned(), "placeholder"),
        ("<YOUR_API_KEY>".to_owned(), "placeholder"),
        ("undefined".to_owned(), "is not set"),
    ] {
        let message = owner.holding(&sent).get(KEYS).await.refused(401, "user_unauthorized");
        assert!(message.contains(word) && !message.contains(&secret), "{sent}: {message}");
        let verifier = owner.holding(&secret);
        let verified = verifier.post("/v1/keys/verify", json!({ "key": sent })).await.ok(200);
        assert!(verified["valid"] == false && verified["message"].as_str().unwrap().contains(word), "{sent}: {verified}");
    }
    owner.holding(&secret).get(KEYS).await.ok(200);
}

#[tokio::test]
async fn the_keys_of_a_project_have_a_path_below_its_organization() {
    let (_world, owner) = World::ready().await;
    let keys = "/v1/organization/projects/shop/keys";
    let manager = owner.key("manager", &["keys.read", "keys.write"]).await;
    for client in [&owner, &manager] {
        client.post(keys, json!({ "keyId": "k", "name": "n", "scopes": ["rows.read"] })).await.ok(201);
        assert_eq!(client.get(keys).await.ok(200)["total"], 2);
        assert_eq!(client.get(&format!("{keys}/k")).await.ok(200)["scopes"], json!(["rows.read"]));
        let changed = client.put(&format!("{keys}/k"), json!({ "name": "m", "scopes": [] })).await.ok(200);
        assert_eq!(changed["name"], "m");
        let made = client.post(&format!("{keys}/ephemeral"), json!({ "scopes": ["rows.read"], "duration": 60 })).await.ok(201);
        assert!(made["secret"].as_str().unwrap().starts_with("ephemeral_"));
        client.delete(&format!("{keys}/k")).await.ok(204);
    }
    owner.make_key("ephemeral", &[]).await;
    assert_eq!(owner.get(&format!("{keys}/ephemeral")).await.ok(200)["$id"], "ephemeral");
    // The path alone names the project: SDKs send with it whatever project they were set to.
    owner.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    for header in ["", "shop", "other", "console", "absent"] {
        assert_eq!(manager.with("x-appwrite-project", header).get(keys).await.ok(200)["total"], 2, "{header}");
    }
    assert_eq!(manager.without("x-appwrite-project").get(keys).await.ok(200)["total"], 2);
    let other = "/v1/organization/projects/other/keys";
    manager.get(other).await.refused(401, "user_unauthorized");
    manager.with("x-appwrite-project", "other").get(other).await.refused(401, "user_unauthorized");
    let person = owner.without("x-appwrite-mode").without("x-appwrite-project");
    for client in [&person, &person.with("x-appwrite-project", "console")] {
        assert_eq!(client.get(other).await.ok(200)["total"], 0);
    }
    person.get("/v1/organization/projects/absent/keys").await.refused(404, "project_not_found");
    person.without("cookie").get(keys).await.refused(401, "general_unauthorized_scope");
    person.with("origin", "https://elsewhere.example").get(keys).await.refused(403, "general_unknown_origin");
}

#[tokio::test]
async fn every_scope_of_the_sdks_can_be_granted() {
    let (_world, owner) = World::ready().await;
    let scopes: Vec<&str> = Catalog::appwrite().grantable(Tier::Project, "sdk-2026-10").map(|scope| scope.id.as_str()).collect();
    assert_eq!(scopes.len(), 125);
    let made = owner.post(KEYS, json!({ "keyId": "all", "name": "All", "scopes": scopes })).await.ok(201);
    assert_eq!(made["scopes"], json!(scopes));
    let lent = owner.post("/v1/project/keys/ephemeral", json!({ "scopes": scopes, "duration": 60 })).await.ok(201);
    let all = owner.holding(lent["secret"].as_str().unwrap()).get("/v1/project/keys/all").await.ok(200);
    assert_eq!(all["scopes"], json!(scopes));
    for scope in scopes {
        owner.put("/v1/project/keys/all", json!({ "name": "One", "scopes": [scope] })).await.ok(200);
    }
}

#[tokio::test]
async fn a_key_says_what_it_is_for() {
    let (_world, owner) = World::ready().await;
    let text = "Imports orders.\nAsk Ada before it goes.";
    let made = owner.post(KEYS, json!({ "keyId": "k", "name": "n", "scopes": [], "description": text })).await.ok(201);
    assert_eq!(made["description"], text);
    let plain = owner.post(KEYS, json!({ "keyId": "l", "name": "n", "scopes": [] })).await.ok(201);
    assert_eq!(plain["description"], "");
    let list = owner.get(KEYS).await.ok(200);
    assert_eq!((&list["keys"][0]["description"], &list["keys"][1]["description"]), (&json!(text), &json!("")));
    for path in ["/v1/project/keys/k", "/v1/project/keys/k?details=true", "/v1/organization/projects/shop/keys/k"] {
        assert_eq!(owner.get(path).await.ok(200)["description"], text, "{path}");
    }
    let lent = owner.post("/v1/project/keys/ephemeral", json!({ "scopes": [], "duration": 60 })).await.ok(201);
    assert_eq!(lent["description"], "");
    // An update that does not name it leaves it, as older SDKs do; an empty text takes it away.
    let put = async |body: Value| owner.put("/v1/project/keys/k", body).await.ok(200)["description"].clone();
    assert_eq!(put(json!({ "name": "n", "scopes": [] })).await, text);
    assert_eq!(put(json!({ "name": "n", "scopes": [], "description": null })).await, text);
    assert_eq!(put(json!({ "name": "n", "scopes": [], "description": "🔑".repeat(512) })).await, "🔑".repeat(512));
    assert_eq!(put(json!({ "name": "n", "scopes": [], "description": "" })).await, "");
    for wrong in [json!("x".repeat(513)), json!("a\u{0}b"), json!("a\tb"), json!(5), json!(["x"])] {
        for (method, path) in [(Method::POST, KEYS), (Method::PUT, "/v1/project/keys/k")] {
            let body = json!({ "keyId": "m", "name": "n", "scopes": [], "description": wrong });
            let message = owner.json(method, path, body).await.refused(400, "general_argument_invalid");
            assert!(message.contains("`description`"), "{message}");
        }
    }
    let log = owner.get("/v1/project/audit").await.ok(200)["entries"].to_string();
    assert!(log.contains("described anew") && !log.contains("Ask Ada"), "{log}");
}
