//! A project's rules for its keys: what a key may make, how long it may live, and what happens in a browser.

use serde_json::{Value, json};

use super::world::{Client, World};

const KEYS: &str = "/v1/project/keys";
const POLICY: &str = "/v1/project/policy";

async fn set(owner: &Client, policy: Value) -> Value {
    owner.patch(POLICY, policy).await.ok(200)
}

fn body(id: &str, scopes: &[&str]) -> Value {
    json!({ "keyId": id, "name": id, "scopes": scopes })
}

/// Makes sure that the scope model refuses these scopes, and these alone.
fn exceeds(answer: super::world::Answer, scopes: &[&str]) {
    let errors = answer.body["report"]["errors"].as_array().cloned().unwrap_or_default();
    let codes: Vec<_> = errors.iter().map(|error| (error["code"].as_str().unwrap(), error["scope"].as_str().unwrap())).collect();
    let expected: Vec<_> = scopes.iter().map(|scope| ("exceeds-grantor", *scope)).collect();
    assert_eq!(codes, expected, "{}", answer.text);
}

#[tokio::test]
async fn the_default_is_what_the_contract_documents() {
    let (_world, owner) = World::ready().await;
    let policy = owner.get(POLICY).await.ok(200);
    let expected = json!({ "keyCreation": "any", "maxLifetimeSeconds": null, "requireExpiry": false, "browserUse": "reject", "edition": null, "$updatedAt": "" });
    assert_eq!(policy, expected);
    let writer = owner.key("writer", &["keys.write"]).await;
    writer.post(KEYS, body("wide", &["users.write"])).await.ok(201);
}

#[tokio::test]
async fn a_change_touches_what_it_names_and_nothing_else() {
    let (world, owner) = World::ready().await;
    let changed = set(&owner, json!({ "keyCreation": "subset", "maxLifetimeSeconds": 86_400 })).await;
    assert_eq!(
        (&changed["keyCreation"], &changed["maxLifetimeSeconds"], &changed["browserUse"]),
        (&json!("subset"), &json!(86_400), &json!("reject"))
    );
    assert_eq!(changed["$updatedAt"], json!(world.now().to_string()));
    let changed = set(&owner, json!({ "browserUse": "report", "requireExpiry": true })).await;
    assert_eq!(
        (&changed["keyCreation"], &changed["maxLifetimeSeconds"], &changed["requireExpiry"]),
        (&json!("subset"), &json!(86_400), &json!(true))
    );
    let changed = set(&owner, json!({ "maxLifetimeSeconds": null })).await;
    assert_eq!((&changed["maxLifetimeSeconds"], &changed["requireExpiry"]), (&Value::Null, &json!(true)));
    for bad in [
        json!({ "keyCreation": "sometimes" }),
        json!({ "keyCreation": 5 }),
        json!({ "browserUse": "" }),
        json!({ "maxLifetimeSeconds": 59 }),
        json!({ "maxLifetimeSeconds": 3_153_600_001_i64 }),
        json!({ "maxLifetimeSeconds": "soon" }),
        json!({ "requireExpiry": "maybe" }),
    ] {
        owner.patch(POLICY, bad).await.refused(400, "general_argument_invalid");
    }
    assert_eq!(owner.get(POLICY).await.ok(200), changed);
}

#[tokio::test]
async fn a_policy_is_of_one_project() {
    let (_world, owner) = World::ready().await;
    let console = owner.without("x-appwrite-project").without("x-appwrite-mode");
    console.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    set(&owner, json!({ "keyCreation": "denied" })).await;
    assert_eq!(owner.on("other").get(POLICY).await.ok(200)["keyCreation"], "any");
}

#[tokio::test]
async fn no_key_changes_the_policy() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("all", &["keys.read", "keys.write", "project.write", "project.policies.write"]).await;
    key.get(POLICY).await.ok(200);
    let message = key.patch(POLICY, json!({ "keyCreation": "any" })).await.refused(401, "general_unauthorized_scope");
    assert!(message.contains("No API key can hold it"), "{message}");
    let made = key.post("/v1/project/keys/ephemeral", json!({ "scopes": ["keys.write"], "duration": 60 })).await.ok(201);
    let ephemeral = owner.holding(made["secret"].as_str().unwrap());
    ephemeral.patch(POLICY, json!({ "keyCreation": "any" })).await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn with_subset_a_key_creates_only_what_it_holds() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("writer", &["keys.write", "rows.read"]).await;
    key.post(KEYS, body("before", &["users.read"])).await.ok(201);
    set(&owner, json!({ "keyCreation": "subset" })).await;
    key.post(KEYS, body("equal", &["keys.write", "rows.read"])).await.ok(201);
    key.post(KEYS, body("less", &[])).await.ok(201);
    // What every key holds anyway is no scope more.
    let refused = key.post(KEYS, body("more", &["rows.read", "users.read", "rows.write"])).await;
    assert_eq!((refused.status.as_u16(), refused.body["type"].as_str()), (400, Some("general_argument_invalid")));
    exceeds(refused, &["users.read", "rows.write"]);
    owner.get(&format!("{KEYS}/more")).await.refused(404, "key_not_found");
    // A person is not bound by what a key holds.
    owner.post(KEYS, body("more", &["users.read"])).await.ok(201);
}

#[tokio::test]
async fn with_subset_a_key_widens_no_key_least_of_all_itself() {
    let (_world, owner) = World::ready().await;
    set(&owner, json!({ "keyCreation": "subset" })).await;
    let key = owner.key("writer", &["keys.write", "keys.read"]).await;
    owner.make_key("wide", &["users.write"]).await;
    for id in ["writer", "wide"] {
        let refused = key.put(&format!("{KEYS}/{id}"), json!({ "name": "n", "scopes": ["keys.write", "functions.write"] })).await;
        assert_eq!(refused.status.as_u16(), 400);
        let errors = refused.body["report"]["errors"].as_array().unwrap();
        assert!(errors.iter().any(|error| error["code"] == "exceeds-grantor" && error["scope"] == "functions.write"), "{}", refused.text);
    }
    // What a key had, it may keep; what it had not, it may be given of what the caller key holds.
    key.put(&format!("{KEYS}/wide"), json!({ "name": "Renamed", "scopes": ["users.write", "keys.read"] })).await.ok(200);
    key.put(&format!("{KEYS}/writer"), json!({ "name": "Less", "scopes": ["keys.write"] })).await.ok(200);
    exceeds(key.put(&format!("{KEYS}/writer"), json!({ "name": "Back", "scopes": ["keys.write", "keys.read"] })).await, &["keys.read"]);
}

#[tokio::test]
async fn with_subset_no_key_lives_longer_than_the_one_that_makes_it() {
    let (world, owner) = World::ready().await;
    set(&owner, json!({ "keyCreation": "subset" })).await;
    let at = |seconds: i64| world.now().plus_seconds(seconds).to_string();
    let with = |id: &str, expire: Value| json!({ "keyId": id, "name": id, "scopes": ["keys.write"], "expire": expire });
    let key = owner.holding(owner.post(KEYS, with("hour", json!(at(3600)))).await.ok(201)["secret"].as_str().unwrap());
    key.post(KEYS, with("same", json!(at(3600)))).await.ok(201);
    for expire in [json!(at(3601)), Value::Null] {
        let message = key.post(KEYS, with("longer", expire)).await.refused(400, "general_argument_invalid");
        assert!(message.contains("`expire`") && message.contains(&at(3600)), "{message}");
    }
    let longer = |expire: Value| json!({ "name": "n", "scopes": ["keys.write"], "expire": expire });
    key.put(&format!("{KEYS}/hour"), longer(json!(at(3601)))).await.refused(400, "general_argument_invalid");
    key.put(&format!("{KEYS}/hour"), longer(Value::Null)).await.refused(400, "general_argument_invalid");
    // A key that lives longer may keep its life, and lose some of it.
    owner.post(KEYS, with("day", json!(at(86_400)))).await.ok(201);
    key.put(&format!("{KEYS}/day"), longer(json!(at(86_400)))).await.ok(200);
    key.put(&format!("{KEYS}/day"), longer(json!(at(80_000)))).await.ok(200);
    key.put(&format!("{KEYS}/day"), longer(json!(at(80_001)))).await.refused(400, "general_argument_invalid");
    // Nor does an ephemeral key.
    world.clock.advance_seconds(3000);
    key.post("/v1/project/keys/ephemeral", json!({ "scopes": [], "duration": 600 })).await.ok(201);
    let message =
        key.post("/v1/project/keys/ephemeral", json!({ "scopes": [], "duration": 601 })).await.refused(400, "general_argument_invalid");
    assert!(message.contains("`duration`"), "{message}");
}

#[tokio::test]
async fn with_subset_a_key_that_can_do_more_is_not_narrowed_first_and_taken_over_then() {
    let (world, owner) = World::ready().await;
    set(&owner, json!({ "keyCreation": "subset" })).await;
    let at = |seconds: i64| world.now().plus_seconds(seconds).to_string();
    let body = json!({ "keyId": "writer", "name": "n", "scopes": ["keys.write", "rows.read"], "expire": at(3600) });
    let key = owner.holding(owner.post(KEYS, body).await.ok(201)["secret"].as_str().unwrap());
    owner.post(KEYS, json!({ "keyId": "wide", "name": "n", "scopes": ["users.write", "sites.write"], "expire": at(60) })).await.ok(201);
    owner.post(KEYS, json!({ "keyId": "long", "name": "n", "scopes": ["rows.read"], "expire": at(86_400) })).await.ok(201);
    let put = async |id: &str, scopes: &[&str], expire: i64| {
        key.put(&format!("{KEYS}/{id}"), json!({ "name": "n", "scopes": scopes, "expire": at(expire) })).await
    };
    // Some of what it holds beyond the caller key may go, but not all.
    put("wide", &["users.write"], 60).await.ok(200);
    for scopes in [&[][..], &["rows.read"], &["keys.write", "rows.read"]] {
        put("wide", scopes, 60).await.refused(403, "key_creation_denied");
    }
    put("long", &["rows.read"], 80_000).await.ok(200);
    let message = put("long", &["rows.read"], 3600).await.refused(403, "key_creation_denied");
    assert!(message.contains("taken over"), "{message}");
    for id in ["wide", "long"] {
        key.post(&format!("{KEYS}/{id}/rotate"), json!({})).await.refused(403, "key_creation_denied");
    }
    // A person may, and a key may narrow itself.
    owner.put(&format!("{KEYS}/long"), json!({ "name": "n", "scopes": ["rows.read"], "expire": at(60) })).await.ok(200);
    put("writer", &["keys.write"], 60).await.ok(200);
}

#[tokio::test]
async fn with_subset_a_key_takes_over_no_key_that_can_do_more() {
    let (world, owner) = World::ready().await;
    let key = owner.key("writer", &["keys.write", "rows.read"]).await;
    owner.make_key("wide", &["users.write"]).await;
    owner.make_key("narrow", &["rows.read"]).await;
    for id in ["wide", "narrow"] {
        owner.patch(&format!("{KEYS}/{id}/status"), json!({ "enabled": false })).await.ok(200);
    }
    set(&owner, json!({ "keyCreation": "subset" })).await;
    let refused = key.post(&format!("{KEYS}/wide/rotate"), json!({})).await;
    exceeds(refused, &["users.write"]);
    key.post(&format!("{KEYS}/wide/rotate"), json!({})).await.refused(403, "key_creation_denied");
    key.patch(&format!("{KEYS}/wide/status"), json!({ "enabled": true })).await.refused(403, "key_creation_denied");
    key.post(&format!("{KEYS}/narrow/rotate"), json!({})).await.ok(200);
    key.patch(&format!("{KEYS}/narrow/status"), json!({ "enabled": true })).await.ok(200);
    // To take away is never refused.
    key.patch(&format!("{KEYS}/wide/status"), json!({ "enabled": false })).await.ok(200);
    key.delete(&format!("{KEYS}/wide")).await.ok(204);
    // It rotates itself, but no key that lives longer.
    key.post(&format!("{KEYS}/writer/rotate"), json!({ "overlapSeconds": 60 })).await.ok(200);
    let expire = world.now().plus_seconds(3600).to_string();
    let short = json!({ "keyId": "short", "name": "n", "scopes": ["keys.write", "rows.read"], "expire": expire });
    let short = owner.holding(owner.post(KEYS, short).await.ok(201)["secret"].as_str().unwrap());
    let message = short.post(&format!("{KEYS}/narrow/rotate"), json!({})).await.refused(403, "key_creation_denied");
    assert!(message.contains("live beyond"), "{message}");
}

#[tokio::test]
async fn with_subset_an_ephemeral_key_lends_only_what_its_maker_holds() {
    let (_world, owner) = World::ready().await;
    set(&owner, json!({ "keyCreation": "subset" })).await;
    let key = owner.key("writer", &["keys.write", "rows.read"]).await;
    exceeds(key.post("/v1/project/keys/ephemeral", json!({ "scopes": ["users.read"], "duration": 60 })).await, &["users.read"]);
    let made = key.post("/v1/project/keys/ephemeral", json!({ "scopes": ["keys.write"], "duration": 60 })).await.ok(201);
    let ephemeral = owner.holding(made["secret"].as_str().unwrap());
    // And neither does what it makes in its turn.
    exceeds(ephemeral.post("/v1/project/keys/ephemeral", json!({ "scopes": ["rows.read"], "duration": 30 })).await, &["rows.read"]);
    ephemeral
        .post("/v1/project/keys/ephemeral", json!({ "scopes": ["keys.write"], "duration": 61 }))
        .await
        .refused(400, "general_argument_invalid");
    ephemeral.post("/v1/project/keys/ephemeral", json!({ "scopes": ["keys.write"], "duration": 60 })).await.ok(201);
    ephemeral.post(KEYS, body("standard", &["keys.write"])).await.refused(400, "general_argument_invalid");
}

#[tokio::test]
async fn with_denied_no_key_creates_keys_and_that_is_reported_last() {
    let (_world, owner) = World::ready().await;
    set(&owner, json!({ "keyCreation": "denied" })).await;
    let key = owner.key("writer", &["keys.write"]).await;
    let reader = owner.key("reader", &["keys.read"]).await;
    // Scope, then parameters, then this.
    reader.post(KEYS, json!({})).await.refused(401, "general_unauthorized_scope");
    for bad in [
        json!({}),
        json!({ "keyId": "x", "name": "", "scopes": [] }),
        body("x", &["no.scope"]),
        json!({ "keyId": "_", "name": "n", "scopes": [] }),
    ] {
        key.post(KEYS, bad).await.refused(400, "general_argument_invalid");
    }
    let message = key.post(KEYS, body("x", &["keys.write"])).await.refused(403, "key_creation_denied");
    assert!(message.contains("ephemeral"), "{message}");
    key.post(KEYS, body("x", &["users.write"])).await.refused(403, "key_creation_denied");
    // An ephemeral key is allowed, with what the key holds.
    let made = key.post("/v1/project/keys/ephemeral", json!({ "scopes": ["keys.write"], "duration": 60 })).await.ok(201);
    owner.holding(made["secret"].as_str().unwrap()).post(KEYS, body("x", &[])).await.refused(403, "key_creation_denied");
    exceeds(key.post("/v1/project/keys/ephemeral", json!({ "scopes": ["users.write"], "duration": 60 })).await, &["users.write"]);
    exceeds(key.put(&format!("{KEYS}/writer"), json!({ "name": "n", "scopes": ["keys.write", "users.write"] })).await, &["users.write"]);
    key.post(&format!("{KEYS}/writer/rotate"), json!({ "overlapSeconds": 60 })).await.ok(200);
    // People create keys as before.
    owner.post(KEYS, body("x", &["users.write"])).await.ok(201);
}

#[tokio::test]
async fn a_limit_on_lifetime_binds_people_too() {
    let (world, owner) = World::ready().await;
    owner.make_key("old", &["keys.read"]).await;
    set(&owner, json!({ "maxLifetimeSeconds": 3600 })).await;
    let at = |seconds: i64| json!(world.now().plus_seconds(seconds).to_string());
    let with = |id: &str, expire: Value| json!({ "keyId": id, "name": id, "scopes": [], "expire": expire });
    let message = owner.post(KEYS, with("k", at(3601))).await.refused(400, "general_argument_invalid");
    assert!(message.contains("policy") && message.contains("`expire`"), "{message}");
    owner.post(KEYS, with("k", Value::Null)).await.refused(400, "general_argument_invalid");
    owner.post(KEYS, with("k", at(3600))).await.ok(201);
    // A key that was there before keeps its life, and is changed like any other where that grows.
    owner.put(&format!("{KEYS}/old"), json!({ "name": "n", "scopes": [] })).await.ok(200);
    // The life of a secret is counted from the rotation that made it.
    world.clock.advance_seconds(1800);
    let change = |expire: Value| json!({ "name": "n", "scopes": [], "expire": expire });
    owner
        .put(&format!("{KEYS}/k"), change(json!(world.now().plus_seconds(1801).to_string())))
        .await
        .refused(400, "general_argument_invalid");
    owner.post(&format!("{KEYS}/k/rotate"), json!({})).await.ok(200);
    owner.put(&format!("{KEYS}/k"), change(json!(world.now().plus_seconds(3600).to_string()))).await.ok(200);
    // An ephemeral key is a key.
    set(&owner, json!({ "maxLifetimeSeconds": 60 })).await;
    owner.post("/v1/project/keys/ephemeral", json!({ "scopes": [], "duration": 61 })).await.refused(400, "general_argument_invalid");
    owner.post("/v1/project/keys/ephemeral", json!({ "scopes": [], "duration": 60 })).await.ok(201);
}

#[tokio::test]
async fn an_expiry_can_be_required() {
    let (_world, owner) = World::ready().await;
    set(&owner, json!({ "requireExpiry": true })).await;
    let message = owner.post(KEYS, body("k", &[])).await.refused(400, "general_argument_invalid");
    assert!(message.contains("`expire`") && message.contains("policy"), "{message}");
    let dated = json!({ "keyId": "k", "name": "n", "scopes": [], "expire": "2099-01-01" });
    owner.post(KEYS, dated).await.ok(201);
    owner.put(&format!("{KEYS}/k"), json!({ "name": "n", "scopes": [] })).await.refused(400, "general_argument_invalid");
}

#[tokio::test]
async fn use_in_a_browser_is_refused_reported_or_allowed() {
    let (world, owner) = World::ready().await;
    let key = owner.key("k", &["keys.read"]).await;
    let page = key.with("sec-fetch-site", "cross-site");
    let exposed = || async {
        world.app.settle().await;
        owner.get(&format!("{KEYS}/k?details=true")).await.ok(200)["exposedAt"] != ""
    };
    set(&owner, json!({ "browserUse": "allow" })).await;
    page.get(KEYS).await.ok(200);
    assert!(!exposed().await);
    set(&owner, json!({ "browserUse": "report" })).await;
    page.get(KEYS).await.ok(200);
    assert!(exposed().await);
    set(&owner, json!({ "browserUse": "reject" })).await;
    page.get(KEYS).await.refused(401, "project_key_in_browser");
}

#[tokio::test]
async fn the_edition_of_the_policy_decides_which_scopes_can_be_granted() {
    let (_world, owner) = World::ready().await;
    // Without one, those of every edition.
    owner.post(KEYS, body("cloud", &["documentsdb.read", "usage.read", "rows.read"])).await.ok(201);
    assert_eq!(set(&owner, json!({ "edition": "server-1.9" })).await["edition"], "server-1.9");
    // A change that does not name it leaves it.
    assert_eq!(set(&owner, json!({ "requireExpiry": false })).await["edition"], "server-1.9");
    for create in [body("k", &["rows.read", "usage.read"]), body("k", &["documentsdb.read"])] {
        let answer = owner.post(KEYS, create).await;
        let codes: Vec<_> = answer.body["report"]["errors"].as_array().unwrap().iter().map(|error| error["code"].clone()).collect();
        assert_eq!(codes, ["not-in-edition"]);
        assert!(answer.refused(400, "general_argument_invalid").contains("does not exist in Server 1.9"));
    }
    let lent = json!({ "scopes": ["analytics.read"], "duration": 60 });
    owner.post("/v1/project/keys/ephemeral", lent.clone()).await.refused(400, "general_argument_invalid");
    owner.post(KEYS, body("k", &["rows.read"])).await.ok(201);
    // What a key has, it keeps.
    let kept = json!({ "name": "renamed", "scopes": ["documentsdb.read", "usage.read"] });
    assert_eq!(owner.put("/v1/project/keys/cloud", kept).await.ok(200)["scopes"], json!(["documentsdb.read", "usage.read"]));
    let more = json!({ "name": "more", "scopes": ["documentsdb.read", "analytics.read"] });
    owner.put("/v1/project/keys/cloud", more).await.refused(400, "general_argument_invalid");
    set(&owner, json!({ "edition": "sdk-2026-10" })).await;
    owner.post("/v1/project/keys/ephemeral", lent).await.ok(201);
    assert_eq!(set(&owner, json!({ "edition": null })).await["edition"], Value::Null);
    for wrong in [json!("server-0"), json!(""), json!(5)] {
        let message = owner.patch(POLICY, json!({ "edition": wrong })).await.refused(400, "general_argument_invalid");
        assert!(message.contains("`edition`"), "{message}");
    }
    let log = owner.get("/v1/project/audit").await.ok(200)["entries"].to_string();
    assert!(log.contains("edition server-1.9, before any") && log.contains("edition any, before sdk-2026-10"), "{log}");
}
