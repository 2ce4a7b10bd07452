//! The OpenAPI document: every route is in it, and it is what OpenAPI 3.1 asks for.

use std::collections::BTreeSet;

use axum::http::Method;
use pretty_assertions::assert_eq;
use scopewise::{
    api::ErrorType,
    scope::Catalog,
    server::http::{
        ROUTES,
        openapi::{document, undocumented},
    },
};
use serde_json::Value;

use super::world::World;

/// Every operation with its path and method.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let all =
        paths.iter().flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |(method, operation)| (path, method, operation)));
    all.map(|(path, method, operation)| (path.as_str(), method.as_str(), operation)).collect()
}

/// Every `$ref` of a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(list) => list.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_route_is_in_the_document_with_its_scopes() {
    assert_eq!(undocumented(), [] as [&str; 0]);
    let document = document(Catalog::appwrite());
    for route in ROUTES {
        for path in route.paths {
            let operation = &document["paths"][path][route.method.as_str().to_lowercase()];
            assert_eq!(operation["x-scopes"], Value::from(route.scopes), "{} {path}", route.operation);
            assert!(operation["operationId"].as_str().unwrap().starts_with(route.operation));
        }
    }
    // Two more: what gateways ask is no row of the table.
    assert_eq!(operations(&document).len(), ROUTES.iter().map(|route| route.paths.len()).sum::<usize>() + 2);
    assert_eq!(document["paths"]["/v1/forward-auth/{gateway}/{settings}"]["get"]["operationId"], "keys.forwardAuth");
    assert_eq!(document["paths"]["/v1/keys/forward-auth"]["get"]["deprecated"], true);
}

/// Operations that are always refused.
const REFUSING: [&str; 1] = ["account.create"];

#[test]
fn the_document_has_the_structure_of_openapi_3_1() {
    let document = document(Catalog::appwrite());
    assert_eq!(document["openapi"], "3.1.0");
    assert!(["title", "version"].iter().all(|member| document["info"][member].is_string()));
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let at = format!("{method} {path}");
        assert!(path.starts_with('/') && ["get", "put", "post", "delete", "patch"].contains(&method), "{at}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{at}: the id stands twice");
        assert!(!operation["summary"].as_str().unwrap().is_empty() && operation["tags"].is_array(), "{at}");
        // Each parameter of the path is described, and no other.
        let resolved =
            operation["parameters"].as_array().into_iter().flatten().map(|parameter| {
                document.pointer(&parameter["$ref"].as_str().unwrap()[1..]).unwrap_or_else(|| panic!("{at}: {parameter}"))
            });
        let (in_path, others): (Vec<&Value>, Vec<&Value>) = resolved.partition(|parameter| parameter["in"] == "path");
        let named: Vec<&str> = in_path.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
        assert_eq!(named, path.split(['{', '}']).skip(1).step_by(2).collect::<Vec<_>>(), "{at}");
        assert!(
            in_path.iter().all(|parameter| parameter["required"] == true)
                && others
                    .iter()
                    .all(|parameter| parameter["in"] == "query" || parameter["name"] == "If-None-Match" && parameter["in"] == "header")
        );
        assert!(method != "get" || operation.get("requestBody").is_none(), "{at}: a GET has no body");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().all(|status| status.len() == 3 && status.parse::<u16>().is_ok()), "{at}");
        let refuses = REFUSING.contains(&operation["operationId"].as_str().unwrap());
        assert!(refuses != responses.keys().any(|status| status.starts_with('2')), "{at}");
        for requirement in operation["security"].as_array().unwrap() {
            for scheme in requirement.as_object().unwrap().keys() {
                assert!(document["components"]["securitySchemes"].get(scheme).is_some(), "{at}: {scheme}");
            }
        }
    }
    let mut found = Vec::new();
    references(&document, &mut found);
    for reference in &found {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference} leads nowhere");
    }
    for kind in ["schemas", "parameters", "responses"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            let used = found.contains(&format!("#/components/{kind}/{name}").as_str());
            assert!(used || kind == "responses", "{kind} {name} is used nowhere");
        }
    }
}

#[test]
fn every_error_is_in_the_document() {
    let document = document(Catalog::appwrite());
    for kind in ErrorType::ALL {
        let response = &document["components"]["responses"][format!("Error{}", kind.status())];
        assert!(response["description"].as_str().unwrap().contains(&format!("`{}`", kind.as_str())), "{}", kind.as_str());
    }
}

#[tokio::test]
async fn the_document_is_open_to_everybody() {
    let world = World::empty();
    let answer = world.anonymous().with("origin", "https://elsewhere.example").get("/openapi.json").await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, "*"));
    assert_eq!(answer.header("content-type"), "application/json; charset=UTF-8");
    assert_eq!(answer.body, document(Catalog::appwrite()));
    let head = world.anonymous().send(Method::HEAD, "/openapi.json", None, b"").await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
}
