//! Keys of the organization: what they open, what opens them, and that the organization is no project.

use axum::http::Method;
use scopewise::{
    key::{Secret, SecretKind},
    scope::{Catalog, Tier},
    server::{
        SecretHash,
        proxies::TrustedProxies,
        store::{Action, KeyChange, NewKey},
    },
};
use serde_json::{Value, json};

use super::world::{Client, World, foreign_secret};
use crate::store::handle::{Handle, by_project};

pub const KEYS: &str = "/v1/organization/keys";
pub const PROJECTS: &str = "/v1/organization/projects";
pub const SHOP: &str = "/v1/organization/projects/shop/keys";
pub const ALL: &[&str] =
    &["keys.read", "keys.write", "projects.read", "projects.write", "organization.keys.read", "organization.keys.write"];

/// The person, outside of any project.
pub fn person(owner: &Client) -> Client {
    owner.without("x-appwrite-project").without("x-appwrite-mode")
}

/// A client with a key of the organization alone.
pub fn holding(world: &World, secret: &str) -> Client {
    world.anonymous().with("x-appwrite-organization", "default").with("x-appwrite-key", secret)
}

pub fn body(id: &str, scopes: &[&str]) -> Value {
    json!({ "keyId": id, "name": id, "scopes": scopes })
}

/// A person creates a key of the organization. Returns a client that holds it.
pub async fn organization_key(world: &World, owner: &Client, id: &str, scopes: &[&str]) -> Client {
    let made = person(owner).post(KEYS, body(id, scopes)).await.ok(201);
    holding(world, made["secret"].as_str().unwrap())
}

#[tokio::test]
async fn a_person_manages_keys_of_the_organization_without_a_project() {
    let (_world, owner) = World::ready().await;
    let person = person(&owner);
    for client in [&person, &person.with("x-appwrite-project", "console").with("x-appwrite-organization", "default"), &owner] {
        let made = client.post(KEYS, body("k", ALL)).await.ok(201);
        let secret = made["secret"].as_str().unwrap();
        assert!(Secret::parse(secret).is_ok_and(|own| own.kind() == SecretKind::Organization), "{secret}");
        assert!(secret.starts_with("scopewise_org_") && secret.len() == 63);
        assert_eq!((&made["$id"], &made["scopes"], &made["expire"]), (&json!("k"), &json!(ALL), &json!("")));
        client.post(KEYS, body("k", &[])).await.refused(409, "key_already_exists");
        let list = client.get(KEYS).await.ok(200);
        assert_eq!((&list["total"], &list["keys"][0]["$id"]), (&json!(1), &json!("k")));
        let hint = list["keys"][0]["secret"].as_str().unwrap().to_owned();
        assert!(hint.starts_with("scopewise_org_") && hint.chars().count() == 23, "{hint}");
        let path = format!("{KEYS}/k");
        assert_eq!(client.get(&path).await.ok(200)["secret"], json!(hint));
        let changed = client.put(&path, json!({ "name": "Less", "scopes": ["keys.read"], "expire": "2030-01-01" })).await.ok(200);
        assert_eq!((&changed["name"], &changed["scopes"]), (&json!("Less"), &json!(["keys.read"])));
        client.delete(&path).await.ok(204);
        client.get(&path).await.refused(404, "key_not_found");
    }
}

#[tokio::test]
async fn a_key_of_the_organization_manages_keys_projects_and_the_keys_of_every_project() {
    let (world, owner) = World::ready().await;
    let key = organization_key(&world, &owner, "all", ALL).await.with("x-sdk-name", "Node.js");
    key.post(KEYS, body("second", &["projects.read"])).await.ok(201);
    assert_eq!(key.get(KEYS).await.ok(200)["total"], 2);
    key.put(&format!("{KEYS}/second"), json!({ "name": "n", "scopes": [] })).await.ok(200);
    key.delete(&format!("{KEYS}/second")).await.ok(204);

    key.post(PROJECTS, json!({ "projectId": "made", "name": "Made" })).await.ok(201);
    assert_eq!(key.get(PROJECTS).await.ok(200)["total"], 2);
    assert_eq!(key.patch(&format!("{PROJECTS}/made"), json!({ "name": "Renamed" })).await.ok(200)["name"], "Renamed");
    assert_eq!(key.get(&format!("{PROJECTS}/made")).await.ok(200)["name"], "Renamed");

    for project in ["shop", "made"] {
        let keys = format!("{PROJECTS}/{project}/keys");
        let secret = key.post(&keys, body("k", &["keys.read"])).await.ok(201)["secret"].as_str().unwrap().to_owned();
        assert!(secret.starts_with("scopewise_key_"), "it is a key of the project");
        owner.holding(&secret).with("x-appwrite-project", project).get("/v1/project/keys").await.ok(200);
        assert_eq!(key.get(&keys).await.ok(200)["total"], 1);
        assert_eq!(key.get(&format!("{keys}/k")).await.ok(200)["$id"], "k");
        key.put(&format!("{keys}/k"), json!({ "name": "n", "scopes": ["rows.read"] })).await.ok(200);
        let lent = key.post(&format!("{keys}/ephemeral"), json!({ "scopes": ["keys.read"], "duration": 60 })).await.ok(201);
        let lent = owner.holding(lent["secret"].as_str().unwrap()).with("x-appwrite-project", project);
        lent.get("/v1/project/keys").await.ok(200);
        key.delete(&format!("{keys}/k")).await.ok(204);
    }
    key.get(&format!("{PROJECTS}/absent/keys")).await.refused(404, "project_not_found");
    key.delete(&format!("{PROJECTS}/made")).await.ok(204);
    // Its uses are recorded like those of any key.
    world.app.settle().await;
    let used = key.get(&format!("{KEYS}/all")).await.ok(200);
    assert_eq!((&used["accessedAt"], &used["sdks"]), (&json!(world.now().to_string()), &json!(["node.js"])));
}

#[tokio::test]
async fn a_key_of_the_organization_needs_the_header_of_the_organization() {
    let (world, owner) = World::ready().await;
    let key = organization_key(&world, &owner, "all", ALL).await;
    for path in [KEYS, PROJECTS, SHOP, "/v1/project/keys", "/v1/health"] {
        for client in
            [key.without("x-appwrite-organization"), key.with("x-appwrite-organization", "other"), key.with("x-appwrite-organization", "")]
        {
            let message = client.get(path).await.refused(403, "organization_id_missing");
            assert!(message.contains("`default`") && message.contains("X-Appwrite-Organization"), "{message}");
        }
    }
    // What SDKs send as the project says nothing.
    for project in ["", "console", "shop", "absent"] {
        for path in [KEYS, PROJECTS, SHOP] {
            key.with("x-appwrite-project", project).get(path).await.ok(200);
        }
    }
    // No other client needs it.
    person(&owner).with("x-appwrite-organization", "other").get(KEYS).await.ok(200);
}

/// It would lead out of its project.
#[tokio::test]
async fn no_key_of_a_project_opens_what_is_of_the_organization_whatever_it_holds() {
    let (world, owner) = World::ready().await;
    organization_key(&world, &owner, "target", ALL).await;
    owner.make_key("all", &["keys.read", "keys.write"]).await;
    let key = world.store.key("shop", "all").await.unwrap().unwrap();
    // More than any route would grant.
    let scopes = ALL.iter().map(|scope| scope.parse().unwrap()).collect();
    let change = KeyChange { name: "all".parse().unwrap(), description: None, scopes, expire: None, updated_at: world.now() };
    let shop = world.store.project("shop").await.unwrap().unwrap();
    world.store.update_key(key.sequence, change, by_project(Action::KeyUpdate, &shop)).await.unwrap();
    let secret = owner.post("/v1/project/keys/all/rotate", json!({})).await.ok(200)["secret"].as_str().unwrap().to_owned();
    let standard = owner.holding(&secret);
    let lent = standard.post("/v1/project/keys/ephemeral", json!({ "scopes": ["keys.read", "keys.write"], "duration": 60 })).await.ok(201);
    let ephemeral = owner.holding(lent["secret"].as_str().unwrap());
    let target = format!("{KEYS}/target");
    for client in [&standard, &ephemeral, &standard.with("x-appwrite-organization", "default"), &standard.with("x-appwrite-mode", "admin")]
    {
        for (method, path) in [
            (Method::GET, KEYS),
            (Method::POST, KEYS),
            (Method::GET, &target),
            (Method::PUT, &target),
            (Method::DELETE, &target),
            (Method::POST, &format!("{target}/rotate")),
            (Method::PATCH, &format!("{target}/status")),
            (Method::DELETE, &format!("{target}/overlap")),
            (Method::GET, PROJECTS),
            (Method::POST, PROJECTS),
            (Method::GET, "/v1/organization/projects/shop"),
            (Method::PATCH, "/v1/organization/projects/shop"),
            (Method::DELETE, "/v1/organization/projects/shop"),
        ] {
            let message = client.json(method, path, json!({})).await.refused(401, "general_unauthorized_scope");
            assert!(message.contains("No key of a project opens this. Use a key of the organization"), "{message}");
        }
        // Its own keys it manages there as everywhere.
        client.get(SHOP).await.ok(200);
    }
    // Nor does it without a project, or with the console as one.
    standard.without("x-appwrite-project").get(KEYS).await.refused(403, "project_id_missing");
    standard.with("x-appwrite-project", "console").get(KEYS).await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn a_key_of_the_organization_opens_nothing_else() {
    let (world, owner) = World::ready().await;
    world.app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
    let all: Vec<&str> = Catalog::appwrite()
        .scopes()
        .iter()
        .filter(|scope| scope.tiers.contains(&Tier::Organization))
        .map(|scope| scope.id.as_str())
        .collect();
    assert_eq!(all.len(), 16);
    // Each of them can be granted, at once and alone.
    let key = organization_key(&world, &owner, "all", &all).await;
    for scope in &all {
        assert_eq!(
            person(&owner).put(&format!("{KEYS}/all"), json!({ "name": "n", "scopes": [scope] })).await.ok(200)["scopes"],
            json!([scope])
        );
    }
    person(&owner).put(&format!("{KEYS}/all"), json!({ "name": "n", "scopes": all })).await.ok(200);
    owner.make_key("target", &["rows.read"]).await;
    for client in [&key, &key.with("x-appwrite-project", "shop"), &key.with("x-appwrite-project", "shop").with("x-appwrite-mode", "admin")]
    {
        for path in [
            "/v1/project",
            "/v1/project/keys",
            "/v1/project/keys/target",
            "/v1/projects/shop/keys",
            "/v1/projects/absent/keys",
            "/v1/projects",
            "/v1/project/policy",
            "/v1/project/audit",
            "/v1/projects/shop/dev-keys",
            "/v1/console/audit",
            "/v1/console/scopes/organization",
            "/v1/account",
            "/v1/health",
            "/v1/ping",
        ] {
            client.get(path).await.refused(401, "general_unauthorized_scope");
        }
        client.post("/v1/keys/verify", json!({ "key": "x" })).await.refused(401, "general_unauthorized_scope");
        client.post("/v1/project/keys/target/rotate", json!({})).await.refused(401, "general_unauthorized_scope");
    }
    let message = key.get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
    assert!(message.starts_with("organization.default@service.127.0.0.1") && message.contains("Use a key of the project"), "{message}");
    // To another service, and to a gateway, it is no key of the project.
    let secret = key.parts().1.iter().find(|(name, _)| name == "x-appwrite-key").unwrap().1.clone();
    let verified = owner.post("/v1/keys/verify", json!({ "key": secret, "scopes": ["keys.read"] })).await.ok(200);
    assert_eq!((&verified["valid"], &verified["code"], &verified["keyId"]), (&json!(false), &json!("unknown"), &json!("")));
    for project in ["shop", "console"] {
        let asked = key.with("x-forwarded-method", "GET").with("x-forwarded-uri", "/v1/project/keys");
        asked.get(&format!("/v1/forward-auth/caddy/project={project}")).await.refused(401, "user_unauthorized");
    }
    // As a dev key it is refused with what it is.
    world
        .anonymous()
        .with("x-appwrite-project", "shop")
        .with("x-appwrite-dev-key", &secret)
        .get("/v1/ping")
        .await
        .refused(401, "user_unauthorized");
}

#[tokio::test]
async fn a_key_of_the_organization_holds_scopes_of_the_organization_only() {
    let (_world, owner) = World::ready().await;
    let person = person(&owner);
    for (scope, code) in [("rows.read", "wrong-tier"), ("no.scope", "unknown-scope"), ("account", "unknown-scope")] {
        let answer = person.post(KEYS, body("k", &["keys.read", scope])).await;
        let codes: Vec<_> = answer.body["report"]["errors"].as_array().unwrap().iter().map(|error| error["code"].clone()).collect();
        assert!(codes == [json!(code)] || scope == "account" && codes.len() == 1, "{scope}: {codes:?}");
        answer.refused(400, "general_argument_invalid");
    }
    owner.post("/v1/project/keys", body("k", &["projects.read"])).await.refused(400, "general_argument_invalid");
    owner.post("/v1/project/keys", body("k", &["organization.keys.read"])).await.refused(400, "general_argument_invalid");
}

#[tokio::test]
async fn a_key_of_the_organization_ends_like_any_other() {
    let (world, owner) = World::ready().await;
    let person = person(&owner);
    let path = format!("{KEYS}/k");
    let key = organization_key(&world, &owner, "k", ALL).await;
    let change = |expire: &str| json!({ "name": "k", "scopes": ALL, "expire": expire });
    person.put(&path, change("2020-01-01")).await.ok(200);
    for path in [KEYS, SHOP, PROJECTS] {
        key.get(path).await.refused(401, "project_key_expired");
    }
    person.put(&path, change("")).await.ok(200);
    person.patch(&format!("{path}/status"), json!({ "enabled": false })).await.ok(200);
    key.get(KEYS).await.refused(401, "project_key_disabled");
    person.patch(&format!("{path}/status"), json!({ "enabled": true })).await.ok(200);
    // It gets a new secret of its own kind, while the old one stays for a while.
    let rotated = key.post(&format!("{path}/rotate"), json!({ "overlapSeconds": 60 })).await.ok(200);
    let secret = rotated["secret"].as_str().unwrap();
    assert!(secret.starts_with("scopewise_org_"));
    let new = holding(&world, secret);
    key.get(KEYS).await.ok(200);
    new.delete(&format!("{path}/overlap")).await.ok(200);
    key.get(KEYS).await.refused(401, "user_unauthorized");
    // From a web page it is refused, and recorded.
    new.with("sec-fetch-site", "cross-site").get(KEYS).await.refused(401, "project_key_in_browser");
    assert_ne!(person.get(&format!("{path}?details=true")).await.ok(200)["exposedAt"], "");
    person.delete(&path).await.ok(204);
    let message = new.get(KEYS).await.refused(401, "user_unauthorized");
    assert!(message.contains("key of the organization"), "{message}");
    // Other forms of such keys are unknown as ever.
    for other in ["organization_abc", "scopewise_org_abc"] {
        for client in [holding(&world, other), holding(&world, other).with("x-appwrite-project", "shop")] {
            client.get(KEYS).await.refused(401, "user_unauthorized");
        }
    }
}

#[tokio::test]
async fn unknown_keys_of_the_organization_are_throttled_and_good_ones_are_not() {
    let (world, owner) = World::ready().await;
    let key = organization_key(&world, &owner, "k", ALL).await;
    let unknown = |n: u8| holding(&world, Secret::new(SecretKind::Organization, &[n; 32]).expose());
    for n in 0..30 {
        unknown(n).get(KEYS).await.refused(401, "user_unauthorized");
    }
    unknown(31).get(KEYS).await.refused(429, "general_rate_limit_exceeded");
    key.get(KEYS).await.ok(200);
}

/// No request can name it, and nothing lists it.
#[tokio::test]
async fn the_organization_is_no_project() {
    let (world, owner) = World::ready().await;
    let key = organization_key(&world, &owner, "k", ALL).await;
    let person = person(&owner);
    let admin = owner.on("console");
    for client in [&person, &key] {
        let list = client.get(PROJECTS).await.ok(200);
        assert_eq!((&list["total"], &list["projects"][0]["$id"]), (&json!(1), &json!("shop")));
        client.get(&format!("{PROJECTS}/console")).await.refused(404, "project_not_found");
        client.patch(&format!("{PROJECTS}/console"), json!({ "name": "Mine" })).await.refused(404, "project_not_found");
        client.delete(&format!("{PROJECTS}/console")).await.refused(404, "project_not_found");
        client.post(PROJECTS, json!({ "projectId": "console", "name": "n" })).await.refused(400, "project_reserved_project");
    }
    for client in [&admin, &person] {
        for (method, path) in [
            (Method::GET, "/v1/projects/console"),
            (Method::DELETE, "/v1/projects/console"),
            (Method::PATCH, "/v1/projects/console"),
            (Method::GET, "/v1/projects/console/keys"),
            (Method::POST, "/v1/projects/console/keys"),
            (Method::POST, "/v1/projects/console/jwts"),
            (Method::GET, "/v1/projects/console/dev-keys"),
            (Method::POST, "/v1/projects/console/dev-keys"),
            (Method::GET, "/v1/organization/projects/console/keys"),
            (Method::POST, "/v1/organization/projects/console/keys"),
            (Method::POST, "/v1/organization/projects/console/keys/ephemeral"),
            (Method::DELETE, "/v1/organization/projects/console/keys/k"),
            (Method::GET, "/v1/project"),
            (Method::DELETE, "/v1/project"),
            (Method::GET, "/v1/project/keys/k"),
            (Method::PATCH, "/v1/project/policy"),
            (Method::GET, "/v1/project/audit"),
            (Method::POST, "/v1/project/signing-key/rotate"),
        ] {
            let body = json!({ "name": "n", "scopes": [], "keyId": "x", "duration": 60, "expire": "2026-08-22" });
            let answer = client.json(method.clone(), path, body).await;
            assert!(matches!(answer.status.as_u16(), 401 | 404), "{method} {path}: {}", answer.text);
        }
    }
    key.get("/v1/organization/projects/console/keys").await.refused(401, "general_access_forbidden");
    // The kind of the secret and what the key belongs to must fit: neither is taken for the other, however it came there.
    let wrong_kind = |project_id: &str, id: &str, secret: &str| NewKey {
        project_id: project_id.to_owned(),
        id: id.parse().unwrap(),
        name: id.parse().unwrap(),
        description: String::new(),
        scopes: ALL.iter().map(|scope| scope.parse().unwrap()).collect(),
        secret: SecretHash::of(secret),
        hint: "…".to_owned(),
        expire: None,
        created_at: world.now(),
    };
    let (of_project, of_organization) = (foreign_secret(7), Secret::new(SecretKind::Organization, &[7; 32]).expose().to_owned());
    for new in [wrong_kind("console", "misfit", &of_project), wrong_kind("shop", "misfit", &of_organization)] {
        Handle(world.store.clone()).create_key(new).await.unwrap();
    }
    for project in ["shop", "console"] {
        for path in [KEYS, PROJECTS, SHOP, "/v1/project/keys"] {
            for secret in [&of_project, &of_organization] {
                holding(&world, secret).with("x-appwrite-project", project).get(path).await.refused(401, "user_unauthorized");
            }
        }
    }
    person.delete(&format!("{KEYS}/misfit")).await.ok(204);
    key.get(KEYS).await.ok(200);
    assert_eq!(person.get(KEYS).await.ok(200)["total"], 1);
}
