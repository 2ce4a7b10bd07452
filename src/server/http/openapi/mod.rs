//! The OpenAPI 3.1 document, generated from the table of routes, the table of what each operation takes and answers
//! ([`operations`]), the error types, the structs that handlers take ([`bodies`]), and the schemas of the models ([`schemas`]).

mod bodies;
mod model_requests;
mod operations;
mod parameters;
mod schemas;

use std::{borrow::Cow, collections::BTreeMap};

use axum::{
    body::Body,
    http::{HeaderValue, Method, header},
    response::Response,
};
use serde_json::{Map, Value, json};

use self::operations::{Doc, doc};
use super::{MAX_BODY_BYTES, MAX_OPEN_BODY_BYTES, ROUTES, Route, error::ApiError, extract::arguments::State, routes::is_for_keys_of};
use crate::{
    api::{CONTRACT_VERSION, ErrorType, paths},
    scope::{Catalog, Tier},
    server::auth::{Role, can_a_key_open},
};

/// `openapi.get`.
pub(in crate::server::http) async fn handle(State(app): State) -> Result<Response, ApiError> {
    let text = app.openapi.get_or_init(|| document(app.catalog).to_string().into());
    let mut response = Response::new(Body::from(text.clone()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    Ok(response)
}

/// The whole document. Which routes a key can open, the catalog says.
pub fn document(catalog: &Catalog) -> Value {
    let mut items: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in ROUTES {
        let Some(doc) = doc(route.operation) else { continue };
        for (position, path) in route.paths.iter().enumerate() {
            let method = route.method.as_str().to_lowercase();
            items.entry(path).or_default().insert(method, operation(catalog, route, doc, path, position));
        }
    }
    items.entry(FORWARD_AUTH).or_default().insert("get".to_owned(), forward_auth(false));
    items.entry(paths::keys::FORWARD_AUTH).or_default().insert("get".to_owned(), forward_auth(true));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Scopewise",
            "version": CONTRACT_VERSION,
            "summary": "Scoped API keys, and what a set of scopes allows, risks and lacks",
            "description": DESCRIPTION,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": items,
        "components": {
            "schemas": schemas::all(),
            "parameters": parameters::all(),
            "responses": error_responses(),
            "securitySchemes": {
                "Project": { "type": "apiKey", "in": "header", "name": "X-Appwrite-Project", "description": "The id of the project that the request is about" },
                "Organization": { "type": "apiKey", "in": "header", "name": "X-Appwrite-Organization", "description": "The id of the organization, which is `default`, with one of its keys" },
                "Key": { "type": "apiKey", "in": "header", "name": "X-Appwrite-Key", "description": "The secret of an API key, standard or ephemeral, of the project or of the organization" },
                "Session": { "type": "apiKey", "in": "cookie", "name": "a_session_console", "description": "The session of a person who signed in to the console" },
                "Mode": { "type": "apiKey", "in": "header", "name": "X-Appwrite-Mode", "description": "`admin`, where a session acts on a project" },
            },
        },
    })
}

const DESCRIPTION: &str = "Wire-compatible with the Keys API of Appwrite. Parameters of reads stand in the query, those of writes \
in a JSON body (or a form). Any one of an operation's scopes, which stand in `x-scopes`, opens it. A page in development can send a \
dev key in the X-Appwrite-Dev-Key header: it lifts the origin check, and opens nothing.";

/// What a gateway asks.
const FORWARD_AUTH: &str = "/v1/forward-auth/{gateway}/{settings}";

/// For gateways: any method, and no row of the table, since it judges a request other than its own.
fn forward_auth(older: bool) -> Value {
    let parameter = |name: &str| json!({ "$ref": format!("#/components/parameters/{name}") });
    let refused = |status: u16| json!({ "$ref": format!("#/components/responses/Error{status}") });
    let authorized = "The request may pass; the headers X-Scopewise-Key-Id and so on describe its key";
    let (id, parameters) = match older {
        false => ("keys.forwardAuth", [parameter("gateway"), parameter("settings")]),
        true => ("keys.forwardAuth.older", [parameter("gatewayProject"), parameter("gatewayScope")]),
    };
    json!({
        "operationId": id,
        "deprecated": older,
        "tags": ["keys"],
        "summary": "Say whether a request that reached a gateway may pass",
        "description": "Method and path of that request come from the headers that the gateway adds. Only trusted proxies may ask. Envoy asks \
            with the method of that request and appends its path to this one; the answer to it is 200 instead of 204.",
        "security": [{ "Key": [] }, {}],
        "parameters": parameters,
        "responses": { "204": { "description": authorized }, "401": refused(401), "403": refused(403), "500": refused(500), "503": refused(503) },
    })
}

fn operation(catalog: &Catalog, route: &Route, doc: &Doc, path: &str, alias: usize) -> Value {
    let mut operation = Map::new();
    let namespace = route.operation.split('.').next().unwrap_or_default();
    // An id must be unique; an alias is another path of the same operation.
    let id = if alias == 0 { route.operation.to_owned() } else { format!("{}.alias{alias}", route.operation) };
    operation.insert("operationId".into(), id.into());
    operation.insert("tags".into(), json!([namespace]));
    operation.insert("summary".into(), doc.summary.into());
    if alias > 0 {
        operation.insert("description".into(), format!("Another path of `{}`.", route.operation).into());
    }
    operation.insert("security".into(), security(catalog, route, path));
    operation.insert("x-scopes".into(), json!(route.scopes));
    let names = path.split(['{', '}']).skip(1).step_by(2);
    let in_path = names.map(|name| json!({ "$ref": format!("#/components/parameters/{name}") }));
    let in_query = doc.query.iter().map(|name| json!({ "$ref": format!("#/components/parameters/{name}") }));
    let parameters: Vec<Value> = in_path.chain(in_query).collect();
    if !parameters.is_empty() {
        operation.insert("parameters".into(), parameters.into());
    }
    if let Some(schema) = bodies::name(route).or(doc.body.map(Cow::Borrowed)) {
        let content = json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } });
        let limit = if route.open { MAX_OPEN_BODY_BYTES } else { MAX_BODY_BYTES };
        operation
            .insert("requestBody".into(), json!({ "required": true, "description": format!("At most {limit} bytes"), "content": content }));
    }
    operation.insert("responses".into(), responses(route, doc, path));
    operation.into()
}

/// Who may call it: each entry is one way, and its list names the scopes that are needed in it (OpenAPI 3.1, Security Requirement Object).
fn security(catalog: &Catalog, route: &Route, path: &str) -> Value {
    let scopes = route.scopes;
    let brings = |role: Role| scopes.iter().any(|scope| role.brings(catalog, scope));
    let mut ways = Vec::new();
    let opens = |tier| is_for_keys_of(path, tier) && can_a_key_open(tier, catalog, scopes);
    if opens(Tier::Project) {
        ways.push(json!({ "Project": [], "Key": scopes }));
    }
    if opens(Tier::Organization) {
        ways.push(json!({ "Organization": [], "Key": scopes }));
    }
    if route.project && !path.contains("{projectId}") {
        ways.push(json!({ "Project": [], "Session": [], "Mode": [] }));
    } else if brings(Role::User) || brings(Role::Owner) {
        ways.push(if path.contains("{projectId}") { json!({ "Session": [], "Mode": [] }) } else { json!({ "Session": [] }) });
    }
    if route.open || !route.project && brings(Role::Guest) {
        ways.push(json!({}));
    }
    ways.into()
}

fn responses(route: &Route, doc: &Doc, path: &str) -> Value {
    let mut responses = BTreeMap::new();
    for (status, schema) in doc.answers {
        let mut response = Map::new();
        response.insert("description".into(), operations::meaning(*status).into());
        let content = match *schema {
            "" => None,
            "text" => Some(json!({ "text/plain": { "schema": { "type": "string" } } })),
            "AuditList" => Some(json!({
                "application/json": { "schema": { "$ref": "#/components/schemas/AuditList" } },
                "text/csv": { "schema": { "type": "string" } },
            })),
            name => Some(json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } })),
        };
        if let Some(content) = content {
            response.insert("content".into(), content);
        }
        if doc.query.contains(&"ifNoneMatch") {
            let tag = json!({ "description": "Changes with the answer", "required": true, "schema": { "type": "string" } });
            response.insert("headers".into(), json!({ "ETag": tag }));
        }
        responses.insert(status.to_string(), Value::from(response));
    }
    let mut statuses: Vec<u16> = doc.errors.iter().map(|kind| kind.status()).collect();
    let reads = route.method == Method::GET;
    if !reads {
        statuses.extend([408, 413]);
    }
    if !reads && !route.open || bodies::name(route).is_some() || doc.body.is_some() || !doc.query.is_empty() {
        statuses.push(400);
    }
    if path.contains('{') {
        // A value can make it another path, which knows other methods.
        statuses.extend([404, 405]);
    }
    if !route.open {
        statuses.extend([401, 403, 404, 429, 500, 503]);
    }
    for status in statuses {
        responses.entry(status.to_string()).or_insert_with(|| json!({ "$ref": format!("#/components/responses/Error{status}") }));
    }
    json!(responses)
}

/// One response for each status that an error can have.
fn error_responses() -> Value {
    let mut statuses: BTreeMap<u16, Vec<ErrorType>> = BTreeMap::new();
    for kind in ErrorType::ALL {
        statuses.entry(kind.status()).or_default().push(*kind);
    }
    let response = |(status, kinds): (u16, Vec<ErrorType>)| {
        let lines: Vec<String> = kinds.iter().map(|kind| format!("- `{}`: {}", kind.as_str(), kind.message())).collect();
        let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        let exact = json!({ "properties": { "code": { "const": status }, "type": { "enum": words } } });
        let schema = json!({ "allOf": [{ "$ref": "#/components/schemas/Error" }, exact] });
        let mut response = json!({ "description": lines.join("\n"), "content": { "application/json": { "schema": schema } } });
        if let (429, Some(response)) = (status, response.as_object_mut()) {
            let header = json!({ "description": "In how many seconds to try again", "required": true, "schema": { "type": "integer", "minimum": 1 } });
            response.insert("headers".into(), json!({ "Retry-After": header }));
        }
        (format!("Error{status}"), response)
    };
    statuses.into_iter().map(response).collect::<Map<String, Value>>().into()
}

/// The operations that have no entry in the table of what they take and answer; a test holds it empty.
pub fn undocumented() -> Vec<&'static str> {
    ROUTES.iter().map(|route| route.operation).filter(|operation| doc(operation).is_none()).collect()
}
