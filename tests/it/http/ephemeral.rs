//! Ephemeral keys: signed, short, never stored (contract §1.1).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::world::{Client, World};

const EPHEMERAL: &str = "/v1/project/keys/ephemeral";

async fn issued(client: &Client, scopes: &[&str], seconds: i64) -> Value {
    client.post(EPHEMERAL, json!({ "scopes": scopes, "duration": seconds })).await.ok(201)
}

/// The holder of an ephemeral key that this client makes.
async fn holder(client: &Client, scopes: &[&str], seconds: i64) -> Client {
    client.holding(issued(client, scopes, seconds).await["secret"].as_str().unwrap())
}

#[tokio::test]
async fn an_ephemeral_key_has_the_model_of_the_contract() {
    let (world, owner) = World::ready().await;
    let made = issued(&owner, &["keys.read", "rows.read"], 900).await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("ephemeral_eyJ") && secret.matches('.').count() == 2);
    let id = made["$id"].as_str().unwrap();
    assert_eq!(id.len(), 20);
    let expected = json!({
        "$id": id, "$createdAt": "2026-08-21T12:00:00.000+00:00", "$updatedAt": "2026-08-21T12:00:00.000+00:00", "name": "", "description": "",
        "expire": "2026-08-21T12:15:00.000+00:00", "scopes": ["keys.read", "rows.read"], "secret": secret, "accessedAt": "", "sdks": [],
    });
    assert_eq!(made, expected);
    // Nothing is stored of it.
    assert_eq!(owner.get("/v1/project/keys").await.ok(200)["total"], 0);
    let bytes = world.database_bytes();
    let token = secret.rsplit('.').next().unwrap().as_bytes();
    assert!(!bytes.windows(token.len()).any(|window| window == token));
}

#[tokio::test]
async fn a_token_says_type_audience_project_scopes_and_expiry() {
    let (_world, owner) = World::ready().await;
    let made = issued(&owner, &["keys.read"], 60).await;
    let secret = made["secret"].as_str().unwrap().strip_prefix("ephemeral_").unwrap();
    let part = |index: usize| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(secret.split('.').nth(index).unwrap()).unwrap()).unwrap()
    };
    let (header, claims) = (part(0), part(1));
    assert_eq!((&header["alg"], &header["typ"]), (&json!("HS256"), &json!("ephemeral-key+jwt")));
    assert_eq!(header["kid"].as_str().unwrap().len(), 20);
    assert_eq!((&claims["aud"], &claims["projectId"], &claims["scopes"]), (&json!("scopewise"), &json!("shop"), &json!(["keys.read"])));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
}

#[tokio::test]
async fn it_opens_what_it_holds_until_it_expires_and_then_is_a_guest() {
    let (world, owner) = World::ready().await;
    let key = holder(&owner, &["keys.read"], 60).await;
    key.get("/v1/project/keys").await.ok(200);
    key.get("/v1/health").await.ok(200);
    let message = key.get("/v1/project").await.refused(401, "general_unauthorized_scope");
    assert!(message.starts_with("app.shop@service.127.0.0.1 (role: applications)"), "{message}");
    world.clock.advance_seconds(60);
    let message = key.get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
    assert!(message.starts_with("User (role: guests)"), "{message}");
    key.get("/v1/ping").await.ok(200);
}

#[tokio::test]
async fn a_key_with_keys_write_makes_one_by_either_path() {
    let (_world, owner) = World::ready().await;
    let writer = owner.key("writer", &["keys.write"]).await;
    holder(&writer, &["keys.read"], 60).await.get("/v1/project/keys").await.ok(200);
    writer.post("/v1/projects/shop/jwts", json!({ "scopes": [], "duration": "3600" })).await.ok(201);
    let reader = owner.key("reader", &["keys.read"]).await;
    reader.post(EPHEMERAL, json!({ "scopes": [], "duration": 60 })).await.refused(401, "general_unauthorized_scope");
    // One that holds keys.write makes others in its turn.
    let chain = holder(&writer, &["keys.write"], 60).await;
    holder(&chain, &["keys.read"], 60).await.get("/v1/project/keys").await.ok(200);
}

#[tokio::test]
async fn scopes_and_duration_are_judged() {
    let (_world, owner) = World::ready().await;
    for duration in [json!(0), json!(3601), json!(-1), json!("x"), json!(1.5), json!(true), json!([1]), json!(9e99), Value::Null] {
        let message = owner.post(EPHEMERAL, json!({ "scopes": [], "duration": duration })).await.refused(400, "general_argument_invalid");
        assert!(message.contains("`duration`"), "{message}");
    }
    for duration in [json!(1), json!(3600), json!("1"), json!("3600")] {
        owner.post(EPHEMERAL, json!({ "scopes": [], "duration": duration })).await.ok(201);
    }
    for scopes in [json!(["nobody.read"]), json!("keys.read"), json!([5]), Value::Null, json!(vec!["rows.read"; 201])] {
        owner.post(EPHEMERAL, json!({ "scopes": scopes, "duration": 60 })).await.refused(400, "general_argument_invalid");
    }
    owner.post("/v1/project/keys/ephemeral", json!({})).await.refused(400, "general_argument_invalid");
}

#[tokio::test]
async fn a_token_of_another_project_or_made_up_is_a_guest() {
    let (_world, owner) = World::ready().await;
    let console = owner.without("x-appwrite-project").without("x-appwrite-mode");
    console.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    holder(&owner, &["keys.read"], 60).await.get("/v1/project/keys").await.ok(200);
    let theirs = issued(&owner.on("other"), &["keys.read"], 60).await;
    let theirs = theirs["secret"].as_str().unwrap();
    let bare = theirs.rsplit_once('.').unwrap().0;
    for secret in [theirs, bare, &format!("{bare}."), "ephemeral_", "ephemeral_a.b.c", "ephemeral_.."] {
        let message = owner.holding(secret).get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
        assert!(message.contains("(role: guests)"), "{message}");
    }
    // Before the project has made any, too.
    console.post("/v1/organization/projects", json!({ "projectId": "third", "name": "Third" })).await.ok(201);
    owner.holding(theirs).with("x-appwrite-project", "third").get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_new_signing_key_ends_all_of_them_at_once() {
    let (_world, owner) = World::ready().await;
    let writer = owner.key("writer", &["keys.write", "keys.read"]).await;
    let (first, second) = (holder(&owner, &["keys.read"], 600).await, holder(&writer, &["keys.read"], 600).await);
    first.get("/v1/project/keys").await.ok(200);
    let ended = writer.post("/v1/project/signing-key/rotate", json!({})).await;
    assert_eq!((ended.status.as_u16(), ended.text.as_str()), (204, ""));
    first.get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
    second.get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
    writer.get("/v1/project/keys").await.ok(200);
    holder(&owner, &["keys.read"], 600).await.get("/v1/project/keys").await.ok(200);
}

#[tokio::test]
async fn tokens_of_a_deleted_project_do_not_open_one_of_the_same_name() {
    let (_world, owner) = World::ready().await;
    let key = holder(&owner, &["keys.read"], 600).await;
    owner.delete("/v1/project").await.ok(204);
    let console = owner.without("x-appwrite-project").without("x-appwrite-mode");
    console.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Again" })).await.ok(201);
    holder(&owner, &["keys.read"], 600).await.get("/v1/project/keys").await.ok(200);
    key.get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn it_is_refused_from_a_browser_like_any_key() {
    let (_world, owner) = World::ready().await;
    let key = holder(&owner, &["keys.read"], 600).await;
    key.with("sec-fetch-site", "cross-site").get("/v1/project/keys").await.refused(401, "project_key_in_browser");
}

#[tokio::test]
async fn a_key_may_have_the_id_ephemeral() {
    let (_world, owner) = World::ready().await;
    owner.make_key("ephemeral", &["keys.read"]).await;
    owner.get(EPHEMERAL).await.ok(200);
    owner.post("/v1/project/keys/ephemeral/rotate", json!({})).await.ok(200);
    owner.patch("/v1/project/keys/ephemeral/status", json!({ "enabled": false })).await.ok(200);
    owner.delete(EPHEMERAL).await.ok(204);
    issued(&owner, &[], 5).await;
}

#[tokio::test]
async fn one_of_them_is_ended_before_its_time_and_the_others_go_on() {
    let (world, owner) = World::ready().await;
    let mint = async || owner.post("/v1/project/keys/ephemeral", json!({ "scopes": ["keys.read"], "duration": 3600 })).await.ok(201);
    let (one, other) = (mint().await, mint().await);
    let holder = |made: &Value| owner.holding(made["secret"].as_str().unwrap());
    holder(&one).get("/v1/project/keys").await.ok(200);
    let end = async |id: &str| owner.delete(&format!("/v1/project/ephemeral-keys/{id}")).await;
    end(one["$id"].as_str().unwrap()).await.ok(204);
    // It is a guest from the next request on, and verification says so, too.
    holder(&one).get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
    holder(&other).get("/v1/project/keys").await.ok(200);
    let verified = owner.post("/v1/keys/verify", json!({ "key": one["secret"] })).await.ok(200);
    assert_eq!(verified["valid"], false, "{verified}");
    assert_eq!(owner.post("/v1/keys/verify", json!({ "key": other["secret"] })).await.ok(200)["valid"], true);
    // Again, or for one that there never was, it is no error, since none is stored; an id that cannot be one is.
    end(one["$id"].as_str().unwrap()).await.ok(204);
    end("never-made").await.ok(204);
    end("_no").await.refused(400, "general_argument_invalid");
    let log = owner.get("/v1/project/audit").await.ok(200);
    let ended = log["entries"].as_array().unwrap().iter().filter(|entry| entry["action"] == "ephemeral-key.end").count();
    assert_eq!(ended, 2, "{log}");
    // Its id is kept no longer than it could have lived: the next one that is ended takes its place.
    world.clock.advance_seconds(3600);
    end("later").await.ok(204);
    let kept = world.store.project("shop").await.unwrap().unwrap().ended_ephemeral;
    assert_eq!(kept.len(), 1, "{kept:?}");
}
