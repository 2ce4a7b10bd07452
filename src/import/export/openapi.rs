//! A catalog as an OpenAPI document, which the import reads back.
//!
//! OpenAPI cannot say everything that a catalog says. The rest goes into the extension `x-scopewise`: an overlay at the top of the document,
//! and the id at each operation.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use crate::{
    import::{diff::shape, names},
    scope::{Alternative, Catalog, Open, Operation, Scope, catalog::Sensitivity},
};

/// The extension.
pub(in crate::import) const EXTENSION: &str = "x-scopewise";
/// Required by operations that the catalog keeps closed. No key holds it, so every reader of the document keeps them closed.
pub(in crate::import) const CLOSED: &str = "scopewise:closed";
/// The name of the security scheme.
const SCHEME: &str = "key";

/// The document, as JSON: an alternative of an operation is an entry of `security`, whose scopes are all needed.
pub fn openapi(catalog: &Catalog) -> Value {
    let scopes: Map<String, Value> = catalog.scopes().iter().map(|it| (it.id.to_string(), json!(it.description))).collect();
    let described: Map<String, Value> = catalog.scopes().iter().map(|it| (it.id.to_string(), scope(catalog, it))).collect();
    let mut extension = json!({ "scopes": described });
    if catalog.fold_case {
        set(&mut extension, "foldCase", json!(true));
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": { "title": catalog.name, "version": catalog.version },
        "paths": paths(catalog),
        "components": { "securitySchemes": { SCHEME: {
            "type": "oauth2",
            "description": "The scopes of API keys.",
            "flows": { "clientCredentials": { "tokenUrl": "/", "scopes": scopes } },
        } } },
    });
    if !catalog.base_paths.is_empty() {
        set(&mut document, "servers", catalog.base_paths.iter().map(|path| json!({ "url": path })).collect());
    }
    set(&mut document, EXTENSION, extension);
    document
}

fn set(object: &mut Value, member: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(member.to_owned(), value);
    }
}

/// What an overlay can say about a scope.
fn scope(catalog: &Catalog, scope: &Scope) -> Value {
    // The import makes the id and the name of a service of one text.
    let named = catalog.service(&scope.service).map(|service| service.name.as_str()).filter(|name| names::kebab(name) == scope.service);
    let mut entry = json!({ "service": named.unwrap_or(&scope.service) });
    let mut add = |member: &str, value: Value| set(&mut entry, member, value);
    if names::one_line(&scope.description) != scope.description {
        add("description", json!(scope.description));
    }
    if let Some(name) = &scope.name {
        add("name", json!(name));
    }
    if !scope.includes.is_empty() {
        add("includes", json!(scope.includes));
    }
    // A description can seem to say it.
    add("deprecated", json!(scope.deprecated));
    if let Some(successor) = &scope.successor {
        add("successor", json!(successor));
    }
    if let Some(sensitive) = &scope.sensitive {
        // The document has no editions.
        add("sensitive", json!(Sensitivity { editions: Vec::new(), ..sensitive.clone() }));
    }
    entry
}

fn paths(catalog: &Catalog) -> BTreeMap<String, Value> {
    // Templates that differ only in the names of parameters are one path.
    let mut templates: BTreeMap<String, String> = BTreeMap::new();
    let mut paths: BTreeMap<String, Value> = BTreeMap::new();
    let mut ids = HashSet::new();
    for operation in catalog.operations() {
        let own = template(&operation.path);
        // A slash at the end can count.
        let key = format!("{}{}", shape(&own), if own.ends_with('/') { "/" } else { "" });
        let path = templates.entry(key).or_insert(own).clone();
        let item = paths.entry(path.clone()).or_insert_with(|| json!({}));
        let method = operation.method.to_ascii_lowercase();
        // Operations with one route need the same, so one entry says it for all.
        if let Some(first) = item.get_mut(&method).and_then(|first| first.get_mut(EXTENSION)) {
            let mut also = first.get("also").and_then(Value::as_array).cloned().unwrap_or_default();
            let mut other = json!({ "id": operation.id, "deprecated": operation.deprecated.is_some() });
            if let Some(least) = &operation.least {
                set(&mut other, "least", json!(least.0));
            }
            also.push(other);
            set(first, "also", Value::Array(also));
            continue;
        }
        let mut entry = entry(operation, &path);
        if ids.insert(operation.id.as_str()) {
            set(&mut entry, "operationId", json!(operation.id));
        }
        set(item, &method, entry);
    }
    paths
}

fn entry(operation: &Operation, path: &str) -> Value {
    let requirement = |alternative: &Alternative| json!({ SCHEME: alternative.0 });
    let security: Vec<Value> = match operation.open {
        Some(Open::Public) => Vec::new(),
        Some(Open::AnyKey) => vec![json!({ SCHEME: [] })],
        None if operation.scopes.is_empty() => vec![json!({ SCHEME: [CLOSED] })],
        None => operation.scopes.iter().map(requirement).collect(),
    };
    let mut extension = json!({ "id": operation.id });
    if let Some(least) = &operation.least {
        set(&mut extension, "least", json!(least.0));
    }
    let mut entry = json!({ "security": security, EXTENSION: extension });
    if let Some((tag, _)) = operation.id.split_once('.') {
        set(&mut entry, "tags", json!([tag]));
    }
    if operation.deprecated.is_some() {
        set(&mut entry, "deprecated", json!(true));
    }
    let parameter = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let parameters: Vec<Value> = path.split('{').skip(1).filter_map(|rest| Some(parameter(rest.split_once('}')?.0))).collect();
    if !parameters.is_empty() {
        set(&mut entry, "parameters", Value::Array(parameters));
    }
    entry
}

/// A path with its parameters in braces.
fn template(path: &str) -> String {
    let segment = |segment: &str| match segment.strip_prefix(':') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (name, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            format!("{{{name}}}{behind}")
        }
        None => segment.to_owned(),
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}
