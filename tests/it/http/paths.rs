//! A gateway asks about paths as APIs write them: text around parameters, tails, base paths, letter case, a slash at the end. A sibling
//! is never the answer.

use scopewise::{scope::Catalog, server::proxies::TrustedProxies};
use serde_json::{Value, json};

use super::world::{Answer, Client, World};

/// A catalog of these operations, each opened by a scope of its own name, with more members.
fn catalog(operations: &[(&str, &str, &str)], members: Value) -> &'static Catalog {
    let scope =
        |(id, ..): &(&str, &str, &str)| json!({ "id": id, "service": "all", "description": "", "tiers": ["project"], "editions": [] });
    let operation = |(id, method, path): &(&str, &str, &str)| json!({ "id": id, "method": method, "path": path, "scopes": [id] });
    let mut text = json!({
        "id": "own", "name": "Own", "version": "1", "maxScopes": 50, "editions": [], "services": [{ "id": "all", "name": "All" }],
        "scopes": operations.iter().map(scope).collect::<Vec<_>>(), "operations": operations.iter().map(operation).collect::<Vec<_>>(),
    });
    text.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    Box::leak(Box::new(Catalog::from_json(&text.to_string()).unwrap()))
}

/// A server with such a catalog, and a key for each of its scopes.
struct Api {
    world: World,
    keys: Vec<(String, String)>,
}

impl Api {
    async fn new(operations: &[(&str, &str, &str)], members: Value) -> Self {
        let world = World::with_catalog(catalog(operations, members), |store| store);
        world.app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
        let owner = world.set_up().await;
        owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop" })).await.ok(201);
        let owner: Client = owner.on("shop");
        let mut keys = Vec::new();
        for (number, (id, ..)) in operations.iter().enumerate() {
            let made = owner.make_key(&format!("key-{number}"), &[id]).await;
            keys.push(((*id).to_owned(), made["secret"].as_str().unwrap().to_owned()));
        }
        Self { world, keys }
    }

    async fn ask(&self, secret: &str, method: &str, path: &str) -> Answer {
        let client = self.world.anonymous().with("x-appwrite-key", secret);
        client.with("x-original-method", method).with("x-original-uri", path).get("/v1/forward-auth/nginx/project=shop").await
    }

    /// The operations whose keys pass, each with the operation that the gateway hands on; and the statuses of the others.
    async fn passing(&self, method: &str, path: &str) -> Vec<String> {
        let mut passing = Vec::new();
        for (id, secret) in &self.keys {
            let answer = self.ask(secret, method, path).await;
            match answer.status.as_u16() {
                204 => {
                    assert_eq!(answer.header("x-scopewise-operation"), id, "{path}");
                    passing.push(id.clone());
                }
                status => assert_eq!(status, 403, "{id} {path}: {}", answer.text),
            }
        }
        passing
    }
}

#[tokio::test]
async fn text_around_parameters_and_tails_decide_at_a_gateway() {
    let api = Api::new(
        &[
            ("get", "GET", "/shelves/{shelf}"),
            ("resolve", "GET", "/shelves/{shelf}:resolve"),
            ("export", "GET", "/shelves/{name}.{ext}"),
            ("filter", "GET", "/shelves/filterBy(owner='{owner}')"),
            ("file", "GET", "/files/{+path}"),
            ("about", "GET", "/files/{id}"),
            ("cancel", "POST", "/{+name}:cancel"),
        ],
        json!({}),
    )
    .await;
    for (method, path, expected) in [
        ("GET", "/shelves/a", Some("get")),
        ("GET", "/shelves/a?x=:resolve", Some("get")),
        ("GET", "/shelves/a:resolve", Some("resolve")),
        ("GET", "/shelves/a:resolv", Some("get")),
        ("GET", "/shelves/a.pdf", Some("export")),
        ("GET", "/shelves/filterBy(owner='ada')", Some("filter")),
        ("GET", "/shelves/filterBy(owner=%27ada%27)", Some("filter")),
        ("HEAD", "/shelves/a:resolve", Some("resolve")),
        ("GET", "/files/a", Some("about")),
        ("GET", "/files/a/b.txt", Some("file")),
        ("POST", "/jobs/7:cancel", Some("cancel")),
        // For some services another operation's, or no operation at all.
        ("GET", "/shelves/a:Resolve", None),
        ("GET", "/shelves/a:resolve.json", None),
        ("GET", "/shelves/a.b:resolve", None),
        ("GET", "/shelves/FilterBy(owner='ada')", None),
        ("GET", "/shelves/a%3Aresolve%20", None),
        ("GET", "/files/a/../b", None),
        ("GET", "/files/a//b", None),
        ("GET", "/files/a%2Fb", None),
        ("GET", "/files/", None),
        ("POST", "/jobs/:cancel", None),
        ("POST", "/shelves/a", None),
    ] {
        assert_eq!(api.passing(method, path).await, Vec::from_iter(expected), "{method} {path}");
    }
    let (_, get) = &api.keys[0];
    api.ask(get, "GET", "/shelves/a:Resolve").await.refused(403, "gateway_route_ambiguous");
    api.ask(get, "GET", "/shelves/a:resolve").await.refused(403, "gateway_insufficient_scope");
}

#[tokio::test]
async fn base_paths_letter_case_and_the_last_slash_are_the_catalogs() {
    let api = Api::new(
        &[
            ("user", "GET", "/users/{id}"),
            ("me", "GET", "/users/Me"),
            ("list", "GET", "/users/"),
            ("count", "GET", "/users"),
            ("of", "GET", "/{tenant}/users/{id}"),
        ],
        json!({ "basePaths": ["/v1.0", "/beta"], "foldCase": true, "trailingSlash": "distinct" }),
    )
    .await;
    for (path, expected) in [
        ("/v1.0/users/7", Some("user")),
        ("/BETA/Users/7", Some("user")),
        ("/v1.0/users/ME", Some("me")),
        ("/v1.0/users/", Some("list")),
        ("/v1.0/users", Some("count")),
        ("/v1.0/a/users/7", Some("of")),
        // Without a base path, or with what a reader takes for one.
        ("/users/7", None),
        ("/v2/users/7", None),
        ("/v1.0.json/users/7", None),
        ("/v1.0", None),
        ("/v1.0/users/7/", None),
        ("/v1.0/users//", None),
        ("/v1.0/users/me.json", None),
    ] {
        assert_eq!(api.passing("GET", path).await, Vec::from_iter(expected), "{path}");
    }
    // A person can leave the base path out; a request cannot.
    let (_, user) = &api.keys[0];
    let message = api.ask(user, "GET", "/users/7").await.refused(403, "gateway_route_unknown");
    assert_eq!(
        message,
        "No operation of the catalog is GET /users/7, but GET /v1.0/users/7 is one: let the gateway ask with the path as the client sends it, or \
         import the catalog with `--base /`."
    );
    let message = api.ask(user, "GET", "/v2/users/7/posts").await.refused(403, "gateway_route_unknown");
    assert!(message.starts_with("No operation of the catalog is GET /v2/users/7/posts. For routes of your own"), "{message}");
    let answer = api.world.anonymous().post("/v1/scopes/allows", json!({ "scopes": ["user"], "operation": "GET /users/7" })).await.ok(200);
    assert_eq!(answer["allowed"], true);
}
