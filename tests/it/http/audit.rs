//! The audit log: who did what, when, from where, and whether it was done. Never a secret.

use serde_json::{Value, json};

use super::world::{Client, EMAIL, PASSWORD, World, on_postgres};

const KEYS: &str = "/v1/project/keys";
const AUDIT: &str = "/v1/project/audit";

async fn entries(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.ok(200)["entries"].as_array().unwrap().clone()
}

/// Actor, action, target and outcome of the newest entries, oldest first.
async fn log(world: &World, owner: &Client, path: &str) -> Vec<String> {
    world.app.settle().await;
    let mut lines: Vec<String> = entries(owner, path)
        .await
        .iter()
        .map(|entry| {
            let word = |name: &str| entry[name].as_str().unwrap().to_owned();
            format!("{} {} {} {}", word("actorType"), word("action"), word("targetId"), word("outcome")).replace("  ", " ")
        })
        .collect();
    lines.reverse();
    lines
}

#[tokio::test]
async fn what_is_done_to_keys_is_written_down() {
    let (world, owner) = World::ready().await;
    let key = owner.key("ci", &["keys.write", "keys.read"]).await;
    key.post(KEYS, json!({ "keyId": "b", "name": "B", "scopes": ["rows.read"] })).await.ok(201);
    owner.put(&format!("{KEYS}/b"), json!({ "name": "B", "scopes": ["rows.write"], "expire": "2030-01-01" })).await.ok(200);
    owner.post(&format!("{KEYS}/b/rotate"), json!({})).await.ok(200);
    owner.patch(&format!("{KEYS}/b/status"), json!({ "enabled": false })).await.ok(200);
    owner.patch(&format!("{KEYS}/b/status"), json!({ "enabled": true })).await.ok(200);
    owner.delete(&format!("{KEYS}/b")).await.ok(204);
    owner.patch("/v1/project/policy", json!({ "keyCreation": "subset" })).await.ok(200);
    let made = key.post(&format!("{KEYS}/ephemeral"), json!({ "scopes": ["keys.write"], "duration": 60 })).await.ok(201);
    let ephemeral = owner.holding(made["secret"].as_str().unwrap());
    ephemeral.post("/v1/project/signing-key/rotate", json!({})).await.ok(204);
    let id = made["$id"].as_str().unwrap();
    let expected = [
        "account project.create shop done",
        "account key.create ci done",
        "key key.create b done",
        "account key.update b done",
        "account key.rotate b done",
        "account key.disable b done",
        "account key.enable b done",
        "account key.delete b done",
        "account policy.update done",
        &format!("key ephemeral-key.create {id} done"),
        "ephemeral-key signing-key.rotate done",
    ];
    assert_eq!(log(&world, &owner, AUDIT).await, expected);

    let all = entries(&owner, AUDIT).await;
    let entry = all.iter().find(|entry| entry["action"] == "key.update").unwrap();
    assert_eq!(entry["detail"], "granted rows.write; revoked rows.read; expires 2030-01-01T00:00:00.000+00:00, before never");
    assert_eq!((&entry["actorName"], &entry["ip"]), (&json!(EMAIL), &json!("192.0.2.1")));
    assert_eq!(entry["$createdAt"], json!(world.now().to_string()));
    let entry = all.iter().find(|entry| entry["action"] == "key.delete").unwrap();
    assert!(entry["detail"].as_str().unwrap().starts_with("named "), "{entry}");
    let entry = all.iter().find(|entry| entry["action"] == "policy.update").unwrap();
    assert_eq!(entry["detail"], "keyCreation subset, before any");
    let entry = &all[0];
    assert_eq!((&entry["actorId"], &entry["actorName"]), (&json!(id), &json!("key ci")));
}

#[tokio::test]
async fn what_the_policy_refuses_is_written_down() {
    let (world, owner) = World::ready().await;
    let key = owner.key("ci", &["keys.write"]).await;
    owner.make_key("wide", &["users.read"]).await;
    owner.patch("/v1/project/policy", json!({ "keyCreation": "denied" })).await.ok(200);
    let known = log(&world, &owner, AUDIT).await.len();
    key.post(KEYS, json!({ "keyId": "b", "name": "B", "scopes": [] })).await.refused(403, "key_creation_denied");
    key.put(&format!("{KEYS}/ci"), json!({ "name": "n", "scopes": ["users.read"] })).await.refused(400, "general_argument_invalid");
    key.post(&format!("{KEYS}/wide/rotate"), json!({})).await.refused(403, "key_creation_denied");
    // A mistake is no event.
    key.put(&format!("{KEYS}/ci"), json!({ "name": "" })).await.refused(400, "general_argument_invalid");
    let lines = log(&world, &owner, AUDIT).await;
    assert_eq!(lines[known..], ["key key.create refused", "key key.update ci refused", "key key.rotate wide refused"]);
}

#[tokio::test]
async fn a_refused_use_of_a_key_is_written_down_once_in_a_while() {
    let (world, owner) = World::ready().await;
    let key = owner.key("ci", &[]).await;
    let known = log(&world, &owner, AUDIT).await.len();
    for _ in 0..3 {
        key.get(KEYS).await.refused(401, "general_unauthorized_scope");
        key.with("sec-fetch-site", "cross-site").get(KEYS).await.refused(401, "project_key_in_browser");
    }
    owner.patch(&format!("{KEYS}/ci/status"), json!({ "enabled": false })).await.ok(200);
    key.get(KEYS).await.refused(401, "project_key_disabled");
    owner.put(&format!("{KEYS}/ci"), json!({ "name": "n", "scopes": [], "expire": "2020-01-01" })).await.ok(200);
    owner.patch(&format!("{KEYS}/ci/status"), json!({ "enabled": true })).await.ok(200);
    key.get(KEYS).await.refused(401, "project_key_expired");
    world.app.settle().await;
    let refused: Vec<_> = entries(&owner, AUDIT).await.into_iter().filter(|entry| entry["outcome"] == "refused").collect();
    let mut details: Vec<_> = refused.iter().map(|entry| entry["detail"].as_str().unwrap()).collect();
    details.sort_unstable();
    assert_eq!(details, ["general_unauthorized_scope keys.read", "project_key_disabled", "project_key_expired", "project_key_in_browser"]);
    assert!(refused.iter().all(|entry| entry["actorId"] == "ci" && entry["ip"] == "192.0.2.1"));
    world.clock.advance_seconds(600);
    key.get(KEYS).await.refused(401, "project_key_expired");
    assert_eq!(log(&world, &owner, AUDIT).await.len(), known + 8);
}

#[tokio::test]
async fn people_who_sign_in_or_are_refused_are_written_down() {
    let (world, owner) = World::ready().await;
    let guest = world.anonymous();
    let sign_in = |email: &str, password: &str| json!({ "email": email, "password": password });
    guest.post("/v1/account/sessions/email", sign_in(EMAIL, "wrong password")).await.refused(401, "user_invalid_credentials");
    guest.post("/v1/account/sessions/email", sign_in("my-secret-password", "x1234567")).await.refused(401, "user_invalid_credentials");
    let cookie = guest.post("/v1/account/sessions/email", sign_in(EMAIL, PASSWORD)).await.cookie();
    guest.with("cookie", &cookie).delete("/v1/account/sessions/current").await.ok(204);
    let console = owner.without("x-appwrite-project").without("x-appwrite-mode");
    console.delete("/v1/organization/projects/shop").await.ok(204);
    let lines = log(&world, &console, "/v1/console/audit").await;
    let shape: Vec<_> = lines.iter().map(|line| line.split(' ').filter(|word| word.len() != 20).collect::<Vec<_>>().join(" ")).collect();
    let mut sorted = shape.clone();
    sorted.sort();
    assert_eq!(
        sorted,
        [
            "account project.delete shop done",
            "account session.create done",
            "account session.create done",
            "account session.create refused",
            "account session.delete done",
            "guest session.create refused",
            "setup account.create done",
        ]
    );
    // What stood in the field of the email may be a password.
    let text = console.get("/v1/console/audit").await.text;
    assert!(!text.contains("my-secret-password") && !text.contains(PASSWORD));
    world.anonymous().get("/v1/console/audit").await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_refused_set_up_is_written_down() {
    let world = World::empty();
    let body = json!({ "token": "guess", "email": EMAIL, "password": PASSWORD });
    world.anonymous().post("/v1/setup", body).await.refused(401, "setup_token_invalid");
    let owner = world.set_up().await;
    let lines = log(&world, &owner, "/v1/console/audit").await;
    assert!(lines[0].starts_with("guest account.create refused"), "{lines:?}");
}

#[tokio::test]
async fn the_log_is_read_page_by_page() {
    let (_world, owner) = World::ready().await;
    for index in 0..5 {
        owner.make_key(&format!("k{index}"), &[]).await;
    }
    let mut seen = Vec::new();
    let mut path = format!("{AUDIT}?limit=2");
    for _ in 0..3 {
        let page = owner.get(&path).await.ok(200);
        seen.extend(page["entries"].as_array().unwrap().iter().map(|entry| entry["targetId"].as_str().unwrap().to_owned()));
        path = format!("{AUDIT}?limit=2&cursor={}", page["nextCursor"].as_str().unwrap());
    }
    assert_eq!(seen, ["k4", "k3", "k2", "k1", "k0", "shop"]);
    assert_eq!(owner.get(&format!("{AUDIT}?limit=6")).await.ok(200)["nextCursor"], "");
    for bad in ["limit=0", "limit=5001", "limit=x", "cursor=x", "format=xml"] {
        owner.get(&format!("{AUDIT}?{bad}")).await.refused(400, "general_argument_invalid");
    }
    let reader = owner.key("reader", &["keys.read"]).await;
    reader.get(AUDIT).await.ok(200);
    owner.key("none", &[]).await.get(AUDIT).await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn the_log_of_one_key_has_its_entries_only() {
    let (_world, owner) = World::ready().await;
    for id in ["a", "b"] {
        owner.make_key(id, &[]).await;
        owner.patch(&format!("{KEYS}/{id}/status"), json!({ "enabled": false })).await.ok(200);
    }
    let page = owner.get(&format!("{AUDIT}?targetId=a&limit=1")).await.ok(200);
    assert_eq!((&page["entries"][0]["action"], &page["entries"][0]["targetId"]), (&json!("key.disable"), &json!("a")));
    let next = page["nextCursor"].as_str().unwrap();
    let page = owner.get(&format!("{AUDIT}?targetId=a&limit=1&cursor={next}")).await.ok(200);
    assert_eq!((&page["entries"][0]["action"], &page["nextCursor"]), (&json!("key.create"), &json!("")));
    assert_eq!(owner.get(&format!("{AUDIT}?targetId=none")).await.ok(200)["entries"], json!([]));
}

#[tokio::test]
async fn the_log_is_filtered_by_actor_action_outcome_and_time() {
    let (world, owner) = World::ready().await;
    let key = owner.key("ci", &["keys.write", "keys.read"]).await;
    world.clock.advance_seconds(60);
    key.post(KEYS, json!({ "keyId": "b", "name": "B", "scopes": ["rows.read"] })).await.ok(201);
    world.clock.advance_seconds(60);
    owner.patch("/v1/project/policy", json!({ "keyCreation": "denied" })).await.ok(200);
    key.post(KEYS, json!({ "keyId": "c", "name": "C", "scopes": [] })).await.refused(403, "key_creation_denied");
    world.app.settle().await;
    let found = async |query: &str| {
        let list = owner.get(&format!("{AUDIT}?{query}")).await.ok(200);
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
        let entries = list["entries"].as_array().unwrap().iter();
        entries
            .map(|entry| format!("{} {} {}", text(entry, "actorType"), text(entry, "action"), text(entry, "outcome")))
            .collect::<Vec<_>>()
    };
    let (refused, policy) = ("key key.create refused", "account policy.update done");
    let (by_key, first, project) = ("key key.create done", "account key.create done", "account project.create done");
    assert_eq!(found("").await, [refused, policy, by_key, first, project]);
    assert_eq!(found("actor=ada%40example.com").await, [policy, first, project]);
    assert_eq!(found("actor=ci").await, [refused, by_key]);
    let name = owner.get(&format!("{KEYS}/ci")).await.ok(200)["name"].as_str().unwrap().replace(' ', "%20");
    assert_eq!(found(&format!("actor={name}&outcome=done")).await, [by_key]);
    assert_eq!(found("action=key.").await, [refused, by_key, first]);
    assert_eq!(found("action=policy.update&targetId=").await, [policy]);
    assert_eq!(found("action=key.teleport").await, [""; 0]);
    assert_eq!(found("outcome=refused").await, [refused]);
    assert_eq!(found("from=2026-08-21T12:01:00Z&until=2026-08-21T12:02:00%2B00:00").await, [by_key]);
    assert_eq!(found("until=2026-08-21T12:01:00Z&action=key.").await, [first]);
    for bad in ["action=", "action=k.", "outcome=maybe", "from=yesterday", "until=2026-13-01", &format!("actor={}", "x".repeat(257))] {
        owner.get(&format!("{AUDIT}?{bad}")).await.refused(400, "general_argument_invalid");
    }
    // The file and the log of the server have the same filters.
    let file = owner.get(&format!("{AUDIT}?format=csv&outcome=refused")).await.text;
    assert_eq!(file.lines().count(), 2, "{file}");
    let console = owner.without("x-appwrite-project").without("x-appwrite-mode");
    let server = console.get("/v1/console/audit?action=session.create&actor=ada%40example.com").await.ok(200);
    assert!(server["entries"].as_array().unwrap().iter().all(|entry| entry["action"] == "session.create"), "{server}");
}

#[tokio::test]
async fn a_project_sees_its_own_entries_only() {
    let (_world, owner) = World::ready().await;
    let console = owner.without("x-appwrite-project").without("x-appwrite-mode");
    console.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    owner.make_key("mine", &[]).await;
    let theirs = entries(&owner.on("other"), AUDIT).await;
    assert_eq!((theirs.len(), &theirs[0]["action"]), (1, &json!("project.create")));
}

#[tokio::test]
async fn the_log_is_exported_as_csv_that_no_spreadsheet_runs() {
    let (world, owner) = World::ready().await;
    let made = owner.post(KEYS, json!({ "keyId": "evil", "name": "=HYPERLINK(\"x\")", "scopes": [] })).await.ok(201);
    let evil = owner.holding(made["secret"].as_str().unwrap());
    evil.get(KEYS).await.refused(401, "general_unauthorized_scope");
    world.app.settle().await;
    // Earlier versions took names with line breaks, and wrote them here.
    let columns = "at, project_id, project_sequence, actor_type, actor_id";
    let rest = "action, target_id, outcome, detail, ip";
    let copy = format!(
        "INSERT INTO audit ({columns}, actor_name, {rest}) SELECT {columns}, actor_name || '\n2026,forged', {rest} FROM audit WHERE action = 'key.use'"
    );
    world.query(&copy).unwrap();
    let answer = owner.get(&format!("{AUDIT}?format=csv&limit=1")).await;
    assert_eq!(
        (answer.header("content-type"), answer.header("content-disposition")),
        ("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\"")
    );
    assert_ne!(answer.header("x-next-cursor"), "");
    let lines: Vec<_> = answer.text.lines().collect();
    assert_eq!(lines.len(), 2, "{}", answer.text);
    assert_eq!(lines[0], "id,createdAt,actorType,actorId,actorName,action,targetId,outcome,detail,ip");
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"x\"\") 2026,forged\",\"key.use\""), "{}", lines[1]);
    let accepted = owner.with("accept", "text/csv").get(AUDIT).await;
    assert!(accepted.text.starts_with("id,createdAt"));
    assert!(owner.with("accept", "text/csv").get(&format!("{AUDIT}?format=json")).await.body["entries"].is_array());
}

#[tokio::test]
async fn no_entry_is_ever_changed_or_removed() {
    let (world, owner) = World::ready().await;
    owner.make_key("k", &[]).await;
    // REPLACE is SQLite's, TRUNCATE is PostgreSQL's.
    let by_store = if on_postgres() { "TRUNCATE audit" } else { "REPLACE INTO audit SELECT * FROM audit LIMIT 1" };
    for sql in ["UPDATE audit SET outcome = 'refused'", "DELETE FROM audit", by_store] {
        let error = world.query(sql).unwrap_err();
        assert!(error.contains("never"), "{sql}: {error}");
    }
    // Not even with the project.
    let before = world.query("SELECT sequence FROM audit").unwrap().len();
    owner.delete("/v1/project").await.ok(204);
    assert_eq!(world.query("SELECT sequence FROM audit").unwrap().len(), before + 1);
}

#[tokio::test]
async fn a_project_that_is_made_again_does_not_show_the_log_of_the_old_one() {
    let (_world, owner) = World::ready().await;
    owner.make_key("secret-plan", &[]).await;
    owner.delete("/v1/project").await.ok(204);
    let console = owner.without("x-appwrite-project").without("x-appwrite-mode");
    console.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Again" })).await.ok(201);
    let log = owner.get(AUDIT).await.ok(200);
    let actions: Vec<&str> = log["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["project.create"], "{log}");
    let server = console.get("/v1/console/audit").await.ok(200);
    assert!(server["entries"].as_array().unwrap().iter().any(|entry| entry["action"] == "project.delete"), "{server}");
}
