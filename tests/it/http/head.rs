//! What the head of a request must be: one host that this server answers to, and one way to tell where the body ends.

use axum::{body::Body, http::Method};
use scopewise::server::proxies::TrustedProxies;
use serde_json::json;

use super::world::World;

const KEYS: &str = "/v1/project/keys";

#[tokio::test]
async fn a_request_has_one_host() {
    let (world, owner) = World::ready().await;
    owner.get(KEYS).await.ok(200);
    for path in [KEYS, "/", "/livez", "/v1/forward-auth/caddy/-"] {
        let client = world.anonymous();
        client.without("host").get(path).await.refused(400, "general_host_invalid");
        client.also("host", "127.0.0.1:8420").get(path).await.refused(400, "general_host_invalid");
        for bad in ["", "a b", "a/b", "a:b", "user@a", "a,b", "\u{ff}", "[::1", "http://a", "a%00"] {
            client.with("host", bad).get(path).await.refused(400, "general_host_invalid");
        }
    }
    // The request line may name it, too; then it is the same one.
    owner.get("http://127.0.0.1:8420/v1/project/keys").await.ok(200);
    owner.get("http://evil.example/v1/project/keys").await.refused(400, "general_host_invalid");
    owner.get("http://user@127.0.0.1:8420/v1/project/keys").await.refused(400, "general_host_invalid");
}

#[tokio::test]
async fn with_a_public_url_other_hosts_are_refused() {
    let world = World::with_public_url(Some("https://keys.example.com"));
    let owner = world.set_up().await;
    for own in ["keys.example.com", "Keys.Example.com", "keys.example.com:443"] {
        owner.with("host", own).get("/v1/account").await.ok(200);
    }
    for other in ["evil.example", "127.0.0.1:8420", "localhost", "keys.example.com:8420", "keys.example.com.", "x.keys.example.com"] {
        for path in ["/v1/account", "/", "/openapi.json", "/v1/nothing"] {
            let message = owner.with("host", other).get(path).await.refused(421, "general_host_unknown");
            assert!(message.contains("keys.example.com") && message.contains("--accept-host"), "{message}");
        }
        owner.with("host", other).post("/v1/scopes/check", json!({ "scopes": [] })).await.refused(421, "general_host_unknown");
    }
}

#[tokio::test]
async fn health_and_gateways_are_answered_under_any_host() {
    let world = World::with_public_url(Some("https://keys.example.com"));
    world.app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
    let owner = world.set_up().await;
    owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop" })).await.ok(201);
    let secret = owner.on("shop").make_key("app", &["users.read"]).await["secret"].as_str().unwrap().to_owned();
    let client = world.anonymous().with("host", "10.1.2.3:8420");
    client.get("/livez").await.ok(200);
    client.get("/readyz").await.ok(200);
    let gateway = client.with("x-appwrite-key", &secret).with("x-forwarded-method", "GET").with("x-forwarded-uri", "/v1/users");
    gateway.get("/v1/forward-auth/caddy/project=shop").await.ok(204);
    gateway.get("/v1/keys/forward-auth?project=shop").await.ok(204);
    client.get("/v1/health/version").await.refused(421, "general_host_unknown");
}

#[tokio::test]
async fn an_operator_names_other_hosts_which_are_no_origins() {
    let world = World::with_public_url(Some("https://keys.example.com"));
    world.app.accept_hosts(vec!["scopewise.internal".parse().unwrap(), "10.0.0.7:8420".parse().unwrap()]);
    let client = world.anonymous();
    for host in ["scopewise.internal", "scopewise.internal:8420", "10.0.0.7:8420"] {
        client.with("host", host).get("/v1/health/version").await.ok(200);
        let page = client.with("host", host).with("origin", &format!("http://{host}"));
        page.get("/v1/health/version").await.refused(403, "general_unknown_origin");
    }
    client.with("host", "10.0.0.7:80").get("/v1/health/version").await.refused(421, "general_host_unknown");
}

#[tokio::test]
async fn a_body_has_one_length_and_one_coding() {
    let (_world, owner) = World::ready().await;
    let body = json!({ "keyId": "unique()", "name": "n", "scopes": [] });
    owner.with("transfer-encoding", "Chunked").post(KEYS, body.clone()).await.ok(201);
    for coding in ["gzip, chunked", "chunked, gzip", "gzip", "identity", "chunked, chunked", "", "\u{ff}"] {
        let answer = owner.with("transfer-encoding", coding).post(KEYS, body.clone()).await;
        assert_eq!(answer.header("connection"), "close", "{coding}");
        answer.refused(501, "general_transfer_encoding_unknown");
    }
    owner
        .with("transfer-encoding", "chunked")
        .also("transfer-encoding", "chunked")
        .post(KEYS, body.clone())
        .await
        .refused(501, "general_transfer_encoding_unknown");
    let both = owner.with("transfer-encoding", "chunked").with("content-length", "5").post(KEYS, body).await;
    assert_eq!(both.header("connection"), "close");
    both.refused(400, "general_length_unclear");
}

#[tokio::test]
async fn a_body_that_was_not_read_ends_the_connection() {
    let (_world, owner) = World::ready().await;
    let good = json!({ "keyId": "unique()", "name": "n", "scopes": [] }).to_string();
    let answer = owner.send(Method::POST, KEYS, Some("application/json"), good.as_bytes()).await;
    assert_eq!((answer.status.as_u16(), answer.header("connection")), (201, ""));
    // A refusal behind the whole body is none of its framing.
    assert_eq!(owner.send(Method::POST, KEYS, Some("application/json"), b"{}").await.header("connection"), "");
    let pieces = futures_util::stream::iter((0..32).map(|_| Ok::<_, std::io::Error>(vec![b' '; 64 * 1024])));
    let large = owner.stream(Method::POST, KEYS, Some("application/json"), Body::from_stream(pieces)).await;
    assert_eq!(large.header("connection"), "close");
    large.refused(413, "general_body_too_large");
    for (client, method, path, body, status) in [
        (owner.without("cookie"), Method::POST, KEYS, good.as_bytes(), 401),
        (owner.clone(), Method::POST, "/v1/nothing", good.as_bytes(), 404),
        (owner.clone(), Method::GET, KEYS, good.as_bytes(), 200),
        (owner.with("host", "a b"), Method::POST, KEYS, good.as_bytes(), 400),
        (owner.clone(), Method::POST, "/v1/forward-auth/caddy/-", good.as_bytes(), 403),
    ] {
        let answer = client.send(method, path, Some("application/json"), body).await;
        assert_eq!((answer.status.as_u16(), answer.header("connection")), (status, "close"), "{path}");
    }
    // Nothing was left.
    assert_eq!(owner.stream(Method::DELETE, "/v1/nothing", None, Body::empty()).await.header("connection"), "");
    assert_eq!(owner.get("/v1/nothing").await.header("connection"), "");
}
