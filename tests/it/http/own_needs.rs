//! What a custom catalog says of operations beyond one scope: several that are all needed, scopes that include others, operations that
//! need none, and those that nobody has annotated. At the gateway, and for verification.

use scopewise::{scope::Catalog, server::proxies::TrustedProxies};
use serde_json::{Value, json};

use super::world::{Answer, Client, World};

fn catalog() -> &'static Catalog {
    let scope = |id: &str, includes: &[&str]| json!({ "id": id, "service": "shop", "description": "", "tiers": ["project"], "editions": [], "includes": includes });
    let operation =
        |id: &str, scopes: Value| json!({ "id": id, "method": "GET", "path": format!("/{}", id.replace('.', "/")), "scopes": scopes });
    let mut health = operation("shop.health", json!([]));
    health["open"] = "public".into();
    let mut whoami = operation("shop.whoami", json!([]));
    whoami["open"] = "any-key".into();
    let text = json!({
        "id": "shop", "name": "Shop", "version": "1", "maxScopes": 20, "editions": [],
        "services": [{ "id": "shop", "name": "Shop" }],
        "scopes": [scope("admin", &["orders.write"]), scope("orders.write", &["orders.read"]), scope("orders.read", &[]),
            scope("invoices.write", &[])],
        "operations": [operation("orders.list", json!(["orders.read"])),
            operation("invoices.create", json!([["invoices.write", "orders.write"]])), health, whoami, operation("shop.secret", json!([]))],
    });
    Box::leak(Box::new(Catalog::from_json(&text.to_string()).unwrap()))
}

struct Shop {
    world: World,
    owner: Client,
}

impl Shop {
    async fn new() -> Self {
        let world = World::with_catalog(catalog(), |store| store);
        world.app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
        let owner = world.set_up().await;
        owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop" })).await.ok(201);
        Self { owner: owner.on("shop"), world }
    }

    async fn secret(&self, id: &str, scopes: &[&str]) -> String {
        self.owner.make_key(id, scopes).await["secret"].as_str().unwrap().to_owned()
    }

    async fn gateway(&self, secret: Option<&str>, path: &str) -> Answer {
        let client = self.world.anonymous().with("x-forwarded-method", "GET").with("x-forwarded-uri", path);
        let client = match secret {
            Some(secret) => client.with("x-appwrite-key", secret),
            None => client,
        };
        client.get("/v1/keys/forward-auth?project=shop").await
    }
}

#[tokio::test]
async fn an_operation_that_needs_two_scopes_opens_with_both() {
    let shop = Shop::new().await;
    let both = shop.secret("both", &["invoices.write", "orders.write"]).await;
    let one = shop.secret("one", &["invoices.write"]).await;
    let answer = shop.gateway(Some(&both), "/invoices/create").await;
    assert_eq!((answer.status.as_u16(), answer.header("x-scopewise-operation")), (204, "invoices.create"));
    let answer = shop.gateway(Some(&one), "/invoices/create").await;
    assert!(answer.header("www-authenticate").ends_with("error=\"insufficient_scope\", scope=\"orders.write\""), "{answer:?}");
    assert!(answer.refused(403, "gateway_insufficient_scope").contains("grant `orders.write`"));
    let none = shop.secret("none", &["orders.read"]).await;
    let answer = shop.gateway(Some(&none), "/invoices/create").await;
    assert!(answer.header("www-authenticate").ends_with("scope=\"orders.write invoices.write\""), "{answer:?}");
    let asked = json!({ "key": none, "operation": "invoices.create" });
    let verified = shop.owner.post("/v1/keys/verify", asked).await.ok(200);
    assert_eq!(
        (&verified["code"], &verified["missing"]),
        (&json!("insufficient-scope"), &json!([["orders.write", "invoices.write"]])),
        "{verified}"
    );
    assert_eq!(
        verified["message"],
        "The key may not do this: the granted scopes do not open `invoices.create`; grant `orders.write` and `invoices.write`."
    );
}

#[tokio::test]
async fn a_scope_opens_what_it_includes() {
    let shop = Shop::new().await;
    let admin = shop.secret("admin", &["admin"]).await;
    assert_eq!(shop.gateway(Some(&admin), "/orders/list").await.status, 204);
    assert_eq!(shop.gateway(Some(&admin), "/invoices/create").await.status, 403);
    for (scopes, valid) in [(json!(["orders.read", "orders.write"]), true), (json!(["orders.read", "invoices.write"]), false)] {
        let verified = shop.owner.post("/v1/keys/verify", json!({ "key": admin, "scopes": scopes })).await.ok(200);
        assert_eq!(verified["valid"], valid, "{verified}");
    }
    let wide = shop.secret("wide", &["admin", "invoices.write"]).await;
    assert_eq!(shop.gateway(Some(&wide), "/invoices/create").await.status, 204);
}

#[tokio::test]
async fn what_needs_no_key_passes_without_one_and_what_nobody_annotated_never_does() {
    let shop = Shop::new().await;
    let answer = shop.gateway(None, "/shop/health").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("x-scopewise-operation"), answer.header("x-scopewise-key-id")),
        (204, "shop.health", "-")
    );
    // A key that is sent must be valid all the same.
    assert_eq!(shop.gateway(Some("scopewise_key_wrong"), "/shop/health").await.status, 401);
    assert_eq!(shop.gateway(None, "/shop/whoami").await.status, 401);
    assert_eq!(shop.gateway(None, "/orders/list").await.status, 401);
    let small = shop.secret("small", &["orders.read"]).await;
    assert_eq!(shop.gateway(Some(&small), "/shop/whoami").await.status, 204);
    assert_eq!(shop.gateway(Some(&small), "/shop/health").await.status, 204);
    let all = shop.secret("all", &["admin", "invoices.write"]).await;
    let answer = shop.gateway(Some(&all), "/shop/secret").await;
    // There is no scope to name, and RFC 6750 has no empty list of them.
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"scopewise\", error=\"insufficient_scope\"");
    let message = answer.refused(403, "gateway_insufficient_scope");
    assert!(message.contains("the Shop catalog does not say which scopes open `GET /shop/secret`, which is `shop.secret`"), "{message}");
}
