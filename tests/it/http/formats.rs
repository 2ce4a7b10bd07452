//! Older clients are answered in the form that they know (contract §1.1).

use serde_json::{Value, json};

use super::world::World;

const FORMAT: &str = "x-appwrite-response-format";

#[tokio::test]
async fn before_1_9_3_an_ephemeral_key_is_a_jwt() {
    let (_world, owner) = World::ready().await;
    let body = json!({ "scopes": ["keys.read"], "duration": 60 });
    let older = owner.with(FORMAT, "1.9.2").post("/v1/project/keys/ephemeral", body.clone()).await.ok(201);
    let mut members: Vec<_> = older.as_object().unwrap().keys().cloned().collect();
    members.sort();
    assert_eq!(members, ["jwt", "projectId", "scopes"]);
    assert_eq!((&older["projectId"], &older["scopes"]), (&json!("shop"), &json!(["keys.read"])));
    owner.holding(older["jwt"].as_str().unwrap()).get("/v1/project/keys").await.ok(200);
    for newer in ["1.9.3", "1.9.10", "1.10.0", "2.0.0", "nonsense"] {
        let made = owner.with(FORMAT, newer).post("/v1/project/keys/ephemeral", body.clone()).await.ok(201);
        assert!(made["jwt"].is_null() && made["secret"].is_string(), "{newer}");
    }
}

#[tokio::test]
async fn before_1_9_1_null_stands_for_no_scopes() {
    let (_world, owner) = World::ready().await;
    let older = owner.with(FORMAT, "1.9.0");
    let made = older.post("/v1/project/keys", json!({ "keyId": "k", "name": "n", "scopes": null })).await.ok(201);
    assert_eq!(made["scopes"], json!([]));
    older.put("/v1/project/keys/k", json!({ "name": "n", "scopes": null })).await.ok(200);
    older.post("/v1/project/keys", json!({ "keyId": "l", "name": "n" })).await.refused(400, "general_argument_invalid");
    let newer = owner.with(FORMAT, "1.9.1");
    newer.put("/v1/project/keys/k", json!({ "name": "n", "scopes": null })).await.refused(400, "general_argument_invalid");
}

#[tokio::test]
async fn before_1_9_0_a_key_without_an_id_gets_one() {
    let (_world, owner) = World::ready().await;
    let made = owner.with(FORMAT, "1.8.0").post("/v1/project/keys", json!({ "name": "n", "scopes": [] })).await.ok(201);
    assert_eq!(made["$id"].as_str().unwrap().len(), 20);
    for newer in ["1.9.0", "1.9.5"] {
        let refused = owner.with(FORMAT, newer).post("/v1/project/keys", json!({ "name": "n", "scopes": [] })).await;
        refused.refused(400, "general_argument_invalid");
    }
}

#[tokio::test]
async fn a_client_of_the_future_is_warned_and_answered() {
    let (world, owner) = World::ready().await;
    let answer = owner.with(FORMAT, "3.0.0").get("/v1/project/keys").await;
    assert!(answer.header("x-appwrite-warning").contains("3.0.0") && answer.header("x-appwrite-warning").contains("2.6.2"));
    assert_eq!(answer.ok(200), json!({ "total": 0, "keys": [] }));
    // Also where it is refused.
    let refused = world.anonymous().with(FORMAT, "3.0.0").get("/v1/project/keys").await;
    assert_ne!(refused.header("x-appwrite-warning"), "");
    for known in ["1.9.6", "1.0.0", "x", ""] {
        assert_eq!(owner.with(FORMAT, known).get("/v1/project/keys").await.header("x-appwrite-warning"), "", "{known}");
    }
    assert_eq!(owner.get("/v1/project/keys").await.body["keys"], Value::Array(Vec::new()));
}
