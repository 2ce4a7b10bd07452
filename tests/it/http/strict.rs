//! A key that another process has taken away is refused at the next request, whatever the server has cached.

use axum::{body::Body, http::Method};
use futures_util::stream;
use scopewise::{
    scope::DateTime,
    server::{
        SecretHash,
        proxies::TrustedProxies,
        store::{self, KeyChange, KeyRotation},
    },
};

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::world::World;
use crate::store::handle::Handle;

const TRIALS: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_process_takes_away_is_refused_at_once() {
    let (world, owner) = World::ready().await;
    // To SQLite, connections of another store are what connections of another process are.
    let other = Handle(store::open(&world.database()).await.unwrap());
    for trial in 0..TRIALS {
        let id = format!("key{trial}");
        // From an address of its own, since refusals are counted by address.
        let key = owner.key(&id, &["keys.read"]).await.at([10, 0, 0, u8::try_from(trial).unwrap()]);
        // Found once, and then known.
        for _ in 0..2 {
            key.get("/v1/project/keys/unknown").await.refused(404, "key_not_found");
        }
        match trial % 4 {
            0 => assert!(other.delete_key("shop", &id).await.unwrap()),
            1 => assert!(other.set_key_enabled("shop", &id, false, world.now()).await.unwrap().is_some()),
            2 => {
                let change =
                    KeyChange { name: "n".parse().unwrap(), description: None, scopes: Vec::new(), expire: None, updated_at: world.now() };
                assert!(other.update_key("shop", &id, change).await.unwrap().is_some());
            }
            _ => {
                let rotation = KeyRotation {
                    secret: SecretHash::of(&id),
                    hint: "…".to_owned(),
                    overlap_until: None,
                    expire: None,
                    rotated_at: world.now(),
                };
                assert!(other.rotate_key("shop", &id, rotation).await.unwrap().is_some());
            }
        }
        let answer = key.get("/v1/project/keys/unknown").await;
        assert_eq!(answer.status, 401, "trial {trial}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_changed_by_hand_counts_at_once() {
    let (world, owner) = World::ready().await;
    let secrets = |id: &str| format!("WHERE key_sequence = (SELECT sequence FROM keys WHERE id = '{id}')");
    for (n, statement) in [
        |id: &str, _: &str| format!("UPDATE keys SET enabled = FALSE WHERE id = '{id}'"),
        |id: &str, _: &str| format!("UPDATE keys SET expires_at = 0 WHERE id = '{id}'"),
        |id: &str, _: &str| format!("DELETE FROM keys WHERE id = '{id}'"),
        |_: &str, secrets: &str| format!("UPDATE key_secrets SET valid_until = 0 {secrets}"),
        |_: &str, secrets: &str| format!("DELETE FROM key_secrets {secrets}"),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("key{n}");
        let key = owner.key(&id, &["keys.read"]).await;
        for _ in 0..3 {
            key.get("/v1/project/keys/unknown").await.refused(404, "key_not_found");
        }
        let statement = statement(&id, &secrets(&id));
        world.query(&statement).unwrap();
        let answer = key.get("/v1/project/keys/unknown").await;
        assert_eq!(answer.status, 401, "{statement}: {}", answer.text);
    }
    let maker = owner.key("maker", &["keys.write"]).await;
    let new = |id: &str| json!({ "keyId": id, "name": id, "scopes": ["rows.read"] });
    maker.post("/v1/project/keys", new("one")).await.ok(201);
    world.query("UPDATE projects SET key_creation = 'denied' WHERE id = 'shop'").unwrap();
    maker.post("/v1/project/keys", new("two")).await.refused(403, "key_creation_denied");
}

/// A gateway and a service ask about a key whose secret the server has met, so that they need not be read again. What becomes of the key
/// counts at the next question, whoever has changed it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_was_met_opens_no_more_than_its_key_does() {
    let (world, owner) = World::ready().await;
    world.app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
    let service = owner.key("service", &["keys.read"]).await;
    let other = Handle(store::open(&world.database()).await.unwrap());
    let rotation = |id: &str, overlap_until: Option<DateTime>| KeyRotation {
        secret: SecretHash::of(&format!("{id} again")),
        hint: "…".to_owned(),
        overlap_until,
        expire: None,
        rotated_at: world.now(),
    };
    let change = |scopes: &[&str], expire: Option<DateTime>| KeyChange {
        name: "n".parse().unwrap(),
        description: None,
        scopes: scopes.iter().map(|scope| scope.parse().unwrap()).collect(),
        expire,
        updated_at: world.now(),
    };
    for (n, (way, code)) in [
        ("deleted", "unknown"),
        ("rotated", "unknown"),
        ("rotated, and its overlap has ended", "unknown"),
        ("disabled", "disabled"),
        ("expired", "expired"),
        ("narrowed", "insufficient-scope"),
        ("of another project", "unknown"),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("key{n}");
        let secret = owner.make_key(&id, &["keys.read", "users.read"]).await["secret"].as_str().unwrap().to_owned();
        let network = format!("203.0.113.{n}");
        let gateway = world.anonymous().with("x-appwrite-key", &secret).with("x-forwarded-for", &network);
        let gateway = gateway.with("x-forwarded-method", "GET").with("x-forwarded-uri", "/v1/users");
        let as_caller = service.holding(&secret);
        let asked = json!({ "key": secret, "scopes": ["users.read"] });
        let batch = json!({ "keys": [secret, secret], "scopes": ["users.read"] });
        // Found once, then known, then met by those who need no closer look.
        for _ in 0..3 {
            assert_eq!(gateway.get("/v1/forward-auth/caddy/project=shop").await.status, 204, "{way}");
            assert_eq!(service.post("/v1/keys/verify", asked.clone()).await.ok(200)["code"], "valid", "{way}");
            assert_eq!(service.post("/v1/keys/verify", batch.clone()).await.ok(200)["verifications"][1]["code"], "valid", "{way}");
            as_caller.post("/v1/keys/verify", asked.clone()).await.ok(200);
            world.app.settle().await;
        }
        match way {
            "deleted" => assert!(other.delete_key("shop", &id).await.unwrap()),
            "rotated" => drop(other.rotate_key("shop", &id, rotation(&id, None)).await.unwrap().unwrap()),
            "rotated, and its overlap has ended" => {
                drop(other.rotate_key("shop", &id, rotation(&id, Some(world.now().plus_seconds(60)))).await.unwrap().unwrap());
                assert_eq!(gateway.get("/v1/forward-auth/caddy/project=shop").await.status, 204, "until then");
                world.clock.advance_seconds(60);
            }
            "disabled" => drop(other.set_key_enabled("shop", &id, false, world.now()).await.unwrap().unwrap()),
            "expired" => {
                let until = world.now().plus_seconds(60);
                drop(other.update_key("shop", &id, change(&["keys.read", "users.read"], Some(until))).await.unwrap().unwrap());
                assert_eq!(gateway.get("/v1/forward-auth/caddy/project=shop").await.status, 204, "until then");
                world.clock.advance_seconds(60);
            }
            "narrowed" => drop(other.update_key("shop", &id, change(&[], None)).await.unwrap().unwrap()),
            _ => {
                owner.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
                world.query(&format!("UPDATE keys SET project_id = 'other' WHERE id = '{id}'")).unwrap();
            }
        }
        let answer = gateway.get("/v1/forward-auth/caddy/project=shop").await;
        assert_eq!(answer.status, if way == "narrowed" { 403 } else { 401 }, "{way}: {}", answer.text);
        assert_eq!(service.post("/v1/keys/verify", asked.clone()).await.ok(200)["code"], code, "{way}");
        for verification in service.post("/v1/keys/verify", batch).await.ok(200)["verifications"].as_array().unwrap() {
            assert_eq!(verification["code"], code, "{way}");
        }
        let answer = as_caller.post("/v1/keys/verify", asked).await;
        assert_eq!(answer.status, 401, "{way}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_old_secret_ends_with_its_overlap_though_nothing_is_written() {
    let (world, owner) = World::ready().await;
    let key = owner.key("app", &["keys.read"]).await;
    owner.post("/v1/project/keys/app/rotate", serde_json::json!({ "overlapSeconds": 60 })).await.ok(200);
    key.get("/v1/project/keys").await.ok(200);
    world.clock.advance_seconds(60);
    key.get("/v1/project/keys").await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn a_key_that_is_deleted_while_its_request_arrives_does_nothing() {
    let (world, owner) = World::ready().await;
    let key = owner.key("app", &["keys.write"]).await;
    let (waits, waiting) = oneshot::channel();
    let (release, released) = oneshot::channel();
    // The server has judged the head by the time that it asks for the body.
    let body = Body::from_stream(stream::once(async move {
        let _ = waits.send(());
        released.await
    }));
    let create = tokio::spawn(async move { key.stream(Method::POST, "/v1/project/keys", Some("application/json"), body).await });
    waiting.await.unwrap();
    owner.delete("/v1/project/keys/app").await.ok(204);
    release.send(json!({ "keyId": "late", "name": "late", "scopes": ["rows.read"] }).to_string()).unwrap();
    create.await.unwrap().refused(401, "user_unauthorized");
    assert_eq!(owner.get("/v1/project/keys").await.ok(200)["keys"], Value::Array(Vec::new()));
    drop(world);
}
