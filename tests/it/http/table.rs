//! Every route against every scope and every identity. A route that is missing here fails the test, and so does one that is gone.

use axum::http::Method;
use scopewise::{
    key::{KeyId, KeyName},
    scope::{Catalog, Tier},
    server::{
        SecretHash,
        http::{ROUTES, Route},
        store::NewKey,
    },
};

use super::world::{Answer, Client, World};

/// Operation, the scope that opens it, and whether it is open to guests, to somebody signed in, and to every API key.
const TABLE: &[(&str, &str, bool, bool, bool)] = &[
    ("project.listKeys", "keys.read", false, false, false),
    ("project.createKey", "keys.write", false, false, false),
    ("project.getKey", "keys.read", false, false, false),
    ("project.updateKey", "keys.write", false, false, false),
    ("project.deleteKey", "keys.write", false, false, false),
    ("project.createEphemeralKey", "keys.write", false, false, false),
    ("organization.listKeys", "keys.read", false, false, false),
    ("organization.createKey", "keys.write", false, false, false),
    ("organization.getKey", "keys.read", false, false, false),
    ("organization.updateKey", "keys.write", false, false, false),
    ("organization.deleteKey", "keys.write", false, false, false),
    ("project.rotateKey", "keys.write", false, false, false),
    ("project.updateKeyStatus", "keys.write", false, false, false),
    ("project.endKeyOverlap", "keys.write", false, false, false),
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
    ("account.listSessions", "account", false, true, false),
    ("account.deleteSessions", "account", false, true, false),
    ("account.getSession", "account", false, true, false),
    ("account.deleteSession", "account", false, true, false),
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

fn row(route: &Route) -> &'static (&'static str, &'static str, bool, bool, bool) {
    TABLE.iter().find(|row| row.0 == route.operation).unwrap_or_else(|| panic!("{} is missing from the table", route.operation))
}

fn is_denied(answer: &Answer) -> bool {
    answer.body["type"] == "general_unauthorized_scope"
}

fn filled(path: &str) -> String {
    path.replace("{projectId}", "shop").replace("{keyId}", "target").replace("{sessionId}", "current")
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

/// A key with exactly one scope, for every scope of the catalog, even for those that no key can be given.
async fn keys_of_one_scope(world: &World) -> Vec<(&'static str, Client)> {
    let mut keys = Vec::new();
    for (index, scope) in Catalog::appwrite().scopes().iter().enumerate() {
        let secret = format!("standard_{}", format!("{index:08x}").repeat(32));
        let key = NewKey {
            project_id: "shop".to_owned(),
            id: format!("key{index}").parse::<KeyId>().unwrap(),
            name: "one".parse::<KeyName>().unwrap(),
            description: String::new(),
            scopes: vec![scope.id.to_string()],
            secret: SecretHash::of(&secret),
            hint: "…".to_owned(),
            expire: None,
            created_at: world.now(),
        };
        crate::store::handle::Handle(world.store.clone()).create_key(key).await.unwrap();
        keys.push((scope.id.as_str(), world.anonymous().holding(&secret)));
    }
    keys
}

/// A scope of an organization or of a person opens nothing on the key of a project.
fn of_a_project(scope: &str) -> bool {
    Catalog::appwrite().scope(scope).is_some_and(|scope| scope.tiers.contains(&Tier::Project))
}

#[tokio::test]
async fn a_key_opens_the_routes_of_its_scope_and_no_others() {
    let (world, _) = World::ready().await;
    let keys = keys_of_one_scope(&world).await;
    for route in ROUTES {
        let (_, opens, _, _, every_key) = *row(route);
        assert!(every_key || keys.iter().any(|(scope, _)| *scope == opens), "{opens} is no scope of the catalog");
        for (scope, key) in &keys {
            let may = *scope == opens && of_a_project(scope);
            // What opens may delete what the others ask for: see the next test.
            for path in route.paths.iter().filter(|_| every_key || !may) {
                let answer = call(key, route, path).await;
                if every_key {
                    assert!(!is_denied(&answer), "{} with {scope}: {}", route.operation, answer.text);
                } else {
                    let message = answer.refused(401, "general_unauthorized_scope");
                    assert!(message.contains(&format!("(role: applications) missing scopes ([\"{opens}\"])")), "{scope}: {message}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_key_with_the_scope_of_a_route_opens_it() {
    for route in ROUTES.iter().filter(|route| of_a_project(row(route).1)) {
        for path in route.paths {
            let (_world, owner) = World::ready().await;
            let answer = call(&owner.key("k", &[row(route).1]).await, route, path).await;
            // Nobody at all creates a key of the organization.
            let refuses_all = route.operation == "organization.createKey" && answer.body["type"] == "key_creation_denied";
            let passed = refuses_all || !matches!(answer.status.as_u16(), 401 | 403 | 500 | 503);
            assert!(passed, "{} {path}: {}", route.operation, answer.text);
        }
    }
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
    for route in ROUTES {
        let (_world, owner) = World::ready().await;
        let answer = call(&owner, route, route.paths[0]).await;
        assert!(!is_denied(&answer), "{} as the owner of the project: {}", route.operation, answer.text);
    }
}
