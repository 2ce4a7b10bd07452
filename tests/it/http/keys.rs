//! Project keys (contract §1.1): life, limits, errors.

use axum::http::Method;
use serde_json::{Value, json};

use super::world::{Client, NOW, World};

const KEYS: &str = "/v1/project/keys";

async fn total(client: &Client) -> Value {
    client.get(KEYS).await.ok(200)["total"].clone()
}

#[tokio::test]
async fn a_key_says_who_created_it() {
    let (world, owner) = World::ready().await;
    let made = owner.key("ci", &["keys.write", "keys.read"]).await;
    made.post("/v1/project/keys", json!({ "keyId": "b", "name": "B", "scopes": ["rows.read"] })).await.ok(201);
    let own = owner.get("/v1/account").await.ok(200)["$id"].clone();
    let person = json!({ "type": "account", "id": own, "name": super::world::EMAIL });
    let name = owner.get("/v1/project/keys/ci").await.ok(200)["name"].clone();
    let key = json!({ "type": "key", "id": "ci", "name": name });
    let created_by = |answer: &Value| answer["createdBy"].clone();
    for (id, creator) in [("ci", &person), ("b", &key)] {
        let path = format!("/v1/project/keys/{id}");
        assert_eq!(created_by(&owner.get(&format!("{path}?details=true")).await.ok(200)), *creator, "{id}");
        assert_eq!(created_by(&owner.patch(&format!("{path}/status"), json!({ "enabled": true })).await.ok(200)), *creator, "{id}");
        assert_eq!(created_by(&owner.delete(&format!("{path}/overlap")).await.ok(200)), *creator, "{id}");
        // What the contract has says nothing of it.
        assert_eq!(owner.get(&path).await.ok(200).get("createdBy"), None);
    }
    assert_eq!(created_by(&owner.post("/v1/project/keys/b/rotate", json!({})).await.ok(200)), key);
    for path in ["/v1/project/keys?details=true", "/v1/project/key-search?sort=created"] {
        let list = owner.get(path).await.ok(200);
        assert_eq!(list["keys"].as_array().unwrap().iter().map(created_by).collect::<Vec<_>>(), [person.clone(), key.clone()], "{path}");
    }
    // The key that created it is gone, and so is its name in the list; the creator stays.
    owner.delete("/v1/project/keys/ci").await.ok(204);
    assert_eq!(created_by(&owner.get("/v1/project/keys/b?details=true").await.ok(200)), key);
    // Of a key of an earlier version, it may not be known.
    world.query("UPDATE keys SET created_by_type = NULL WHERE id = 'b'").unwrap();
    assert_eq!(owner.get("/v1/project/keys/b?details=true").await.ok(200).get("createdBy"), None);
}

#[tokio::test]
async fn a_key_is_created_shown_once_listed_changed_and_deleted() {
    let (world, owner) = World::ready().await;
    let body =
        json!({ "keyId": "ci", "name": "Pipeline", "scopes": ["rows.read", "rows.write"], "expire": "2030-01-01T00:00:00.000+00:00" });
    let created = owner.post(KEYS, body).await.ok(201);
    let secret = created["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("scopewise_key_") && secret.len() == 63);
    let mut expected = json!({
        "$id": "ci", "$createdAt": NOW, "$updatedAt": NOW, "name": "Pipeline", "description": "", "expire": "2030-01-01T00:00:00.000+00:00",
        "scopes": ["rows.read", "rows.write"], "secret": secret, "accessedAt": "", "sdks": [],
    });
    assert_eq!(created, expected);

    expected["secret"] = Value::from(format!("{}…{}", &secret[..18], &secret[secret.len() - 4..]));
    assert_eq!(owner.get("/v1/project/keys/ci").await.ok(200), expected);
    assert_eq!(owner.get(KEYS).await.ok(200), json!({ "total": 1, "keys": [expected] }));

    world.clock.advance_seconds(1);
    let changed = owner.put("/v1/project/keys/ci", json!({ "name": "Deploy", "scopes": ["rows.read"] })).await.ok(200);
    expected["name"] = json!("Deploy");
    expected["scopes"] = json!(["rows.read"]);
    expected["expire"] = json!("");
    expected["$updatedAt"] = json!("2026-08-21T12:00:01.000+00:00");
    assert_eq!(changed, expected);
    assert_eq!(owner.get("/v1/project/keys/ci").await.ok(200), expected);

    let deleted = owner.delete("/v1/project/keys/ci").await;
    assert_eq!((deleted.status.as_u16(), deleted.text.as_str()), (204, ""));
    owner.get("/v1/project/keys/ci").await.refused(404, "key_not_found");
    owner.put("/v1/project/keys/ci", json!({ "name": "x", "scopes": [] })).await.refused(404, "key_not_found");
    owner.delete("/v1/project/keys/ci").await.refused(404, "key_not_found");
}

#[tokio::test]
async fn the_fields_of_a_key_come_in_the_order_of_the_contract() {
    let (_world, owner) = World::ready().await;
    owner.make_key("k", &[]).await;
    let text = owner.get("/v1/project/keys/k").await.text;
    let places = ["$id", "$createdAt", "$updatedAt", "name", "description", "expire", "scopes", "secret", "accessedAt", "sdks"];
    let places: Vec<usize> = places.iter().map(|field| text.find(&format!("\"{field}\"")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

#[tokio::test]
async fn a_key_with_keys_write_creates_keys_that_work() {
    let (_world, owner) = World::ready().await;
    let writer = owner.key("writer", &["keys.write"]).await;
    let made = writer.post(KEYS, json!({ "keyId": "unique()", "name": "Customer", "scopes": ["keys.read", "rows.read"] })).await.ok(201);
    assert_eq!(made["$id"].as_str().unwrap().len(), 20);
    let customer = owner.holding(made["secret"].as_str().unwrap());
    assert_eq!(total(&customer).await, 2);
    writer.put(&format!("{KEYS}/{}", made["$id"].as_str().unwrap()), json!({ "name": "Customer", "scopes": [] })).await.ok(200);
    customer.get(KEYS).await.refused(401, "general_unauthorized_scope");
    writer.delete("/v1/project/keys/writer").await.ok(204);
    writer.delete("/v1/project/keys/writer").await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn unique_ids_and_secrets_differ() {
    let (_world, owner) = World::ready().await;
    let (a, b) = (owner.make_key("unique()", &[]).await, owner.make_key("unique()", &[]).await);
    assert!(a["$id"] != b["$id"] && a["secret"] != b["secret"]);
}

#[tokio::test]
async fn an_id_is_taken_once_in_a_project() {
    let (_world, owner) = World::ready().await;
    let first = owner.make_key("same", &[]).await;
    owner.post(KEYS, json!({ "keyId": "same", "name": "Other", "scopes": [] })).await.refused(409, "key_already_exists");
    assert_eq!(owner.get("/v1/project/keys/same").await.ok(200)["name"], first["name"]);
    owner.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    owner.on("other").make_key("same", &[]).await;
}

#[tokio::test]
async fn a_key_may_be_called_as_a_path_is() {
    let (_world, owner) = World::ready().await;
    owner.make_key("ephemeral", &[]).await;
    assert_eq!(owner.get("/v1/project/keys/ephemeral").await.ok(200)["$id"], "ephemeral");
    owner.put("/v1/project/keys/ephemeral", json!({ "name": "n", "scopes": [] })).await.ok(200);
    owner.delete("/v1/project/keys/ephemeral").await.ok(204);
}

#[tokio::test]
async fn bad_input_is_refused_by_name_and_stores_nothing() {
    let (_world, owner) = World::ready().await;
    let good = json!({ "keyId": "k", "name": "n", "scopes": ["rows.read"], "expire": null });
    let cases = [
        ("keyId", json!(null)),
        ("keyId", json!(5)),
        ("keyId", json!("")),
        ("keyId", json!("_hidden")),
        ("keyId", json!(".a")),
        ("keyId", json!("-a")),
        ("keyId", json!("a b")),
        ("keyId", json!("a/b")),
        ("keyId", json!("ä")),
        ("keyId", json!("unique(")),
        ("keyId", json!("x".repeat(37))),
        ("name", json!(null)),
        ("name", json!("")),
        ("name", json!(7)),
        ("name", json!(["n"])),
        ("name", json!("x".repeat(129))),
        ("scopes", json!(null)),
        ("scopes", json!("rows.read")),
        ("scopes", json!([1])),
        ("scopes", json!([null])),
        ("scopes", json!({ "rows.read": true })),
        ("scopes", json!(["rows.reed"])),
        ("scopes", json!(["rows.read", ""])),
        ("scopes", json!(["keys.read", "projects.read"])),
        ("scopes", json!(["account"])),
        ("scopes", json!(vec!["rows.read"; 201])),
        ("expire", json!("tomorrow")),
        ("expire", json!("2026-13-01")),
        ("expire", json!("10000-01-01")),
        ("expire", json!(1_900_000_000)),
        ("expire", json!(false)),
    ];
    for (parameter, value) in cases {
        let mut body = good.clone();
        body[parameter] = value;
        let message = owner.post(KEYS, body.clone()).await.refused(400, "general_argument_invalid");
        assert!(message.contains(&format!("`{parameter}`")), "{body}: {message}");
    }
    assert_eq!(total(&owner).await, 0);
}

#[tokio::test]
async fn an_update_with_bad_input_changes_nothing() {
    let (_world, owner) = World::ready().await;
    owner.make_key("k", &["rows.read"]).await;
    let before = owner.get("/v1/project/keys/k").await.ok(200);
    for body in [
        json!({}),
        json!({ "name": "n" }),
        json!({ "scopes": [] }),
        json!({ "name": "", "scopes": [] }),
        json!({ "name": "n", "scopes": ["nothing.read"] }),
        json!({ "name": "n", "scopes": [], "expire": "soon" }),
        json!([]),
        json!("text"),
    ] {
        owner.put("/v1/project/keys/k", body).await.refused(400, "general_argument_invalid");
        // The answer for an absent key reveals no more.
        owner.put("/v1/project/keys/absent", json!({ "name": "" })).await.refused(400, "general_argument_invalid");
    }
    assert_eq!(owner.get("/v1/project/keys/k").await.ok(200), before);
}

#[tokio::test]
async fn parameters_of_a_write_do_not_come_from_the_query() {
    let (_world, owner) = World::ready().await;
    owner.post("/v1/project/keys?keyId=k&name=n&scopes[]=rows.read", json!({})).await.refused(400, "general_argument_invalid");
    assert_eq!(total(&owner).await, 0);
}

#[tokio::test]
async fn a_form_is_read_as_json_is() {
    let (_world, owner) = World::ready().await;
    let form = b"keyId=form&name=From+a+form&scopes[0]=rows.read&scopes[]=rows.write&expire=2030-01-01";
    let made = owner.send(Method::POST, KEYS, Some("application/x-www-form-urlencoded; charset=utf-8"), form).await.ok(201);
    assert_eq!((&made["name"], &made["scopes"]), (&json!("From a form"), &json!(["rows.read", "rows.write"])));
    owner.send(Method::POST, KEYS, Some("application/json; charset=utf-8"), br#"{"keyId":"j","name":"n","scopes":[]}"#).await.ok(201);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let (_world, owner) = World::ready().await;
    let body = json!({ "keyId": "k", "name": "x".repeat(1024 * 1024), "scopes": [] });
    owner.post(KEYS, body).await.refused(413, "general_body_too_large");
    assert_eq!(total(&owner).await, 0);
}

#[tokio::test]
async fn refused_scopes_come_with_the_whole_report() {
    let (_world, owner) = World::ready().await;
    let body = json!({ "keyId": "k", "name": "n", "scopes": ["user.read", "rows.read", "rows.reed", "keys.write"], "expire": "soon" });
    let answer = owner.post(KEYS, body).await;
    let report = answer.body["report"].clone();
    let message = answer.refused(400, "general_argument_invalid");
    assert!(message.contains("`user.read`") && message.contains("did you mean `users.read`?"), "{message}");
    assert_eq!(report["valid"], false);
    let codes: Vec<_> = report["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["unknown-scope", "unknown-scope", "expiry-malformed"]);
    assert!(report["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == "sensitive-scope"));
}

#[tokio::test]
async fn warnings_never_block() {
    let (_world, owner) = World::ready().await;
    let scopes = json!(["keys.read", "keys.write", "execution.read", "rows.read", "rows.read"]);
    let body = json!({ "keyId": "k", "name": "n", "scopes": scopes, "expire": "2001-01-01T00:00:00Z" });
    let made = owner.post(KEYS, body).await.ok(201);
    assert_eq!((&made["scopes"], &made["expire"]), (&scopes, &json!("2001-01-01T00:00:00.000+00:00")));
}

#[tokio::test]
async fn the_limits_themselves_are_allowed() {
    let (_world, owner) = World::ready().await;
    let id = "x".repeat(36);
    let body = json!({ "keyId": id, "name": "🔑".repeat(128), "scopes": vec!["rows.read"; 200], "expire": "9999-12-31T23:59:59.999Z" });
    let made = owner.post(KEYS, body).await.ok(201);
    assert_eq!((&made["$id"], &made["expire"]), (&json!(id), &json!("9999-12-31T23:59:59.999+00:00")));
    assert_eq!(made["scopes"].as_array().unwrap().len(), 200);
    owner.post(KEYS, json!({ "keyId": "none", "name": "n", "scopes": [] })).await.ok(201);
}

#[tokio::test]
async fn hostile_names_are_kept_as_they_are() {
    let (_world, owner) = World::ready().await;
    for name in ["<script>alert(1)</script>", "\u{202e}gnirts", "👩‍👩‍👧‍👦", "Robert'); DROP TABLE keys;--", " ", "{{7*7}}"]
    {
        let made = owner.post(KEYS, json!({ "keyId": "unique()", "name": name, "scopes": [] })).await.ok(201);
        let path = format!("{KEYS}/{}", made["$id"].as_str().unwrap());
        assert_eq!(owner.get(&path).await.ok(200)["name"], name);
    }
}

#[tokio::test]
async fn ids_in_paths_cannot_lead_elsewhere() {
    let (_world, owner) = World::ready().await;
    for id in ["..", "%2e%2e", "a%2Fb", "%00", "%ff", "x'--", &"x".repeat(5000)] {
        let answer = owner.get(&format!("{KEYS}/{id}")).await;
        assert_eq!(answer.status, 404, "{id}: {}", answer.text);
    }
}
