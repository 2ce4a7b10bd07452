//! Scopes in extensions of operations.

use crate::import::{
    draft::{List, Meaning, Needs, Requirement},
    node::{Node, Value},
};

/// The extensions that are read without being asked for, in this order.
const KNOWN: [&str; 6] =
    ["x-appwrite", "x-required-scopes", "x-oauth-scope", "x-api-token-group", "x-permission", "x-atlassian-oauth2-scopes"];
/// Those whose lists mean that any one scope is enough.
const ANY: [&str; 2] = ["x-appwrite", "x-api-token-group"];
/// Members of an extension that hold the scopes.
const MEMBERS: [&str; 4] = ["scopes", "scope", "permissions", "enum"];

/// What a known extension of an operation says, and its name; `Err` with the reason if it cannot be read.
pub(super) fn known(operation: &Node) -> Option<(&'static str, Result<Needs, String>)> {
    KNOWN.into_iter().find_map(|name| Some((name, read(operation, name)?)))
}

/// What an extension says; `None` if it is not there or names no scope.
pub(super) fn read(operation: &Node, name: &str) -> Option<Result<Needs, String>> {
    let value = operation.get(name)?;
    let meaning = if ANY.contains(&name) { Meaning::Any } else { Meaning::Unstated };
    match &value.value {
        Value::Null => None,
        Value::Text(text) if name == "x-oauth-scope" => one(text.split_whitespace().map(str::to_owned).collect(), meaning),
        Value::Text(text) if text.trim().is_empty() => None,
        Value::Text(text) => one(vec![text.trim().to_owned()], meaning),
        Value::List(items) if items.iter().all(Node::is_map) => {
            let read: Option<Vec<Requirement>> = items.iter().map(|item| Some(vec![List { names: member(item)?, meaning }])).collect();
            match read {
                Some(requirements) if requirements.is_empty() => None,
                Some(requirements) => Some(Ok(Needs::Any(requirements))),
                None => Some(Err(wrong(name))),
            }
        }
        Value::List(_) => texts(value).map_or_else(|| Some(Err(wrong(name))), |names| one(names, meaning)),
        Value::Map(_) => {
            let operator = value.get("operator").and_then(Node::text).unwrap_or_default().to_uppercase();
            let meaning = match operator.as_str() {
                "OPEN" => return Some(Ok(Needs::AnyKey)),
                "OR" | "ANY" => Meaning::Any,
                "AND" | "ALL" => Meaning::All,
                _ => meaning,
            };
            match member(value) {
                Some(names) => one(names, meaning),
                // Other members of `x-appwrite` are there without a scope, too.
                None if name == "x-appwrite" && value.get("scope").is_none() => None,
                None => Some(Err(wrong(name))),
            }
        }
        _ => Some(Err(wrong(name))),
    }
}

fn wrong(name: &str) -> String {
    format!("`{name}` must be a text, a list of texts, or an object with one of them in `scopes` or `permissions`")
}

fn one(names: Vec<String>, meaning: Meaning) -> Option<Result<Needs, String>> {
    (!names.is_empty()).then(|| Ok(Needs::Any(vec![vec![List { names, meaning }]])))
}

/// The scopes in a member of an object; `None` if there is none, or it has another form.
fn member(node: &Node) -> Option<Vec<String>> {
    MEMBERS.iter().find_map(|name| node.get(name)).and_then(texts)
}

fn texts(node: &Node) -> Option<Vec<String>> {
    let texts = node.texts();
    let whole = match &node.value {
        Value::List(items) => items.len() == texts.len(),
        Value::Text(text) => !text.trim().is_empty(),
        _ => false,
    };
    whole.then_some(texts)
}
