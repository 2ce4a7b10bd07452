//! Google API discovery documents. Any one of a method's scopes is enough.

use super::{
    draft::{Draft, DraftOperation, DraftScope, List, Meaning, Needs},
    error::ImportError,
    findings::ReadFrom,
    names::says_deprecated,
    node::{Node, Place},
};

/// Reads a document.
pub(super) fn read(document: &Node, place: &Place) -> Result<Draft, ImportError> {
    let text = |member: &str| document.get(member).and_then(Node::word).unwrap_or_default();
    let mut draft = Draft { title: text("title").to_owned(), version: text("version").to_owned(), ..Draft::default() };
    let base = document.get("servicePath").or_else(|| document.get("basePath")).and_then(Node::text).unwrap_or_default();
    if !base.trim_matches('/').is_empty() {
        draft.bases.push(base.to_owned());
    }
    if let Some(auth) = document.get("auth")
        && let Some(oauth) = auth.get("oauth2")
        && let Some(scopes) = oauth.get("scopes")
    {
        let place = place.member("auth", auth).member("oauth2", oauth).member("scopes", scopes);
        for (name, scope) in scopes.members() {
            let description = scope.get("description").and_then(Node::text).unwrap_or_default().to_owned();
            let deprecated = says_deprecated(&description);
            draft.scopes.push(DraftScope {
                name: name.clone(),
                description,
                deprecated,
                place: place.member(name, scope),
                ..DraftScope::default()
            });
        }
    }
    let prefix = format!("{}.", text("name"));
    resource(document, place, &prefix, &mut draft)?;
    let operations = draft.operations.iter().filter(|operation| matches!(operation.needs, Needs::Any(_))).count();
    draft.read_from = vec![ReadFrom { source: "scopes".to_owned(), operations }];
    Ok(draft)
}

/// The methods of a resource, and of those within it.
fn resource(node: &Node, place: &Place, prefix: &str, draft: &mut Draft) -> Result<(), ImportError> {
    if let Some(methods) = node.get("methods") {
        let place = place.member("methods", methods);
        for (name, method) in methods.members() {
            draft.operations.push(operation(name, method, &place.member(name, method), prefix)?);
        }
    }
    if let Some(resources) = node.get("resources") {
        let place = place.member("resources", resources);
        for (name, inner) in resources.members() {
            resource(inner, &place.member(name, inner), &format!("{prefix}{name}."), draft)?;
        }
    }
    Ok(())
}

fn operation(name: &str, method: &Node, place: &Place, prefix: &str) -> Result<DraftOperation, ImportError> {
    let text = |member: &str| method.get(member).and_then(Node::text);
    // The flat path has one parameter a segment, where `path` may have one for several.
    let (Some(verb), Some(path)) = (text("httpMethod"), text("flatPath").or_else(|| text("path"))) else {
        return Err(ImportError::at(place, "a method must have `httpMethod`, and `flatPath` or `path`"));
    };
    let needs = match method.get("scopes") {
        None => Needs::Unknown,
        Some(scopes) if scopes.is_list() && scopes.texts().len() == scopes.items().len() => match scopes.texts() {
            names if names.is_empty() => Needs::Unknown,
            names => Needs::Any(vec![vec![List { names, meaning: Meaning::Any }]]),
        },
        Some(scopes) => {
            return Err(ImportError::at(
                &place.member("scopes", scopes),
                format!("`scopes` must be a list of texts, not {}", scopes.kind()),
            ));
        }
    };
    Ok(DraftOperation {
        id: Some(text("id").map_or_else(|| format!("{prefix}{name}"), str::to_owned)),
        method: verb.to_uppercase(),
        path: path.to_owned(),
        needs,
        deprecated: method.get("deprecated").and_then(Node::flag).unwrap_or(false),
        place: place.clone(),
        ..DraftOperation::default()
    })
}
