//! A panic is answered with a 500 and the id of the request, and the server goes on.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Bytes, HttpBody},
    http::{Method, Request},
};
use hyper::body::Frame;
use scopewise::server::proxies::TrustedProxies;
use serde_json::json;

use super::{counting::counted, world::World};

const KEYS: &str = "/v1/project/keys";

fn is_an_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[tokio::test]
async fn a_request_that_panics_is_answered_with_its_id_and_the_next_one_is_served() {
    let (world, owner, store) = counted().await;
    world.app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
    let key = owner.key("k", &["users.read", "keys.read", "keys.write"]).await;
    let gateway = key.with("x-forwarded-method", "GET").with("x-forwarded-uri", "/v1/users");
    let asked = "/v1/forward-auth/caddy/project=shop";
    for (call, client, method, path, status) in [
        ("list_keys", &key, Method::GET, KEYS, 200),
        ("create_key", &key, Method::POST, KEYS, 201),
        ("project_and_key", &gateway, Method::GET, asked, 204),
    ] {
        let body = match method {
            Method::POST => json!({ "keyId": "new", "name": "n", "scopes": [] }).to_string(),
            _ => String::new(),
        };
        let send = async || client.send(method.clone(), path, Some("application/json"), body.as_bytes()).await;
        store.break_at(Some(call));
        let answer = send().await;
        assert!(is_an_id(answer.header("x-request-id")), "{call}: {answer:?}");
        answer.refused(500, "general_unknown");
        store.break_at(None);
        send().await.ok(status);
    }
}

/// A body that panics as soon as the server looks at it, before a route is found.
struct Broken;

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        panic!("a test asks for this panic")
    }
}

#[tokio::test]
async fn a_panic_outside_of_every_route_is_answered_with_an_id() {
    let world = World::empty();
    let client = world.anonymous();
    for method in [Method::GET, Method::POST] {
        let request = Request::builder().method(method).uri("/v1/ping").header("host", super::world::HOST).body(Broken).unwrap();
        let response = client.parts().0.answer(request, Some(client.peer().ip())).await;
        assert_eq!(response.status(), 500);
        assert!(is_an_id(response.headers()["x-request-id"].to_str().unwrap()), "{response:?}");
    }
    client.get("/livez").await.ok(200);
}
