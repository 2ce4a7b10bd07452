//! Reads a file into a draft: first as JSON or YAML, then in its format.

use super::{
    draft::Draft,
    error::ImportError,
    github, google, graph,
    node::{Node, Place},
    openapi,
    options::{Format, Options, Source},
    text,
};

/// Reads a document in its format.
pub(super) fn draft(source: &Source, options: &Options) -> Result<Draft, ImportError> {
    let document = text::parse(source)?;
    let place = Place::of(&source.file, &document);
    if !document.is_map() {
        return Err(ImportError::at(&place, format!("the document must be an object, not {}", document.kind())));
    }
    let Some(format) = options.from.or_else(|| recognize(&document)) else {
        return Err(ImportError::at(
            &place,
            "the format is not known; import OpenAPI, Swagger, Google discovery, Microsoft Graph or GitHub permission files, and name the format with --from",
        ));
    };
    match format {
        Format::OpenApi => openapi::read(&document, &place, options),
        Format::Google => google::read(&document, &place),
        Format::Graph => graph::read(&document, &place, options),
        Format::GitHub => github::read(&document, &place),
    }
}

fn recognize(document: &Node) -> Option<Format> {
    if document.get("openapi").is_some() || document.get("swagger").is_some() {
        return Some(Format::OpenApi);
    }
    if document.get("discoveryVersion").is_some() || document.get("kind").and_then(Node::text) == Some("discovery#restDescription") {
        return Some(Format::Google);
    }
    let has = |node: &Node, member: &str, test: &dyn Fn(&Node) -> bool| node.get(member).is_some_and(test);
    let entries = document.get("permissions").map(Node::members).unwrap_or_default();
    if entries.iter().any(|(_, entry)| has(entry, "pathSets", &Node::is_list) || has(entry, "schemes", &Node::is_map)) {
        return Some(Format::Graph);
    }
    document.members().iter().any(|(_, entry)| has(entry, "permissions", &Node::is_list)).then_some(Format::GitHub)
}
