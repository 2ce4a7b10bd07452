//! What every answer says about itself, and the answer to a program with a wrong path.

use axum::http::Method;
use scopewise::server::http::{ROUTES, Route};
use serde_json::Value;

use super::world::{Answer, Client, World};

const KEYS: &str = "/v1/project/keys";
const JSON: Option<&str> = Some("application/json");

fn filled(path: &str) -> String {
    path.replace("{projectId}", "shop").replace("{keyId}", "target").replace("{sessionId}", "current")
}

/// An SDK for Python reads the header of every answer; others read a body that is said to be JSON, also where there is none.
fn says_its_type(answer: &Answer, what: &str) {
    let types: Vec<_> = answer.headers.get_all("content-type").iter().collect();
    assert_eq!(types.len(), 1, "{what}: {answer:?}");
    let content_type = answer.header("content-type");
    assert!(content_type.contains('/'), "{what}: {answer:?}");
    // An answer to HEAD says what GET would have.
    if answer.text.is_empty() && answer.status == 204 {
        assert!(!content_type.contains("json"), "{what}: {answer:?}");
    }
    if content_type.starts_with("application/json") && !answer.text.is_empty() {
        serde_json::from_str::<Value>(&answer.text).unwrap_or_else(|error| panic!("{what}: {error}: {answer:?}"));
    }
}

#[tokio::test]
async fn every_answer_of_every_route_says_its_type() {
    let (world, owner) = World::ready().await;
    owner.make_key("target", &["keys.read"]).await;
    let ask = async |client: &Client, route: &Route, path: &str| {
        for content_type in [None, JSON] {
            let answer = client.send(route.method.clone(), &filled(path), content_type, b"").await;
            says_its_type(&answer, &format!("{} {path}", route.method));
        }
    };
    let paths = || ROUTES.iter().flat_map(|route| route.paths.iter().map(move |path| (route, *path)));
    for (route, path) in paths() {
        ask(&world.anonymous(), route, path).await;
    }
    for (route, path) in paths().filter(|(route, _)| route.method != Method::DELETE) {
        ask(&owner, route, path).await;
    }
    // What ends the session or the project comes last.
    let ends = |path: &str| path.starts_with("/v1/account") || !path.contains("eys");
    for last in [false, true] {
        for (route, path) in paths().filter(|(route, path)| route.method == Method::DELETE && ends(path) == last) {
            ask(&owner, route, path).await;
        }
    }
}

#[tokio::test]
async fn every_kind_of_answer_says_its_type() {
    let (world, owner) = World::ready().await;
    owner.make_key("k", &[]).await;
    let deleted = owner.delete("/v1/project/keys/k").await;
    assert_eq!((deleted.status.as_u16(), deleted.header("content-type"), &*deleted.text), (204, "text/plain; charset=UTF-8", ""));
    let anonymous = world.anonymous();
    for (method, path, status) in [
        (Method::OPTIONS, KEYS, 204),
        (Method::OPTIONS, "/v1/scopes/check", 204),
        (Method::HEAD, "/v1/ping", 404),
        (Method::HEAD, "/livez", 200),
        (Method::PATCH, "/v1/project/keys", 405),
        (Method::GET, "/v1/nothing", 404),
        (Method::POST, "/nothing", 404),
        (Method::GET, "/", 200),
        (Method::HEAD, "/", 200),
        (Method::GET, "/absent.js", 404),
        (Method::GET, "/openapi.json", 200),
        (Method::GET, "/readyz", 200),
        (Method::GET, "/v1/keys/forward-auth", 403),
    ] {
        let answer = anonymous.with("accept", "*/*").send(method.clone(), path, None, b"").await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        says_its_type(&answer, &format!("{method} {path}"));
    }
    let csv = owner.get("/v1/project/audit?format=csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
}

#[tokio::test]
async fn versions_up_to_the_newest_are_served_without_a_warning_and_later_ones_are_warned_once() {
    const FORMAT: &str = "x-appwrite-response-format";
    let (world, owner) = World::ready().await;
    for known in ["1.4.0", "1.9.5", "1.9.6", "2.0.0", "2.5.0", "2.6.2"] {
        assert_eq!(owner.with(FORMAT, known).get(KEYS).await.header("x-appwrite-warning"), "", "{known}");
    }
    for newer in ["2.6.3", "2.7.0", "3.0.0"] {
        for client in [owner.with(FORMAT, newer), world.anonymous().with(FORMAT, newer).also(FORMAT, newer)] {
            let answer = client.get(KEYS).await;
            let warnings: Vec<_> = answer.headers.get_all("x-appwrite-warning").iter().map(|value| value.to_str().unwrap()).collect();
            assert_eq!(warnings.len(), 1, "{newer}: {warnings:?}");
            assert!(warnings[0].contains(newer) && warnings[0].contains("2.6.2") && !warnings[0].contains(';'), "{warnings:?}");
        }
    }
}

#[tokio::test]
async fn a_program_outside_the_api_path_learns_the_endpoint() {
    let world = World::empty();
    let sdk = world.anonymous().with("accept", "application/json").with("x-sdk-name", "Node.js");
    for path in ["/project/keys", "/V1/project/keys", "/api/v1/project/keys", "/v1x", "/", "/v1/v1/project/keys", "/v1//project/keys"] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let answer = sdk.send(method.clone(), path, JSON, b"{}").await;
            let message = answer.refused(404, "general_route_not_found");
            assert!(message.contains("`http://127.0.0.1:8420/v1`"), "{method} {path}: {message}");
        }
    }
    let named = World::with_public_url(Some("https://keys.example"));
    let answer = named.anonymous().with("x-appwrite-project", "shop").get("/project/keys").await;
    assert_eq!((answer.header("cache-control"), answer.header("x-content-type-options")), ("no-store", "nosniff"));
    assert!(answer.refused(404, "general_route_not_found").contains("`https://keys.example/v1`"));
}

#[tokio::test]
async fn pages_are_for_clients_that_accept_html() {
    let world = World::empty();
    let anonymous = world.anonymous();
    let page = |answer: &Answer| answer.header("content-type").starts_with("text/html") && answer.header("vary").contains("Accept");
    let path = "/projects/shop/overview/api-keys";
    let browser = anonymous.with("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    for person in [&browser, &anonymous.with("accept", "*/*"), &anonymous.with("sec-fetch-mode", "navigate")] {
        for path in [path, "/", "/v1x", "/V1"] {
            let answer = person.get(path).await;
            assert!(answer.status == 200 && page(&answer), "{path}: {answer:?}");
        }
    }
    for program in [
        anonymous.clone(),
        anonymous.with("accept", "application/json"),
        anonymous.with("accept", "text/html;q=0"),
        browser.with("x-appwrite-key", "x"),
        browser.with("X-Appwrite-Response-Format", "1.9.5"),
        browser.with("x-sdk-version", "27.1.0"),
    ] {
        program.get(path).await.refused(404, "general_route_not_found");
    }
    // A program that only checks whether the server is there sends no Accept.
    assert!(page(&anonymous.get("/").await));
}
