//! Project keys (contract §1.1).

use serde_json::{Value, json};

use super::world::{NOW, World};

#[tokio::test]
async fn a_key_is_created_shown_once_listed_changed_and_deleted() {
    let (_world, owner) = World::ready().await;
    let body = json!({ "keyId": "ci", "name": "Pipeline", "scopes": ["rows.read", "rows.write"], "expire": "2030-01-01T00:00:00.000+00:00" });
    let created = owner.post("/v1/project/keys", body).await.ok(201);
    let secret = created["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("scopewise_key_") && secret.len() == 63);
    let mut expected = json!({
        "$id": "ci", "$createdAt": NOW, "$updatedAt": NOW, "name": "Pipeline", "expire": "2030-01-01T00:00:00.000+00:00",
        "scopes": ["rows.read", "rows.write"], "secret": secret, "accessedAt": "", "sdks": [],
    });
    assert_eq!(created, expected);

    expected["secret"] = Value::from(format!("{}…{}", &secret[..18], &secret[secret.len() - 4..]));
    assert_eq!(owner.get("/v1/project/keys/ci").await.ok(200), expected);
    assert_eq!(owner.get("/v1/project/keys").await.ok(200), json!({ "total": 1, "keys": [expected] }));

    let changed = owner.put("/v1/project/keys/ci", json!({ "name": "Deploy", "scopes": ["rows.read"] })).await.ok(200);
    assert_eq!((&changed["name"], &changed["scopes"], &changed["expire"]), (&json!("Deploy"), &json!(["rows.read"]), &json!("")));
    assert_eq!(changed["secret"], expected["secret"]);

    let deleted = owner.delete("/v1/project/keys/ci").await;
    assert_eq!((deleted.status.as_u16(), deleted.text.as_str()), (204, ""));
    owner.get("/v1/project/keys/ci").await.refused(404, "key_not_found");
}
