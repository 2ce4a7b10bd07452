//! Two changes at the same time, and clients that hang up.

use axum::{
    body::Body,
    http::{Method, Request},
};
use scopewise::server::{config::DatabaseUrl, store};
use serde_json::{Value, json};

use super::world::{Client, World};

const KEYS: &str = "/v1/project/keys";
const POLICY: &str = "/v1/project/policy";
const ROUNDS: usize = 100;

/// What the audit log of the project says, newest first.
async fn actions(owner: &Client) -> Vec<(String, String)> {
    let log = owner.get("/v1/project/audit?limit=5000").await.ok(200);
    let text = |entry: &Value, member: &str| entry[member].as_str().unwrap().to_owned();
    log["entries"].as_array().unwrap().iter().map(|entry| (text(entry, "action"), text(entry, "targetId"))).collect()
}

/// A key with `keys.write` puts its own scopes back, again and again, while a person narrows it, switches it off or ends it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_never_puts_back_what_a_person_has_just_taken_away() {
    let (world, owner) = World::ready().await;
    for round in 0..ROUNDS {
        let id = format!("k{round}");
        let key = owner.key(&id, &["keys.write", "keys.read"]).await.at([10, 0, 1, u8::try_from(round).unwrap()]);
        let path = format!("{KEYS}/{id}");
        let back = json!({ "name": "back", "scopes": ["keys.write", "keys.read"], "expire": "2030-01-01" });
        let puts = (0..3).map(|_| {
            let (key, path, back) = (key.clone(), path.clone(), back.clone());
            tokio::spawn(async move { key.put(&path, back).await.status.as_u16() })
        });
        let puts: Vec<_> = puts.collect();
        match round % 3 {
            0 => drop(owner.put(&path, json!({ "name": "narrowed", "scopes": ["keys.read"], "expire": "2030-01-01" })).await.ok(200)),
            1 => drop(owner.patch(&format!("{path}/status"), json!({ "enabled": false })).await.ok(200)),
            _ => drop(owner.put(&path, json!({ "name": "ended", "scopes": ["keys.write"], "expire": "2020-01-01" })).await.ok(200)),
        }
        for put in puts {
            let status = put.await.unwrap();
            assert!(matches!(status, 200 | 401), "round {round}: {status}");
        }
        let after = owner.get(&format!("{path}?details=true")).await.ok(200);
        match round % 3 {
            0 => assert_eq!(after["scopes"], json!(["keys.read"]), "round {round}: {after}"),
            1 => assert_eq!(after["enabled"], json!(false), "round {round}: {after}"),
            _ => assert_eq!(after["status"], "expired", "round {round}: {after}"),
        }
        assert_eq!(key.put(&path, back).await.status, 401, "round {round}");
    }
    drop(world);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_people_who_change_different_rules_neither_loses_any() {
    let (_world, owner) = World::ready().await;
    for round in 0..ROUNDS {
        owner.patch(POLICY, json!({ "requireExpiry": false, "maxLifetimeSeconds": null, "browserUse": "reject" })).await.ok(200);
        let changes = [json!({ "requireExpiry": true }), json!({ "maxLifetimeSeconds": 3600 }), json!({ "browserUse": "report" })];
        let changes = changes.map(|change| {
            let owner = owner.clone();
            tokio::spawn(async move { owner.patch(POLICY, change).await.ok(200) })
        });
        for change in changes {
            change.await.unwrap();
        }
        let after = owner.get(POLICY).await.ok(200);
        assert_eq!(
            (&after["requireExpiry"], &after["maxLifetimeSeconds"], &after["browserUse"]),
            (&json!(true), &json!(3600), &json!("report")),
            "round {round}"
        );
    }
}

#[tokio::test]
async fn a_change_of_what_has_changed_since_it_was_read_is_refused() {
    let (_world, owner) = World::ready().await;
    owner.make_key("k", &["rows.read"]).await;
    let path = format!("{KEYS}/k");
    let seen = owner.get(&path).await.header("etag").to_owned();
    assert!(seen.starts_with('"') && seen.ends_with('"'), "{seen}");
    let body = |name: &str| json!({ "name": name, "scopes": ["rows.read"] });
    let mine = owner.with("if-match", &seen).put(&path, body("mine")).await;
    let newer = mine.header("etag").to_owned();
    mine.ok(200);
    assert_ne!(newer, seen);
    let stale = owner.with("if-match", &seen);
    for answer in [
        stale.put(&path, body("theirs")).await,
        stale.delete(&path).await,
        stale.post(&format!("{path}/rotate"), json!({})).await,
        stale.patch(&format!("{path}/status"), json!({ "enabled": false })).await,
        stale.delete(&format!("{path}/overlap")).await,
    ] {
        answer.refused(412, "general_precondition_failed");
    }
    assert_eq!(owner.get(&path).await.ok(200)["name"], "mine");
    for wanted in [newer.clone(), "*".to_owned()] {
        let answer = owner.with("if-match", &wanted).patch(&format!("{path}/status"), json!({ "enabled": true })).await;
        let tag = answer.header("etag").to_owned();
        answer.ok(200);
        assert_eq!(owner.get(&path).await.header("etag"), tag);
        let listed = format!("\"1.9999\", {tag}");
        owner.with("if-match", &listed).patch(&format!("{path}/status"), json!({ "enabled": true })).await.ok(200);
    }
    // A use of the key is no change of it.
    let before = owner.get(&path).await.header("etag").to_owned();
    let secret = owner.make_key("other", &["keys.read"]).await["secret"].as_str().unwrap().to_owned();
    owner.holding(&secret).get(&path).await.ok(200);
    assert_eq!(owner.get(&path).await.header("etag"), before);

    let seen = owner.get(POLICY).await.header("etag").to_owned();
    let stale = owner.with("if-match", &seen);
    stale.patch(POLICY, json!({ "requireExpiry": true })).await.ok(200);
    stale.patch(POLICY, json!({ "requireExpiry": false })).await.refused(412, "general_precondition_failed");
    assert_eq!(owner.get(POLICY).await.ok(200)["requireExpiry"], true);
}

/// The request of a client that hangs up as soon as the server has begun to make the change.
async fn sent_and_gone(world: &World, owner: &Client, method: Method, path: &str, body: &Value) {
    let (interface, headers) = owner.parts();
    let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(body.to_string())).unwrap();
    let answer = interface.answer(request, Some(owner.peer().ip()));
    let mut answer = Box::pin(answer);
    while world.app.writes_begun() == 0 && futures_util::poll!(&mut answer).is_pending() {
        tokio::task::yield_now().await;
    }
    drop(answer);
    world.app.finish_writes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_for_a_client_that_hung_up_is_in_the_audit_log() {
    let (world, owner) = World::ready().await;
    for round in 0..ROUNDS {
        let id = format!("k{round}");
        sent_and_gone(&world, &owner, Method::POST, KEYS, &json!({ "keyId": id, "name": "n", "scopes": [] })).await;
        sent_and_gone(&world, &owner, Method::DELETE, &format!("{KEYS}/{id}"), &json!({})).await;
    }
    let log = actions(&owner).await;
    for round in 0..ROUNDS {
        let of = |action: &str| log.contains(&(action.to_owned(), format!("k{round}")));
        assert!(of("key.create") && of("key.delete"), "round {round}: {log:?}");
    }
}

/// Another process deletes the key between the judgement and the write: nothing is written, and no entry.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn replicas_that_change_one_key_leave_as_many_entries_as_changes() {
    let (world, owner) = World::ready().await;
    let url: DatabaseUrl = world.database();
    let replica = world.replica(store::open(&url).await.unwrap());
    let there = owner.at_interface(&replica);
    owner.make_key("k", &[]).await;
    let changes = (0..40).map(|n| {
        let client = if n % 2 == 0 { owner.clone() } else { there.clone() };
        let body = json!({ "name": format!("n{n}"), "scopes": [] });
        tokio::spawn(async move { client.put(&format!("{KEYS}/k"), body).await.status.as_u16() })
    });
    let mut done = 0;
    for change in changes.collect::<Vec<_>>() {
        match change.await.unwrap() {
            200 => done += 1,
            409 => {}
            other => panic!("{other}"),
        }
    }
    let entries = actions(&owner).await.into_iter().filter(|(action, _)| action == "key.update").count();
    assert_eq!(entries, done);
    assert!(done > 0);
}
