//! The built-in catalog knows each route of this server that a key may call, with the same scopes, so that questions about our own
//! API get the right answer everywhere: in a check, on the command line, and at a gateway in front of this server.

use std::collections::BTreeSet;

use scopewise::{
    scope::{Catalog, Operation, Tier, allows},
    server::{
        http::{ROUTES, Route},
        proxies::TrustedProxies,
    },
};

use super::world::World;

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let segment = |word: &str| if word.starts_with([':', '{']) { ":".to_owned() } else { word.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// The operations of the catalog with this route.
fn listed(route: &Route, path: &str) -> Vec<&'static Operation> {
    let is_same = |operation: &&Operation| operation.method == route.method.as_str() && shape(&operation.path) == shape(path);
    Catalog::appwrite().operations().iter().filter(is_same).collect()
}

/// Whether some key can call the route at this path: every key holds a scope of it, or keys of a tier that the path is for can be given one.
fn is_for_keys(route: &Route, path: &str) -> bool {
    let tiers: &[Tier] = match path {
        path if path.starts_with("/v1/organization/projects/{projectId}/keys") => &[Tier::Project, Tier::Organization],
        path if path.starts_with("/v1/organization/") => &[Tier::Organization],
        _ => &[Tier::Project],
    };
    let can_be_held = |scope: &&str| {
        let scope = Catalog::appwrite().scope(scope).unwrap();
        scope.implied || scope.tiers.iter().any(|tier| tiers.contains(tier))
    };
    route.scopes.iter().any(can_be_held)
}

#[test]
fn the_catalog_has_each_route_that_a_key_may_call_with_the_same_scopes() {
    let (mut checked, mut own) = (0, 0);
    for route in ROUTES {
        for path in route.paths.iter().filter(|path| is_for_keys(route, path)) {
            let found = listed(route, path);
            assert!(!found.is_empty(), "{} {path} is not in the catalog", route.method);
            let expected: BTreeSet<String> = route.scopes.iter().map(|scope| (*scope).to_owned()).collect();
            for operation in found {
                let scopes: BTreeSet<String> = operation.scopes.iter().flat_map(|all| &all.0).map(|scope| scope.to_string()).collect();
                assert_eq!(scopes, expected, "{} {path} is `{}`", route.method, operation.id);
                own += usize::from(operation.id.starts_with("scopewise."));
            }
            checked += 1;
        }
    }
    assert!(checked > 60 && own > 30, "{checked} {own}");
}

#[test]
fn the_catalog_lists_no_route_as_ours_that_this_server_does_not_have() {
    for operation in Catalog::appwrite().operations().iter().filter(|operation| operation.id.starts_with("scopewise.")) {
        let is_served = |route: &Route| {
            route.method.as_str() == operation.method && route.paths.iter().any(|path| shape(path) == shape(&operation.path))
        };
        assert!(ROUTES.iter().any(is_served), "{}: {} {}", operation.id, operation.method, operation.path);
    }
}

#[test]
fn questions_about_our_own_routes_are_answered() {
    let asked = |scopes: &[&str], operation: &str| {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        allows(Catalog::appwrite(), &scopes, operation, None).allowed
    };
    for (method_and_path, scope) in [
        ("POST /v1/keys/verify", "keys.read"),
        ("POST /v1/project/keys/k1/rotate", "keys.write"),
        ("DELETE /v1/project/keys/k1/overlap", "keys.write"),
        ("PATCH /v1/project/keys/k1/status", "keys.write"),
        ("GET /v1/project/policy", "keys.read"),
        ("GET /v1/project/audit", "keys.read"),
        ("POST /v1/organization/keys/k1/rotate", "organization.keys.write"),
    ] {
        assert!(asked(&[scope], method_and_path), "{method_and_path}");
        assert!(!asked(&["users.read"], method_and_path), "{method_and_path}");
    }
    // Every key may ask these.
    for method_and_path in
        ["GET /v1/health", "GET /v1/health/db", "POST /v1/scopes/check", "GET /v1/scopes/catalog", "GET /livez", "GET /readyz"]
    {
        assert!(asked(&[], method_and_path), "{method_and_path}");
    }
    // People and guests may; no key holds these scopes.
    for method_and_path in ["PATCH /v1/project/policy", "GET /v1/health/version", "GET /v1/health/stats"] {
        assert!(!asked(&["keys.write"], method_and_path), "{method_and_path}");
    }
}

#[tokio::test]
async fn a_gateway_in_front_of_this_server_lets_a_key_through_to_what_its_scopes_open() {
    let (world, owner) = World::ready().await;
    world.app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
    let secret = owner.make_key("app", &["keys.read"]).await["secret"].as_str().unwrap().to_owned();
    let client = world.anonymous().with("x-appwrite-key", &secret);
    let ask = async |method: &str, uri: &str| {
        let asked = client.with("x-forwarded-method", method).with("x-forwarded-uri", uri);
        asked.get("/v1/forward-auth/caddy/project=shop").await
    };
    for (method, uri) in [("POST", "/v1/keys/verify"), ("GET", "/v1/project/policy"), ("GET", "/v1/health/db"), ("GET", "/livez")] {
        assert_eq!(ask(method, uri).await.status, 204, "{method} {uri}");
    }
    let refused = ask("POST", "/v1/project/keys/app/rotate").await;
    assert!(refused.refused(403, "gateway_insufficient_scope").contains("`keys.write`"));
    ask("PATCH", "/v1/project/policy").await.refused(403, "gateway_route_unknown");
}
