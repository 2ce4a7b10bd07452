//! Keys of the organization under a policy, and what becomes of their changes: the log, versions, races.

use scopewise::{
    key::{KeyCreation, Policy},
    server::store::Action,
};
use serde_json::{Value, json};

use super::organization::{ALL, KEYS, PROJECTS, SHOP, body, organization_key, person};
use super::world::World;
use crate::store::handle::by_project;

/// Gives the organization's keys other rules, which no route does.
async fn set_policy(world: &World, key_creation: KeyCreation) {
    let organization = world.store.organization().await.unwrap();
    let policy = Policy { key_creation, ..organization.policy };
    world.store.set_policy(organization.sequence, policy, world.now(), by_project(Action::PolicyUpdate, &organization)).await.unwrap();
}

/// Refused for scopes that the caller key does not hold.
fn exceeds(answer: super::world::Answer, scope: &str) {
    let errors = answer.body["report"]["errors"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    assert!(errors.iter().any(|error| error["code"] == "exceeds-grantor" && error["scope"] == scope), "{}", answer.text);
    assert!(matches!(answer.status.as_u16(), 400 | 403), "{}", answer.text);
}

#[tokio::test]
async fn the_policy_of_a_project_binds_keys_of_the_organization() {
    let (world, owner) = World::ready().await;
    let key = organization_key(&world, &owner, "all", ALL).await;
    owner.make_key("wide", &["users.write"]).await;
    // As the contract documents it, it grants what it likes.
    key.post(SHOP, body("free", &["rows.read"])).await.ok(201);
    owner.patch("/v1/project/policy", json!({ "keyCreation": "subset" })).await.ok(200);
    key.post(SHOP, body("equal", &["keys.read", "keys.write"])).await.ok(201);
    exceeds(key.post(SHOP, body("more", &["rows.read"])).await, "rows.read");
    exceeds(key.put(&format!("{SHOP}/wide"), json!({ "name": "n", "scopes": ["users.write", "rows.read"] })).await, "rows.read");
    exceeds(key.post(&format!("{SHOP}/ephemeral"), json!({ "scopes": ["users.read"], "duration": 60 })).await, "users.read");
    // Narrowed first, it could be taken over then.
    let message = key.put(&format!("{SHOP}/wide"), json!({ "name": "n", "scopes": [] })).await.refused(403, "key_creation_denied");
    assert!(message.contains("taken over"), "{message}");
    key.post(&format!("{SHOP}/ephemeral"), json!({ "scopes": ["keys.read"], "duration": 60 })).await.ok(201);
    // Nor does what it makes outlive it.
    let hour = json!({ "name": "all", "scopes": ALL, "expire": world.now().plus_seconds(3600).to_string() });
    person(&owner).put(&format!("{KEYS}/all"), hour).await.ok(200);
    key.post(SHOP, body("longer", &["keys.read"])).await.refused(400, "general_argument_invalid");
    owner.patch("/v1/project/policy", json!({ "keyCreation": "denied" })).await.ok(200);
    let expire = world.now().plus_seconds(60).to_string();
    key.post(SHOP, json!({ "keyId": "x", "name": "x", "scopes": ["keys.read"], "expire": expire }))
        .await
        .refused(403, "key_creation_denied");
    // What is refused is in the log of the project, with whose key it was.
    world.app.settle().await;
    let log = owner.get("/v1/project/audit").await.ok(200);
    let refused =
        log["entries"].as_array().unwrap().iter().filter(|entry| entry["actorType"] == "organization-key" && entry["outcome"] == "refused");
    assert_eq!(refused.count(), 6, "{log}");
}

#[tokio::test]
async fn with_subset_a_key_of_the_organization_widens_and_takes_over_none_of_its_siblings() {
    let (world, owner) = World::ready().await;
    let writer = organization_key(&world, &owner, "writer", &["organization.keys.write", "projects.read"]).await;
    organization_key(&world, &owner, "wide", &["projects.write"]).await;
    person(&owner).patch(&format!("{KEYS}/wide/status"), json!({ "enabled": false })).await.ok(200);
    // As between keys of a project, everything is the default.
    writer.post(KEYS, body("free", &["projects.write"])).await.ok(201);
    set_policy(&world, KeyCreation::Subset).await;
    exceeds(writer.post(KEYS, body("more", &["projects.write"])).await, "projects.write");
    exceeds(
        writer.put(&format!("{KEYS}/writer"), json!({ "name": "n", "scopes": ["organization.keys.write", "keys.write"] })).await,
        "keys.write",
    );
    exceeds(writer.post(&format!("{KEYS}/wide/rotate"), json!({})).await, "projects.write");
    exceeds(writer.patch(&format!("{KEYS}/wide/status"), json!({ "enabled": true })).await, "projects.write");
    let message = writer.put(&format!("{KEYS}/wide"), json!({ "name": "n", "scopes": [] })).await.refused(403, "key_creation_denied");
    assert!(message.contains("taken over"), "{message}");
    writer.post(KEYS, body("less", &["projects.read"])).await.ok(201);
    writer.post(&format!("{KEYS}/less/rotate"), json!({})).await.ok(200);
    set_policy(&world, KeyCreation::Denied).await;
    writer.post(KEYS, body("none", &[])).await.refused(403, "key_creation_denied");
    person(&owner).post(KEYS, body("by-hand", &["projects.write"])).await.ok(201);
}

#[tokio::test]
async fn what_happens_to_keys_of_the_organization_is_in_the_log_of_the_server() {
    let (world, owner) = World::ready().await;
    let person = person(&owner);
    let key = organization_key(&world, &owner, "ci", ALL).await;
    key.post(KEYS, body("second", &["projects.read"])).await.ok(201);
    key.delete(&format!("{KEYS}/second")).await.ok(204);
    key.post(SHOP, body("k", &["rows.read"])).await.ok(201);
    let lent = key.post(&format!("{SHOP}/ephemeral"), json!({ "scopes": ["keys.write"], "duration": 60 })).await.ok(201);
    owner.holding(lent["secret"].as_str().unwrap()).delete("/v1/project/keys/k").await.ok(204);
    key.get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
    key.post(PROJECTS, json!({ "projectId": "made", "name": "Made" })).await.ok(201);
    key.delete(&format!("{PROJECTS}/made")).await.ok(204);
    world.app.settle().await;
    let lines_of = |log: Value| -> Vec<String> {
        let word = |entry: &Value, member: &str| entry[member].as_str().unwrap().to_owned();
        let line = |entry: &Value| {
            ["actorType", "actorId", "actorName", "action", "targetId", "outcome"].map(|member| word(entry, member)).join(" ")
        };
        log["entries"].as_array().unwrap().iter().map(line).collect()
    };
    let server = lines_of(person.get("/v1/console/audit").await.ok(200));
    for line in [
        "organization-key ci ci key.create second done",
        "organization-key ci ci key.delete second done",
        "organization-key ci ci key.use ci refused",
        "organization-key ci ci project.delete made done",
    ] {
        assert!(server.contains(&line.to_owned()), "{line}: {server:#?}");
    }
    assert!(server.iter().any(|line| line.ends_with("ada@example.com key.create ci done")), "{server:#?}");
    let shop = lines_of(owner.get("/v1/project/audit").await.ok(200));
    assert!(shop.contains(&"organization-key ci ci key.create k done".to_owned()), "{shop:#?}");
    assert!(
        shop.iter().any(|line| line.starts_with("ephemeral-key") && line.contains("organization-key ci key.delete k done")),
        "{shop:#?}"
    );
    assert!(!shop.iter().any(|line| line.contains("second")), "{shop:#?}");
    let details = person.get("/v1/console/audit").await.ok(200).to_string();
    assert!(details.contains("projects.read"), "the entry names what the key was given: {details}");
}

#[tokio::test]
async fn a_change_of_a_key_of_the_organization_that_has_changed_since_is_refused() {
    let (world, owner) = World::ready().await;
    let key = organization_key(&world, &owner, "k", ALL).await;
    let path = format!("{KEYS}/k");
    let seen = key.get(&path).await.header("etag").to_owned();
    assert!(seen.starts_with('"'), "{seen}");
    key.with("if-match", &seen).put(&path, json!({ "name": "mine", "scopes": ALL })).await.ok(200);
    key.with("if-match", &seen).put(&path, json!({ "name": "theirs", "scopes": ALL })).await.refused(412, "general_precondition_failed");
    key.with("if-match", &seen).delete(&path).await.refused(412, "general_precondition_failed");
}

/// A key of the organization puts its own scopes back, again and again, while a person narrows it, switches it off or ends it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_of_the_organization_never_puts_back_what_a_person_has_just_taken_away() {
    let (world, owner) = World::ready().await;
    let person = person(&owner);
    for round in 0..60 {
        let id = format!("k{round}");
        let key = organization_key(&world, &owner, &id, &["keys.write", "organization.keys.read"]).await.at([
            10,
            0,
            2,
            u8::try_from(round).unwrap(),
        ]);
        let path = format!("{KEYS}/{id}");
        let back = json!({ "name": "back", "scopes": ["keys.write", "organization.keys.read"], "expire": "2030-01-01" });
        let puts = (0..3).map(|_| {
            let (key, path, back) = (key.clone(), path.clone(), back.clone());
            tokio::spawn(async move { key.put(&path, back).await.status.as_u16() })
        });
        let puts: Vec<_> = puts.collect();
        match round % 3 {
            0 => drop(
                person.put(&path, json!({ "name": "less", "scopes": ["organization.keys.read"], "expire": "2030-01-01" })).await.ok(200),
            ),
            1 => drop(person.patch(&format!("{path}/status"), json!({ "enabled": false })).await.ok(200)),
            _ => drop(person.put(&path, json!({ "name": "ended", "scopes": ["keys.write"], "expire": "2020-01-01" })).await.ok(200)),
        }
        for put in puts {
            let status = put.await.unwrap();
            assert!(matches!(status, 200 | 401), "round {round}: {status}");
        }
        let after = person.get(&format!("{path}?details=true")).await.ok(200);
        match round % 3 {
            0 => assert_eq!(after["scopes"], json!(["organization.keys.read"]), "round {round}: {after}"),
            1 => assert_eq!(after["enabled"], json!(false), "round {round}: {after}"),
            _ => assert_eq!(after["status"], "expired", "round {round}: {after}"),
        }
        assert_eq!(key.put(&path, back).await.status, 401, "round {round}");
    }
    drop(world);
}
