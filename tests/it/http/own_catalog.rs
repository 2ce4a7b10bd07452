//! A server that was started with a custom catalog uses that catalog alone.

use std::sync::Arc;

use axum::http::Method;
use scopewise::{
    key::{KeyId, KeyName},
    scope::Catalog,
    server::{
        App, SecretHash,
        http::{Interface, ROUTES},
        proxies::TrustedProxies,
        random::SeededRandom,
        store::NewKey,
    },
};
use serde_json::{Value, json};

use super::world::{Client, World, foreign_secret};

/// A catalog with these scopes, each a name and a tier. `ships.list` is opened by the first.
fn catalog(scopes: &[(&str, &str)]) -> &'static Catalog {
    let scope =
        |(id, tier): &(&str, &str)| json!({ "id": id, "service": "harbor", "description": "", "tiers": [tier], "editions": ["one"] });
    let text = json!({
        "id": "harbor", "name": "Harbor", "version": "1", "maxScopes": 20,
        "editions": [{ "id": "one", "name": "One" }],
        "services": [{ "id": "harbor", "name": "Harbor" }],
        "scopes": scopes.iter().map(scope).collect::<Vec<_>>(),
        "operations": [{ "id": "ships.list", "method": "GET", "path": "/v1/ships", "scopes": [scopes[0].0] }],
    });
    // As the command line does it: it lives as long as the program.
    Box::leak(Box::new(Catalog::from_json(&text.to_string()).unwrap()))
}

const HARBOR: &[(&str, &str)] = &[
    ("ships.read", "project"),
    ("ships.sink", "project"),
    ("keys.read", "project"),
    ("keys.write", "project"),
    ("fleet.read", "organization"),
    // Names of the contract for what people alone may do on this server.
    ("account", "project"),
    ("projects.read", "project"),
    ("projects.write", "project"),
    ("devKeys.write", "project"),
];

/// A server with a catalog, and the owner of the project `shop`.
struct Harbor {
    world: World,
    owner: Client,
}

impl Harbor {
    async fn new(scopes: &[(&str, &str)]) -> Self {
        let world = World::with_catalog(catalog(scopes), |store| store);
        world.app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
        let owner = world.set_up().await;
        owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop" })).await.ok(201);
        Self { owner: owner.on("shop"), world }
    }

    async fn gateway(&self, secret: &str, query: &str) -> super::world::Answer {
        let client = self.world.anonymous().with("x-appwrite-key", secret);
        let client = client.with("x-forwarded-method", "GET").with("x-forwarded-uri", "/v1/ships");
        client.get(&format!("/v1/keys/forward-auth?project=shop{query}")).await
    }
}

fn secret(key: &Value) -> &str {
    key["secret"].as_str().unwrap()
}

#[tokio::test]
async fn keys_are_created_verified_and_answered_by_the_custom_catalog() {
    let harbor = Harbor::new(HARBOR).await;
    let owner = &harbor.owner;
    // By a person, and by a key that may; both get a key that counts.
    let by_person = owner.make_key("by-person", &["ships.read", "ships.sink"]).await;
    let maker = owner.key("maker", &["keys.read", "keys.write"]).await;
    let by_key = maker.make_key("by-key", &["ships.read"]).await;
    let ephemeral = maker.post("/v1/project/keys/ephemeral", json!({ "scopes": ["ships.read"], "duration": 60 })).await.ok(201);
    for key in [&by_person, &by_key, &ephemeral] {
        let answer = harbor.gateway(secret(key), "").await;
        assert_eq!((answer.status.as_u16(), answer.header("x-scopewise-operation")), (204, "ships.list"), "{}", answer.text);
        for demand in [json!({ "operation": "ships.list" }), json!({ "operation": "GET /v1/ships" }), json!({ "scopes": ["ships.read"] })] {
            let mut asked = demand.clone();
            asked["key"] = secret(key).into();
            let verified = maker.post("/v1/keys/verify", asked).await.ok(200);
            assert_eq!((&verified["valid"], &verified["code"]), (&json!(true), &json!("valid")), "{demand}: {verified}");
        }
    }
    let verified = maker.post("/v1/keys/verify", json!({ "key": secret(&by_key), "scopes": ["ships.read", "ships.sink"] })).await.ok(200);
    assert_eq!((&verified["code"], &verified["missing"]), (&json!("insufficient-scope"), &json!(["ships.sink"])));
    assert_eq!(harbor.gateway(secret(&by_person), "&scope=ships.sink").await.status, 204);
    assert_eq!(harbor.gateway(secret(&by_key), "&scope=ships.sink").await.status, 403);

    // Nothing of another catalog.
    let refused = owner.post("/v1/project/keys", json!({ "keyId": "x", "name": "x", "scopes": ["users.read"] })).await;
    assert!(refused.refused(400, "general_argument_invalid").contains("users.read"));
    let asked = json!({ "key": secret(&by_key), "scopes": ["users.read"] });
    maker.post("/v1/keys/verify", asked).await.refused(400, "general_argument_invalid");
    maker
        .post("/v1/keys/verify", json!({ "key": secret(&by_key), "operation": "users.list" }))
        .await
        .refused(400, "general_argument_invalid");
    let list =
        |list: Value| list["scopes"].as_array().unwrap().iter().map(|scope| scope["$id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let of_projects = list(owner.get("/v1/console/scopes/project").await.ok(200));
    assert_eq!(of_projects, HARBOR.iter().filter(|(_, tier)| *tier == "project").map(|(id, _)| *id).collect::<Vec<_>>());
    assert_eq!(list(owner.get("/v1/console/scopes/organization").await.ok(200)), ["fleet.read"]);
    assert_eq!(owner.get("/v1/scopes/catalog").await.ok(200)["id"], "harbor");
    let answer = owner.post("/v1/scopes/allows", json!({ "scopes": ["ships.read"], "operation": "ships.list" })).await.ok(200);
    assert_eq!(answer["allowed"], true);
}

#[tokio::test]
async fn the_owner_opens_everything_of_a_project_whatever_the_catalog_has() {
    let new = async || Harbor::new(&[("ships.read", "project")]).await;
    let untouched = new().await;
    // Widgets have tokens of their own.
    for route in ROUTES.iter().filter(|route| !route.operation.starts_with("widget.")) {
        // What is written may end the project or the session.
        let fresh = if route.method == Method::GET { None } else { Some(new().await) };
        let harbor = fresh.as_ref().unwrap_or(&untouched);
        let path = route.paths[0].replace("{projectId}", "shop").replace("{keyId}", "target").replace("{sessionId}", "current");
        let content_type = (route.method != Method::GET).then_some("application/json");
        let answer = harbor.owner.send(route.method.clone(), &path, content_type, b"").await;
        assert_ne!(answer.body["type"], "general_unauthorized_scope", "{}: {}", route.operation, answer.text);
    }
}

#[tokio::test]
async fn a_catalog_that_names_what_people_do_opens_none_of_it_to_keys() {
    let harbor = Harbor::new(HARBOR).await;
    let everything: Vec<&str> = HARBOR.iter().filter(|(_, tier)| *tier == "project").map(|(id, _)| *id).collect();
    let made = harbor.owner.make_key("all", &everything).await;
    let key = harbor.owner.holding(secret(&made));
    let message = key.patch("/v1/project/policy", json!({ "keyCreation": "any" })).await.refused(401, "general_unauthorized_scope");
    assert!(message.contains("No API key can hold it"), "{message}");
    key.get("/v1/organization/projects").await.refused(401, "general_unauthorized_scope");
    key.post("/v1/organization/projects", json!({ "projectId": "y", "name": "Y" })).await.refused(401, "general_unauthorized_scope");
    key.post("/v1/projects/shop/dev-keys", json!({ "name": "d" })).await.refused(401, "general_unauthorized_scope");
    key.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    // To other services they are scopes like any other.
    assert_eq!(harbor.gateway(secret(&made), "&scope=account").await.status, 204);
}

#[tokio::test]
async fn a_scope_that_the_catalog_no_longer_has_counts_no_more() {
    let harbor = Harbor::new(HARBOR).await;
    let made = harbor.owner.make_key("old", &["ships.read", "ships.sink", "keys.read", "keys.write"]).await;
    assert_eq!(harbor.gateway(secret(&made), "").await.status, 204);
    // The same database, and a server that was started with a later catalog.
    let later = catalog(&[("ships.board", "project"), ("ships.sink", "project"), ("keys.read", "project"), ("keys.write", "organization")]);
    let (store, clock) = (harbor.world.store.clone(), harbor.world.clock.clone());
    let app = App::with_catalog(store, clock, Arc::new(SeededRandom::new(2)), None, later).unwrap();
    app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
    let anonymous = Client::of(Interface::new(&app));
    let asked = anonymous.with("x-appwrite-key", secret(&made)).with("x-forwarded-method", "GET").with("x-forwarded-uri", "/v1/ships");
    asked.get("/v1/keys/forward-auth?project=shop").await.refused(403, "gateway_insufficient_scope");
    let passed = asked.get("/v1/keys/forward-auth?project=shop&scope=ships.sink").await;
    assert_eq!((passed.status.as_u16(), passed.header("x-scopewise-scopes")), (204, "ships.sink keys.read"));
    let key = anonymous.holding(secret(&made));
    key.get("/v1/project/keys").await.ok(200);
    key.delete("/v1/project/keys/old").await.refused(401, "general_unauthorized_scope");
    let verified = key.post("/v1/keys/verify", json!({ "key": secret(&made) })).await.ok(200);
    assert_eq!(verified["scopes"], json!(["ships.sink", "keys.read"]));
    let verified = key.post("/v1/keys/verify", json!({ "key": secret(&made), "operation": "ships.list" })).await.ok(200);
    assert_eq!((&verified["code"], &verified["missing"]), (&json!("insufficient-scope"), &json!(["ships.board"])));
}

#[tokio::test]
async fn a_key_of_an_earlier_catalog_opens_nothing_by_a_name_that_is_gone() {
    let harbor = Harbor::new(HARBOR).await;
    let stored = foreign_secret(7);
    let key = NewKey {
        project_id: "shop".to_owned(),
        id: "appwrite".parse::<KeyId>().unwrap(),
        name: "one".parse::<KeyName>().unwrap(),
        description: String::new(),
        scopes: vec!["users.read".parse().unwrap(), "project.read".parse().unwrap(), "fleet.read".parse().unwrap()],
        secret: SecretHash::of(&stored),
        hint: "…".to_owned(),
        expire: None,
        created_at: harbor.world.now(),
    };
    crate::store::handle::Handle(harbor.world.store.clone()).create_key(key).await.unwrap();
    let key = harbor.owner.holding(&stored);
    key.get("/v1/project").await.refused(401, "general_unauthorized_scope");
    harbor.gateway(&stored, "").await.refused(403, "gateway_insufficient_scope");
    let document = harbor.world.anonymous().get("/openapi.json").await.ok(200);
    let ways = |path: &str, method: &str| document["paths"][path][method]["security"].to_string();
    assert!(!ways("/v1/project", "get").contains("Key"), "no key of this catalog opens it");
    assert!(ways("/v1/project/keys", "get").contains("Key"));
}
