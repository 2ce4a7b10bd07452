//! The scope model over HTTP: every vector, byte for byte, and that these routes are open to everybody.

use axum::http::Method;
use pretty_assertions::assert_eq;
use scopewise::scope::Query;
use serde_json::{Value, json};

use super::world::World;
use crate::entry_points::by_catalog;

/// The members of a request as a query string, where it is one of texts and truth values.
fn query(request: &str) -> Option<String> {
    let Ok(Value::Object(members)) = serde_json::from_str(request) else { return None };
    let pairs: Option<Vec<(String, String)>> = members
        .into_iter()
        .map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            Value::Bool(flag) => Some((name, flag.to_string())),
            _ => None,
        })
        .collect();
    Some(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs?).finish())
}

/// The request with the words that keep the server from adding the present; only where it says nothing of it.
fn without_clock(request: &str) -> String {
    match serde_json::from_str::<serde_json::Map<String, Value>>(request) {
        Ok(members) if !members.contains_key("now") => {
            let comma = if members.is_empty() { "" } else { "," };
            format!("{}{comma}\"now\":null}}", request.trim_end().strip_suffix('}').unwrap())
        }
        _ => request.to_owned(),
    }
}

#[tokio::test]
async fn every_vector_has_the_same_answer_byte_for_byte() {
    let (mut errors, mut by_query) = (0, 0);
    for (catalog, vectors) in by_catalog() {
        let world = World::with_catalog(crate::vectors::catalog(catalog.as_deref()), |store| store);
        let client = world.anonymous();
        for vector in vectors {
            let path = format!("/v1/scopes/{}", vector.call.as_str());
            let request = if vector.call == Query::Check { without_clock(&vector.request) } else { vector.request.clone() };
            let answer = client.send(Method::POST, &path, Some("application/json"), request.as_bytes()).await;
            if vector.is_error {
                errors += 1;
                let (_, error) = answer.text.rsplit_once(",\"error\":").unwrap_or_else(|| panic!("{}: {}", vector.name, answer.text));
                assert_eq!(format!("{{\"error\":{error}"), vector.answer, "{}", vector.name);
                let kind = format!("scopes_{}", answer.body["error"]["code"].as_str().unwrap().replace('-', "_"));
                let status = if kind == "scopes_request_too_large" { 413 } else { 400 };
                answer.refused(status, &kind);
                continue;
            }
            assert_eq!((answer.status.as_u16(), &answer.text), (200, &vector.answer), "{}", vector.name);
            assert_eq!(answer.header("content-type"), "application/json; charset=UTF-8");
            if let Some(query) = query(&vector.request).filter(|_| vector.call == Query::Catalog) {
                by_query += 1;
                assert_eq!(client.get(&format!("{path}?{query}")).await.text, vector.answer, "{}", vector.name);
            }
        }
    }
    assert!(errors >= 10 && by_query >= 5, "{errors} {by_query}");
}

#[tokio::test]
async fn a_check_is_judged_by_the_clock_of_the_server_where_it_says_nothing_else() {
    let world = World::empty();
    let check = |body: Value| {
        let client = world.anonymous();
        async move { client.post("/v1/scopes/check", body).await.ok(200)["warnings"][0]["code"].clone() }
    };
    assert_eq!(check(json!({ "scopes": ["rows.read"], "expire": "2026-08-21T11:59:59Z" })).await, "expiry-in-past");
    assert_eq!(check(json!({ "scopes": ["rows.read"], "expire": "2026-08-21T11:59:59Z", "now": "2026-01-01" })).await, Value::Null);
    assert_eq!(check(json!({ "scopes": ["rows.read"], "expire": "2026-08-21T11:59:59Z", "now": null })).await, Value::Null);
}

#[tokio::test]
async fn any_page_may_call_the_model_without_a_project() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("k", &[]).await;
    let page = owner
        .without("cookie")
        .without("x-appwrite-project")
        .with("origin", "https://elsewhere.example")
        .with("sec-fetch-site", "cross-site");
    // Not even a key that does not exist, or that a browser should not have, makes a difference: it is not looked up.
    for client in
        [&page, &owner, &key, &key.with("sec-fetch-site", "cross-site"), &owner.holding("bogus").with("x-appwrite-project", "nowhere")]
    {
        let answer = client.post("/v1/scopes/reach", json!({ "scopes": ["keys.write"] })).await;
        assert_eq!((answer.status.as_u16(), &answer.body["fullAccess"]), (200, &json!(true)), "{}", answer.text);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "never with cookies");
    }
    let preflight = page.with("access-control-request-method", "POST").with("access-control-request-headers", "content-type");
    let answer = preflight.send(Method::OPTIONS, "/v1/scopes/check", None, b"").await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (204, "*"));
    assert_eq!(answer.header("access-control-allow-headers"), "*");
    // Everything else keeps its own rule.
    page.get("/v1/project/keys").await.refused(403, "general_unknown_origin");
}

#[tokio::test]
async fn a_body_that_is_too_large_or_not_text_is_refused() {
    let world = World::empty();
    let client = world.anonymous();
    let fits = format!("{{\"scopes\":[\"{}\"]}}", "x".repeat(256 * 1024 - 20));
    client.send(Method::POST, "/v1/scopes/reach", None, fits.as_bytes()).await.ok(200);
    let large = format!("{{\"scopes\":[\"{}\"]}}", "x".repeat(256 * 1024));
    client.send(Method::POST, "/v1/scopes/reach", None, large.as_bytes()).await.refused(413, "general_body_too_large");
    client.send(Method::POST, "/v1/scopes/reach", None, b"\xff").await.refused(400, "scopes_malformed_request");
    client.get("/v1/scopes/catalog?tier=none").await.refused(400, "scopes_invalid_request");
    client.get("/v1/scopes/catalog?tier=project&tier[]=x").await.refused(400, "scopes_invalid_request");
    client.get("/v1/scopes/check").await.refused(405, "general_method_not_allowed");
}
