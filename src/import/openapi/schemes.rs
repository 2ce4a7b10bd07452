//! The scopes that a document declares in its security schemes.

use std::collections::HashSet;

use crate::import::{
    draft::DraftScope,
    error::ImportError,
    names::says_deprecated,
    node::{Node, Place},
};

/// So many references may lead to each other.
const MAX_REFERENCES: usize = 16;

/// The scopes of all schemes, or of one.
pub(super) fn declared(document: &Node, place: &Place, only: Option<&str>) -> Result<Vec<DraftScope>, ImportError> {
    let (schemes, path): (_, &[&str]) = match document.get("components").and_then(|components| components.get("securitySchemes")) {
        Some(schemes) => (schemes, &["components", "securitySchemes"]),
        None => match document.get("securityDefinitions") {
            Some(schemes) => (schemes, &["securityDefinitions"]),
            None => return Ok(Vec::new()),
        },
    };
    let place = path.iter().fold(place.clone(), |place, name| place.member(name, schemes));
    if !schemes.is_map() {
        return Err(ImportError::at(&place, format!("the security schemes must be an object, not {}", schemes.kind())));
    }
    if let Some(only) = only
        && schemes.get(only).is_none()
    {
        let names: Vec<&str> = schemes.members().iter().map(|(name, _)| name.as_str()).collect();
        return Err(ImportError::at(&place, format!("there is no security scheme `{only}`; the schemes are: {}", names.join(", "))));
    }
    let mut scopes: Vec<DraftScope> = Vec::new();
    let mut seen = HashSet::new();
    for (name, scheme) in schemes.members().iter().filter(|(name, _)| only.is_none_or(|only| only == name)) {
        let scheme_place = place.member(name, scheme);
        let scheme = resolve(document, scheme, &scheme_place)?;
        // Swagger 2 has the scopes in the scheme itself.
        let own = scheme.get("scopes").map(|scopes| (scopes, scheme_place.member("scopes", scopes)));
        let flows = scheme.get("flows").map(Node::members).unwrap_or_default().iter().filter_map(|(flow, node)| {
            let scopes = node.get("scopes")?;
            let place = scheme_place.member("flows", node).member(flow, node).member("scopes", scopes);
            Some((scopes, place))
        });
        for (list, place) in own.into_iter().chain(flows) {
            for (name, text) in list.members() {
                if seen.insert(name.as_str()) {
                    let description = text.text().unwrap_or_default().to_owned();
                    let deprecated = says_deprecated(&description);
                    scopes.push(DraftScope {
                        name: name.clone(),
                        description,
                        deprecated,
                        place: place.member(name, text),
                        ..DraftScope::default()
                    });
                }
            }
        }
    }
    Ok(scopes)
}

/// What a `$ref` leads to; the value itself if it is none.
pub(super) fn resolve<'a>(document: &'a Node, node: &'a Node, place: &Place) -> Result<&'a Node, ImportError> {
    let mut node = node;
    for _ in 0..MAX_REFERENCES {
        let Some(target) = node.get("$ref").and_then(Node::text) else { return Ok(node) };
        let Some(pointer) = target.strip_prefix("#/") else {
            let message = format!("`$ref` leads to another file, `{target}`; bundle the document into one file first");
            return Err(ImportError::at(place, message));
        };
        let decoded = |step: &str| step.replace("%7B", "{").replace("%7D", "}").replace("~1", "/").replace("~0", "~");
        let found = pointer.split('/').try_fold(document, |node, step| node.get(&decoded(step)));
        node = found.ok_or_else(|| ImportError::at(place, format!("`$ref` leads to `{target}`, which is not there")))?;
    }
    Err(ImportError::at(place, format!("`$ref` leads in a circle, or passes more than {MAX_REFERENCES} references")))
}
