//! Keys that are rotated, disabled and enabled, or exposed: extensions of the contract.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    counting::counted,
    world::{Client, World},
};

const KEYS: &str = "/v1/project/keys";

async fn rotated(client: &Client, id: &str, overlap_seconds: i64) -> Value {
    client.post(&format!("{KEYS}/{id}/rotate"), json!({ "overlapSeconds": overlap_seconds })).await.ok(200)
}

async fn holder_of_rotated(client: &Client, id: &str, overlap_seconds: i64) -> Client {
    client.holding(rotated(client, id, overlap_seconds).await["secret"].as_str().unwrap())
}

#[tokio::test]
async fn a_rotation_keeps_the_key_and_changes_the_secret() {
    let (world, owner) = World::ready().await;
    let before = owner.make_key("ci", &["keys.read"]).await;
    world.clock.advance_seconds(60);
    let after = rotated(&owner, "ci", 0).await;
    let (old, new) = (before["secret"].as_str().unwrap(), after["secret"].as_str().unwrap());
    assert!(new.starts_with("scopewise_key_") && old != new);
    for same in ["$id", "$createdAt", "name", "expire", "scopes"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!((&after["rotatedAt"], &after["overlapUntil"]), (&json!(world.now().to_string()), &json!("")));
    owner.holding(new).get(KEYS).await.ok(200);
    owner.holding(old).get(KEYS).await.refused(401, "user_unauthorized");
    // The secret is shown here and nowhere else.
    let shown = owner.get(&format!("{KEYS}/ci")).await.ok(200);
    assert_eq!(shown["secret"], format!("{}…{}", &new[..18], &new[59..]));
}

#[tokio::test]
async fn a_new_secret_is_shown_also_where_the_creator_cannot_be_read() {
    let (_world, owner, store) = counted().await;
    owner.make_key("ci", &["keys.read"]).await;
    store.fail_at("key_creators");
    let after = rotated(&owner, "ci", 0).await;
    assert_eq!(after["createdBy"], Value::Null);
    owner.holding(after["secret"].as_str().unwrap()).get(KEYS).await.ok(200);
}

#[tokio::test]
async fn the_old_secret_overlaps_the_new_one_until_the_chosen_moment() {
    let (world, owner) = World::ready().await;
    let old = owner.key("ci", &["keys.read"]).await;
    let new = holder_of_rotated(&owner, "ci", 3600).await;
    assert_eq!(
        owner.get(&format!("{KEYS}/ci?details=true")).await.ok(200)["overlapUntil"],
        json!(world.now().plus_seconds(3600).to_string())
    );
    world.clock.advance_milliseconds(3_599_999);
    old.get(KEYS).await.ok(200);
    new.get(KEYS).await.ok(200);
    world.clock.advance_milliseconds(1);
    old.get(KEYS).await.refused(401, "user_unauthorized");
    new.get(KEYS).await.ok(200);
    assert_eq!(owner.get(&format!("{KEYS}/ci?details=true")).await.ok(200)["overlapUntil"], "");
}

#[tokio::test]
async fn the_overlap_never_passes_the_expiry_that_the_key_had() {
    let (world, owner) = World::ready().await;
    let expire = world.now().plus_seconds(100);
    let body = json!({ "keyId": "ci", "name": "n", "scopes": ["keys.read"], "expire": expire.to_string() });
    let old = owner.holding(owner.post(KEYS, body).await.ok(201)["secret"].as_str().unwrap());
    let after = rotated(&owner, "ci", 3600).await;
    assert_eq!(after["overlapUntil"], json!(expire.to_string()));
    // A longer life of the key is not one of the old secret.
    owner.put(&format!("{KEYS}/ci"), json!({ "name": "n", "scopes": ["keys.read"] })).await.ok(200);
    world.clock.advance_seconds(100);
    old.get(KEYS).await.refused(401, "user_unauthorized");
    owner.holding(after["secret"].as_str().unwrap()).get(KEYS).await.ok(200);
    // An expired key has nothing left to overlap, and a new secret must not be dead at birth.
    owner.put(&format!("{KEYS}/ci"), json!({ "name": "n", "scopes": ["keys.read"], "expire": "2020-01-01" })).await.ok(200);
    let rotate = format!("{KEYS}/ci/rotate");
    for body in [json!({}), json!({ "overlapSeconds": 3600 }), json!({ "expire": "2020-01-02" })] {
        let message = owner.post(&rotate, body).await.refused(400, "general_argument_invalid");
        assert!(message.contains("`expire`"), "{message}");
    }
    let later = world.now().plus_seconds(500).to_string();
    let after = owner.post(&rotate, json!({ "overlapSeconds": 3600, "expire": later })).await.ok(200);
    assert_eq!((&after["overlapUntil"], &after["expire"]), (&json!(""), &json!(later)));
    owner.holding(after["secret"].as_str().unwrap()).get(KEYS).await.ok(200);
}

/// The old secret would be dead at once, or the rules as they were, and no one would notice.
#[tokio::test]
async fn what_our_own_routes_cannot_read_changes_nothing() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("ci", &["keys.read"]).await;
    let policy = owner.get("/v1/project/policy").await.ok(200);
    let (rotate, status) = (format!("{KEYS}/ci/rotate"), format!("{KEYS}/ci/status"));
    let bodies: &[(Option<&str>, &str)] = &[
        (Some("application/json"), "{\"overlapSeconds\": 3600"),
        (Some("application/json"), "[3600]"),
        (Some("application/json"), "{\"overlapSecond\": 3600}"),
        (Some("application/json"), "{\"overlapseconds\": 3600, \"enable\": false, \"requireexpiry\": true}"),
        (Some("application/json"), "\u{feff}{\"overlap\": 1}"),
        (Some("text/plain"), "{\"overlapSeconds\": 3600}"),
        (Some("application/x-www-form-urlencoded"), "overlap_seconds=3600"),
        (None, "{\"overlapSeconds\": 3600}"),
    ];
    for (content_type, body) in bodies {
        for (method, path) in [(Method::POST, rotate.as_str()), (Method::PATCH, &status), (Method::PATCH, "/v1/project/policy")] {
            let answer = owner.send(method.clone(), path, *content_type, body.as_bytes()).await;
            assert_eq!(answer.status, 400, "{method} {path} {content_type:?} {body}: {}", answer.text);
        }
    }
    for path in ["/v1/project/signing-key/rotate", "/v1/setup", "/v1/keys/verify"] {
        let answer = owner.send(Method::POST, path, Some("application/json"), b"{\"surprise\": 1}").await;
        assert!([400, 409].contains(&answer.status.as_u16()), "{path}: {}", answer.text);
    }
    key.get(KEYS).await.ok(200);
    assert_eq!(owner.get("/v1/project/policy").await.ok(200), policy);
    assert_eq!(owner.get(&format!("{KEYS}/ci?details=true")).await.ok(200)["rotatedAt"], "");
    // Without a body there is nothing to misunderstand.
    owner.send(Method::POST, &rotate, None, b"").await.ok(200);
    key.get(KEYS).await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn a_new_secret_keeps_to_the_policy_like_a_new_key() {
    let (world, owner) = World::ready().await;
    owner.make_key("old", &["keys.read"]).await;
    let rotate = format!("{KEYS}/old/rotate");
    owner.patch("/v1/project/policy", json!({ "requireExpiry": true })).await.ok(200);
    let message = owner.post(&rotate, json!({})).await.refused(400, "general_argument_invalid");
    assert!(message.contains("`expire`") && message.contains("every key expires"), "{message}");
    owner.patch("/v1/project/policy", json!({ "requireExpiry": false, "maxLifetimeSeconds": 3600 })).await.ok(200);
    let at = |seconds: i64| world.now().plus_seconds(seconds).to_string();
    owner.post(&rotate, json!({ "expire": at(3601) })).await.refused(400, "general_argument_invalid");
    let after = owner.post(&rotate, json!({ "expire": at(3600) })).await.ok(200);
    assert_eq!(after["expire"], json!(at(3600)));
    // An hour of a secret is over with it: a new one may live an hour again.
    world.clock.advance_seconds(1800);
    owner.post(&rotate, json!({})).await.ok(200);
    owner.post(&rotate, json!({ "expire": at(3600) })).await.ok(200);
}

#[tokio::test]
async fn a_second_rotation_ends_what_is_older_than_the_last_secret() {
    let (_world, owner) = World::ready().await;
    let first = owner.key("ci", &["keys.read"]).await;
    let second = holder_of_rotated(&owner, "ci", 3600).await;
    let third = holder_of_rotated(&owner, "ci", 3600).await;
    first.get(KEYS).await.refused(401, "user_unauthorized");
    second.get(KEYS).await.ok(200);
    third.get(KEYS).await.ok(200);
    let fourth = holder_of_rotated(&owner, "ci", 0).await;
    for ended in [first, second, third] {
        ended.get(KEYS).await.refused(401, "user_unauthorized");
    }
    fourth.get(KEYS).await.ok(200);
}

#[tokio::test]
async fn a_rotation_without_downtime_refuses_no_request() {
    let (_world, owner) = World::ready().await;
    let mut key = owner.key("ci", &["keys.read", "keys.write"]).await;
    for _ in 0..20 {
        // The key rotates itself, as a pipeline does; the old and the new secret work side by side.
        let next = holder_of_rotated(&key, "ci", 60).await;
        key.get(KEYS).await.ok(200);
        next.get(KEYS).await.ok(200);
        key = next;
    }
}

#[tokio::test]
async fn the_overlap_is_judged() {
    let (_world, owner) = World::ready().await;
    owner.make_key("ci", &[]).await;
    for bad in [json!(-1), json!(604_801), json!("x"), json!(1.5), json!(true)] {
        let message =
            owner.post(&format!("{KEYS}/ci/rotate"), json!({ "overlapSeconds": bad })).await.refused(400, "general_argument_invalid");
        assert!(message.contains("`overlapSeconds`"), "{message}");
    }
    rotated(&owner, "ci", 604_800).await;
    owner.post(&format!("{KEYS}/ci/rotate"), json!({})).await.ok(200);
    owner.post(&format!("{KEYS}/absent/rotate"), json!({})).await.refused(404, "key_not_found");
}

#[tokio::test]
async fn a_disabled_key_is_refused_at_the_next_request_until_it_is_enabled() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("ci", &["keys.read"]).await;
    let status = format!("{KEYS}/ci/status");
    let off = owner.patch(&status, json!({ "enabled": false })).await.ok(200);
    assert_eq!((&off["enabled"], &off["status"]), (&json!(false), &json!("disabled")));
    key.get(KEYS).await.refused(401, "project_key_disabled");
    // A new secret of a disabled key opens nothing either.
    holder_of_rotated(&owner, "ci", 60).await.get(KEYS).await.refused(401, "project_key_disabled");
    let on = owner.patch(&status, json!({ "enabled": "true" })).await.ok(200);
    assert_eq!((&on["enabled"], &on["status"]), (&json!(true), &json!("active")));
    key.get(KEYS).await.ok(200);
    for bad in [json!({}), json!({ "enabled": null }), json!({ "enabled": "yes" }), json!({ "enabled": 2 })] {
        owner.patch(&status, bad).await.refused(400, "general_argument_invalid");
    }
    owner.patch(&format!("{KEYS}/absent/status"), json!({ "enabled": true })).await.refused(404, "key_not_found");
}

#[tokio::test]
async fn a_key_can_switch_itself_off_and_then_do_nothing_more() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("ci", &["keys.write"]).await;
    key.patch(&format!("{KEYS}/ci/status"), json!({ "enabled": false })).await.ok(200);
    key.patch(&format!("{KEYS}/ci/status"), json!({ "enabled": true })).await.refused(401, "project_key_disabled");
}

#[tokio::test]
async fn details_stand_behind_the_contracts_fields_and_only_where_asked_for() {
    let (_world, owner) = World::ready().await;
    owner.make_key("ci", &["keys.read"]).await;
    let plain = owner.get(&format!("{KEYS}/ci")).await.ok(200);
    assert_eq!(plain.as_object().unwrap().len(), 10);
    let answer = owner.get(&format!("{KEYS}/ci?details=true")).await;
    let text = answer.text.clone();
    let mut details = answer.ok(200);
    assert!(text.find("\"sdks\"").unwrap() < text.find("\"enabled\"").unwrap(), "{text}");
    let extra = json!({ "enabled": true, "status": "active", "rotatedAt": "", "overlapUntil": "", "exposedAt": "" });
    for (name, value) in extra.as_object().unwrap() {
        assert_eq!(details.as_object_mut().unwrap().remove(name).as_ref(), Some(value), "{name}");
    }
    assert_eq!(details.as_object_mut().unwrap().remove("createdBy").unwrap()["type"], "account");
    assert_eq!(details, plain);
    let list = owner.get(&format!("{KEYS}?details=1")).await.ok(200);
    assert_eq!((&list["total"], &list["keys"][0]["status"]), (&json!(1), &json!("active")));
    owner.get(&format!("{KEYS}?details=maybe")).await.refused(400, "general_argument_invalid");
}

#[tokio::test]
async fn an_exposed_key_is_noted_until_it_is_rotated() {
    let (world, owner) = World::ready().await;
    let key = owner.key("leaked", &["keys.read"]).await;
    let at = world.now().to_string();
    key.with("sec-fetch-site", "cross-site").get(KEYS).await.refused(401, "project_key_in_browser");
    world.clock.advance_seconds(5);
    key.with("sec-fetch-site", "cross-site").get(KEYS).await.refused(401, "project_key_in_browser");
    world.app.settle().await;
    let details = || async { owner.get(&format!("{KEYS}/leaked?details=true")).await.ok(200) };
    assert_eq!(details().await["exposedAt"], json!(at));
    // A server that holds it is still served.
    key.get(KEYS).await.ok(200);
    rotated(&owner, "leaked", 0).await;
    assert_eq!(details().await["exposedAt"], "");
}
