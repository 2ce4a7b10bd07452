//! Every route against every scope and every identity. A route that is missing here fails the test, and so does one that is gone.

use axum::http::Method;
use scopewise::{
    key::{KeyId, KeyName, Secret, SecretKind},
    scope::{Catalog, Tier},
    server::{
        SecretHash,
        http::{ROUTES, Route},
        store::NewKey,
    },
};

use serde_json::json;

use super::{
    organization::organization_key,
    world::{Answer, Client, World},
};

/// Operation, the scopes of which any one opens it, and whether it is open to guests, to a signed-in person, and to every API key of a project.
const TABLE: &[(&str, &str, bool, bool, bool)] = &[
    ("project.listKeys", "keys.read", false, false, false),
    ("project.createKey", "keys.write", false, false, false),
    ("project.getKey", "keys.read", false, false, false),
    ("project.updateKey", "keys.write", false, false, false),
    ("project.deleteKey", "keys.write", false, false, false),
    ("project.createEphemeralKey", "keys.write", false, false, false),
    ("organization.listKeys", "keys.read|organization.keys.read", false, true, false),
    ("organization.createKey", "keys.write|organization.keys.write", false, true, false),
    ("organization.getKey", "keys.read|organization.keys.read", false, true, false),
    ("organization.updateKey", "keys.write|organization.keys.write", false, true, false),
    ("organization.deleteKey", "keys.write|organization.keys.write", false, true, false),
    ("organization.rotateKey", "keys.write|organization.keys.write", false, true, false),
    ("organization.endKeyOverlap", "keys.write|organization.keys.write", false, true, false),
    ("organization.updateKeyStatus", "keys.write|organization.keys.write", false, true, false),
    ("project.rotateKey", "keys.write", false, false, false),
    ("project.updateKeyStatus", "keys.write", false, false, false),
    ("project.endKeyOverlap", "keys.write", false, false, false),
    ("project.searchKeys", "account", false, true, false),
    ("project.countKeys", "account", false, true, false),
    ("project.endEphemeralKey", "keys.write", false, false, false),
    ("project.endEphemeralKeys", "keys.write", false, false, false),
    ("project.getPolicy", "keys.read", false, false, false),
    ("project.updatePolicy", "account", false, true, false),
    ("project.listAudit", "keys.read", false, false, false),
    ("console.listAudit", "account", false, true, false),
    ("projects.listDevKeys", "devKeys.read", false, false, false),
    ("projects.createDevKey", "devKeys.write", false, false, false),
    ("projects.getDevKey", "devKeys.read", false, false, false),
    ("projects.updateDevKey", "devKeys.write", false, false, false),
    ("projects.deleteDevKey", "devKeys.write", false, false, false),
    ("console.listProjectScopes", "public", true, true, false),
    ("console.listOrganizationScopes", "public", true, true, false),
    ("ping.get", "global", true, true, true),
    ("health.get", "health.read", false, false, true),
    ("health.getVersion", "public", true, true, false),
    ("health.getTime", "health.read", false, false, true),
    ("health.getDB", "health.read", false, false, true),
    ("account.get", "account", false, true, false),
    ("account.updateName", "account", false, true, false),
    ("account.updatePassword", "account", false, true, false),
    ("account.create", "sessions.write", true, true, false),
    ("account.createEmailPasswordSession", "sessions.write", true, true, false),
    ("account.createSecondFactorSession", "public", true, true, false),
    ("account.getSecondFactor", "account", false, true, false),
    ("account.createSecondFactor", "account", false, true, false),
    ("account.enableSecondFactor", "account", false, true, false),
    ("account.disableSecondFactor", "account", false, true, false),
    ("account.createRecoveryCodes", "account", false, true, false),
    ("account.listSessions", "account", false, true, false),
    ("account.deleteSessions", "account", false, true, false),
    ("account.deleteOtherSessions", "account", false, true, false),
    ("account.getSession", "account", false, true, false),
    ("account.deleteSession", "account", false, true, false),
    ("console.listAccounts", "account", false, true, false),
    ("console.inviteAccount", "account", false, true, false),
    ("console.renewInvitation", "account", false, true, false),
    ("console.updateAccountStatus", "account", false, true, false),
    ("console.deleteAccountSessions", "account", false, true, false),
    ("console.deleteAccount", "account", false, true, false),
    ("account.acceptInvitation", "public", true, true, false),
    ("project.createWidgetToken", "keys.write", false, false, false),
    // For widget tokens alone: http::widget.
    ("widget.get", "public", false, false, false),
    ("widget.listKeys", "public", false, false, false),
    ("widget.createKey", "public", false, false, false),
    ("widget.rotateKey", "public", false, false, false),
    ("widget.deleteKey", "public", false, false, false),
    ("keys.verify", "keys.read", false, false, false),
    ("project.get", "project.read", false, false, false),
    ("project.delete", "project.write", false, false, false),
    ("organization.listProjects", "projects.read", false, true, false),
    ("organization.createProject", "projects.write", false, true, false),
    ("organization.getProject", "projects.read", false, true, false),
    ("organization.updateProject", "projects.write", false, true, false),
    ("organization.deleteProject", "projects.write", false, true, false),
    ("setup.get", "public", true, true, false),
    ("setup.create", "public", true, true, false),
    ("scopes.check", "global", true, true, true),
    ("scopes.allows", "global", true, true, true),
    ("scopes.suggest", "global", true, true, true),
    ("scopes.reach", "global", true, true, true),
    ("scopes.compare", "global", true, true, true),
    ("scopes.migrate", "global", true, true, true),
    ("scopes.catalog", "global", true, true, true),
    ("scopes.getCatalog", "global", true, true, true),
    ("openapi.get", "global", true, true, true),
    ("server.getLive", "global", true, true, true),
    ("server.getReady", "global", true, true, true),
];

/// What no key of a project opens, whatever it holds, and what keys of the organization do.
const OF_THE_ORGANIZATION: &[&str] = &[
    "/v1/organization/keys",
    "/v1/organization/keys/{keyId}",
    "/v1/organization/keys/{keyId}/rotate",
    "/v1/organization/keys/{keyId}/overlap",
    "/v1/organization/keys/{keyId}/status",
    "/v1/organization/projects",
    "/v1/organization/projects/{projectId}",
];
/// What both open.
const OF_ITS_PROJECTS: &[&str] = &[
    "/v1/organization/projects/{projectId}/keys",
    "/v1/organization/projects/{projectId}/keys/{keyId}",
    "/v1/organization/projects/{projectId}/keys/ephemeral",
];

/// Whether a path is for keys of this tier.
fn is_for(tier: Tier, path: &str) -> bool {
    match tier {
        Tier::Organization => OF_THE_ORGANIZATION.contains(&path) || OF_ITS_PROJECTS.contains(&path),
        _ => !OF_THE_ORGANIZATION.contains(&path),
    }
}

fn row(route: &Route) -> &'static (&'static str, &'static str, bool, bool, bool) {
    TABLE.iter().find(|row| row.0 == route.operation).unwrap_or_else(|| panic!("{} is missing from the table", route.operation))
}

fn is_denied(answer: &Answer) -> bool {
    answer.body["type"] == "general_unauthorized_scope"
}

fn filled(path: &str) -> String {
    path.replace("{projectId}", "shop").replace("{keyId}", "target").replace("{sessionId}", "current").replace("{accountId}", "absent")
}

async fn call(client: &Client, route: &Route, path: &str) -> Answer {
    let content_type = (route.method != Method::GET).then_some("application/json");
    client.send(route.method.clone(), &filled(path), content_type, b"").await
}

#[test]
fn the_table_names_every_route_and_no_other() {
    let mut routes: Vec<_> = ROUTES.iter().map(|route| route.operation).collect();
    let mut table: Vec<_> = TABLE.iter().map(|row| row.0).collect();
    routes.sort_unstable();
    table.sort_unstable();
    assert_eq!(routes, table);
}

#[test]
fn every_route_has_a_scope_and_no_path_is_there_twice() {
    let mut seen = std::collections::HashSet::new();
    for route in ROUTES {
        assert!(!route.scopes.is_empty(), "{}", route.operation);
        for path in route.paths {
            assert!(seen.insert((&route.method, path)), "{} {path}", route.method);
        }
    }
}

/// A key with exactly one scope, for every scope of the catalog, even for those that no key of the tier can be given.
async fn keys_of_one_scope(world: &World, tier: Tier) -> Vec<(&'static str, Client)> {
    let mut keys = Vec::new();
    for (index, scope) in Catalog::appwrite().scopes().iter().enumerate() {
        let (project_id, secret) = match tier {
            Tier::Organization => {
                let random = std::array::from_fn(|at| u8::try_from(index).unwrap().wrapping_add(u8::try_from(at).unwrap()));
                ("console", Secret::new(SecretKind::Organization, &random).expose().to_owned())
            }
            _ => ("shop", format!("standard_{}", format!("{index:08x}").repeat(32))),
        };
        let key = NewKey {
            project_id: project_id.to_owned(),
            id: format!("key{index}").parse::<KeyId>().unwrap(),
            name: "one".parse::<KeyName>().unwrap(),
            description: String::new(),
            scopes: vec![scope.id.clone()],
            secret: SecretHash::of(&secret),
            hint: "…".to_owned(),
            expire: None,
            created_at: world.now(),
        };
        crate::store::handle::Handle(world.store.clone()).create_key(key).await.unwrap();
        let client = world.anonymous().holding(&secret);
        keys.push((scope.id.as_str(), if tier == Tier::Organization { client.with("x-appwrite-organization", "default") } else { client }));
    }
    keys
}

/// A scope of another tier, or of a person, opens nothing on a key.
fn is_of(tier: Tier, scope: &str) -> bool {
    Catalog::appwrite().scope(scope).is_some_and(|scope| scope.tiers.contains(&tier))
}

async fn keys_of_a_tier_open_the_routes_of_their_scope_and_no_others(tier: Tier) {
    let (world, _) = World::ready().await;
    let keys = keys_of_one_scope(&world, tier).await;
    for route in ROUTES {
        let (_, opens, _, _, every_key) = *row(route);
        // Those of the organization have what they were given, and nothing else.
        let every_key = every_key && (tier == Tier::Project || route.open);
        let opens: Vec<&str> = opens.split('|').collect();
        let is_scope = |opens: &&str| *opens == "global" || *opens == "health.read" || keys.iter().any(|(scope, _)| scope == opens);
        assert!(opens.iter().all(is_scope), "{opens:?} are no scopes of the catalog");
        let missing = json!(opens).to_string();
        for (scope, key) in &keys {
            let may = |path: &str| opens.contains(scope) && is_of(tier, scope) && is_for(tier, path);
            // What opens may delete what the others ask for: see the next test.
            for path in route.paths.iter().filter(|path| every_key || !may(path)) {
                let answer = call(key, route, path).await;
                if every_key {
                    assert!(!is_denied(&answer), "{} with {scope}: {}", route.operation, answer.text);
                } else {
                    let message = answer.refused(401, "general_unauthorized_scope");
                    assert!(message.contains(&format!("(role: applications) missing scopes ({missing})")), "{scope}: {message}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_key_opens_the_routes_of_its_scope_and_no_others() {
    keys_of_a_tier_open_the_routes_of_their_scope_and_no_others(Tier::Project).await;
}

#[tokio::test]
async fn a_key_of_the_organization_opens_the_routes_of_its_scope_and_no_others() {
    keys_of_a_tier_open_the_routes_of_their_scope_and_no_others(Tier::Organization).await;
}

#[tokio::test]
async fn a_key_with_the_scope_of_a_route_opens_it() {
    let mut opened = 0;
    for route in ROUTES {
        for path in route.paths {
            for scope in row(route).1.split('|') {
                for tier in [Tier::Project, Tier::Organization].into_iter().filter(|tier| is_of(*tier, scope) && is_for(*tier, path)) {
                    let (world, owner) = World::ready().await;
                    let key = match tier {
                        Tier::Organization => organization_key(&world, &owner, "k", &[scope]).await,
                        _ => owner.key("k", &[scope]).await,
                    };
                    let answer = call(&key, route, path).await;
                    let passed = !matches!(answer.status.as_u16(), 401 | 403 | 500 | 503);
                    assert!(passed, "{} {path} with {scope}: {}", route.operation, answer.text);
                    opened += 1;
                }
            }
        }
    }
    assert!(opened > 50, "{opened}");
}

#[tokio::test]
async fn guests_open_what_is_open_to_guests() {
    let (world, _) = World::ready().await;
    for route in ROUTES {
        for path in route.paths {
            for guest in [world.anonymous(), world.anonymous().with("x-appwrite-project", "shop")] {
                let answer = call(&guest, route, path).await;
                assert_eq!(is_denied(&answer), !row(route).2, "{} as a guest: {}", route.operation, answer.text);
            }
        }
    }
}

#[tokio::test]
async fn people_open_what_their_role_opens() {
    for route in ROUTES {
        for path in route.paths {
            let (_world, owner) = World::ready().await;
            // Outside of any project; a path that names one makes the person an owner there.
            if !path.starts_with("/v1/projects/{projectId}") && !path.starts_with("/v1/organization/projects/{projectId}/keys") {
                let person = owner.without("x-appwrite-project").without("x-appwrite-mode");
                let answer = call(&person, route, path).await;
                assert_eq!(is_denied(&answer), !row(route).3, "{} as a person: {}", route.operation, answer.text);
            }
        }
    }
}

#[tokio::test]
async fn the_owner_of_a_project_opens_everything_of_it() {
    for route in ROUTES.iter().filter(|route| !route.operation.starts_with("widget.")) {
        let (_world, owner) = World::ready().await;
        let answer = call(&owner, route, route.paths[0]).await;
        assert!(!is_denied(&answer), "{} as the owner of the project: {}", route.operation, answer.text);
    }
}
