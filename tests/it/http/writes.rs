//! Changes take turns: a caller with many waits only behind its own, and an abandoned one takes nothing.

use futures_util::{StreamExt, future::join_all, stream::FuturesUnordered};
use serde_json::{Value, json};

use super::{counting::counted, organization::organization_key, world::Client};
use crate::patience::{Patience, until};

const KEYS: &str = "/v1/project/keys";
/// How many changes of one key of one caller are made at a time, and how many wait.
const AT_ONCE: usize = 48;
const WAITING: usize = 64;

fn body(id: &str) -> Value {
    json!({ "keyId": id, "name": id, "scopes": [] })
}

/// The ids of the keys that were made, as the audit log says.
async fn made(owner: &Client) -> Vec<String> {
    let log = owner.get("/v1/project/audit?limit=5000").await.ok(200);
    let entries = log["entries"].as_array().unwrap().iter().filter(|entry| entry["action"] == "key.create");
    let mut made: Vec<String> = entries.map(|entry| entry["targetId"].as_str().unwrap().to_owned()).collect();
    made.sort();
    made
}

#[tokio::test]
async fn abandoned_changes_of_one_project_delay_no_other_and_do_not_pile_up() {
    let (world, owner, store) = counted().await;
    let noisy = owner.key("noisy", &["keys.write"]).await;
    let theirs = owner.on("other").make_key("theirs", &["keys.write"]).await;
    let other = noisy.with("x-appwrite-project", "other").with("x-appwrite-key", theirs["secret"].as_str().unwrap());
    store.hold(true);
    let mut abandoned = Vec::new();
    for n in 0..300 {
        let (client, path) = (noisy.clone(), body(&format!("n{n:03}")));
        let mut request = Box::pin(async move { client.post(KEYS, path).await });
        let _ = futures_util::poll!(&mut request);
        match n < AT_ONCE {
            // These begin.
            true => {
                let (begun, patience) = (n + 1, Patience::new());
                while world.app.writes_begun() != begun {
                    patience.or_fail("a change does not begin");
                    let _ = futures_util::poll!(&mut request);
                    tokio::task::yield_now().await;
                }
            }
            // And these do not.
            false => abandoned.push(request),
        }
        if abandoned.len() == 50 {
            abandoned.clear();
        }
    }
    drop(abandoned);
    until("what nobody waits for is still there", || world.app.writes_under_way() == AT_ONCE).await;
    // Another project, and the person who comes to stop it.
    other.patch(&format!("{KEYS}/theirs/status"), json!({ "enabled": true })).await.ok(200);
    owner.patch(&format!("{KEYS}/noisy/status"), json!({ "enabled": true })).await.ok(200);
    assert_eq!(world.app.writes_begun(), AT_ONCE);
    store.hold(false);
    world.app.finish_writes().await;
    // What had begun is done and written down, although no client waited for it; nothing else is.
    let begun = (0..AT_ONCE).map(|n| format!("n{n:03}"));
    assert_eq!(made(&owner).await, begun.chain(["noisy".to_owned()]).collect::<Vec<_>>());
    let listed = owner.get(KEYS).await.ok(200);
    assert_eq!(listed["total"], AT_ONCE + 1);
}

#[tokio::test]
async fn of_too_many_changes_of_one_project_some_wait_and_the_others_are_refused_at_once() {
    let (world, owner, store) = counted().await;
    let noisy = owner.key("noisy", &["keys.write"]).await;
    let organization = organization_key(&world, &owner, "org", &["projects.read", "projects.write"]).await;
    store.hold(true);
    let ask = |n: usize| {
        let client = noisy.clone();
        async move { client.post(KEYS, body(&format!("n{n:03}"))).await }
    };
    let mut asked: FuturesUnordered<_> = (0..AT_ONCE + WAITING + 33).map(ask).collect();
    for _ in 0..33 {
        let answer = asked.next().await.unwrap();
        assert_eq!(answer.header("retry-after"), "1");
        let message = answer.refused(429, "general_rate_limit_exceeded");
        assert!(message.contains("wait for their turn"), "{message}");
    }
    // A key of the organization has turns of its own.
    let created = organization.post("/v1/organization/projects", json!({ "projectId": "third", "name": "Third" })).await;
    assert_eq!(created.status, 201, "{}", created.text);
    // A person in the same project does not wait behind its keys, nor does what changes nothing.
    owner.patch("/v1/project/policy", json!({ "requireExpiry": false })).await.ok(200);
    noisy.post("/v1/keys/verify", json!({ "key": "x" })).await.refused(401, "general_unauthorized_scope");
    store.hold(false);
    let answers: Vec<_> = asked.collect().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), AT_ONCE + WAITING);
    // Nothing that was accepted is lost: each has its entry.
    assert_eq!(made(&owner).await.len(), AT_ONCE + WAITING + 1);
}

/// What a change was judged by may be gone when its turn comes.
#[tokio::test]
async fn a_key_that_was_deleted_while_its_change_waited_changes_nothing() {
    let (world, owner, store) = counted().await;
    let noisy = owner.key("noisy", &["keys.write"]).await;
    let doomed = owner.key("doomed", &["keys.write"]).await;
    store.hold(true);
    let ask = |client: &Client, id: String| {
        let client = client.clone();
        tokio::spawn(async move { client.post(KEYS, body(&id)).await })
    };
    let held: Vec<_> = (0..AT_ONCE).map(|n| ask(&noisy, format!("n{n}"))).collect();
    until("they do not begin", || world.app.writes_begun() == AT_ONCE).await;
    let waiting = ask(&doomed, "late".to_owned());
    until("it is not there", || world.app.writes_under_way() == AT_ONCE + 1).await;
    owner.delete(&format!("{KEYS}/doomed")).await.ok(204);
    store.hold(false);
    for answer in join_all(held).await {
        answer.unwrap().ok(201);
    }
    waiting.await.unwrap().refused(401, "user_unauthorized");
}
