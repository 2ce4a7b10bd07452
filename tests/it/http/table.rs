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
    ("console.listProjectScopes", "public", true, true, false),
    ("console.listOrganizationScopes", "public", true, true, false),
    ("ping.get", "global", true, true, true),
    ("health.get", "health.read", false, false, true),
    ("health.getVersion", "public", true, true, false),
    ("health.getTime", "health.read", false, false, true),
    ("health.getDB", "health.read", false, false, true),
    ("account.get", "account", false, true, false),
    ("account.create", "sessions.write", true, true, false),
    ("account.createEmailPasswordSession", "sessions.write", true, true, false),
    ("account.listSessions", "account", false, true, false),
    ("account.deleteSessions", "account", false, true, false),
    ("account.getSession", "account", false, true, false),
    ("account.deleteSession", "account", false, true, false),
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
            scopes: vec![scope.id.to_string()],
            secret: SecretHash::of(&secret),
            hint: "…".to_owned(),
            expire: None,
            created_at: world.now(),
        };
        world.store.create_key(key).await.unwrap();
        keys.push((scope.id.as_str(), world.anonymous().holding(&secret)));
    }
    keys
}

/// A scope of an organization or of a person opens nothing on the key of a project.
fn of_a_project(scope: &str) -> bool {
    Catalog::appwrite().scope(scope).unwrap().tiers.contains(&Tier::Project)
}

#[tokio::test]
async fn a_key_opens_the_routes_of_its_scope_and_no_others() {
    for route in ROUTES {
        let (_, opens, _, _, every_key) = *row(route);
        let (world, _) = World::ready().await;
        let keys = keys_of_one_scope(&world).await;
        assert!(every_key || keys.iter().any(|(scope, _)| *scope == opens), "{opens} is no scope of the catalog");
        // Those that may come last: they may delete what the others ask for.
        let (may, may_not): (Vec<_>, Vec<_>) = keys.iter().partition(|(scope, _)| every_key || *scope == opens && of_a_project(scope));
        for path in route.paths {
            for (scope, key) in &may_not {
                let message = call(key, route, path).await.refused(401, "general_unauthorized_scope");
                assert!(message.contains(&format!("(role: applications) missing scopes ([\"{opens}\"])")), "{scope}: {message}");
            }
        }
        for (scope, key) in &may {
            let answer = call(key, route, route.paths[0]).await;
            assert!(!is_denied(&answer), "{} with {scope}: {}", route.operation, answer.text);
            assert!(answer.status.as_u16() < 500 || route.operation == "account.create", "{}: {}", route.operation, answer.text);
        }
    }
}

#[tokio::test]
async fn guests_and_people_open_what_their_role_opens() {
    for route in ROUTES {
        let (_, _, guests, people, _) = *row(route);
        for path in route.paths {
            let (world, owner) = World::ready().await;
            let named = world.anonymous().with("x-appwrite-project", "shop");
            for guest in [&world.anonymous(), &named] {
                let answer = call(guest, route, path).await;
                assert_eq!(is_denied(&answer), !guests, "{} as a guest: {}", route.operation, answer.text);
            }
            // Outside of any project; a path that names one makes the person an owner there.
            if !path.starts_with("/v1/projects/{projectId}") {
                let person = owner.without("x-appwrite-project").without("x-appwrite-mode");
                let answer = call(&person, route, path).await;
                assert_eq!(is_denied(&answer), !people, "{} as a person: {}", route.operation, answer.text);
            }
            let (_world, owner) = World::ready().await;
            let answer = call(&owner, route, path).await;
            assert!(!is_denied(&answer), "{} as the owner of the project: {}", route.operation, answer.text);
        }
    }
}
