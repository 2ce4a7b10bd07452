//! Scopes that a key holds through others, and what a scope is called.

use std::collections::BTreeMap;

use super::strings::{Strings, Text};
use crate::scope::{Catalog, Scope};

/// How many names a line lists.
const LISTED: usize = 6;

/// For each scope that a selection includes, the first chosen scope that includes it. Chosen ones that are included count as well.
pub fn held(catalog: &Catalog, selection: &[String]) -> BTreeMap<String, String> {
    let mut held = BTreeMap::new();
    for chosen in selection.iter().filter_map(|name| catalog.scope(name)) {
        for included in catalog.included(chosen.id.as_str()) {
            held.entry(included.id.as_str().to_owned()).or_insert_with(|| chosen.id.as_str().to_owned());
        }
    }
    held
}

/// What a scope is called, with its id: `Zone DNS Write (zone.dns.write)`. The id alone, where it has no name or is unknown.
pub fn label(catalog: &Catalog, id: &str) -> String {
    match catalog.scope(id).and_then(|scope| scope.name.as_ref()) {
        Some(name) => format!("{name} ({id})"),
        None => id.to_owned(),
    }
}

/// What a scope includes, as a sentence with quoted ids; `None` where it includes nothing.
pub fn includes(strings: &Strings, catalog: &Catalog, scope: &Scope) -> Option<String> {
    let included: Vec<&Scope> = catalog.included(scope.id.as_str()).collect();
    let named = included.iter().take(LISTED).map(|scope| format!("`{}`", scope.id));
    let more = included.len().checked_sub(LISTED).filter(|more| *more > 0);
    let more = more.map(|more| strings.fill(Text::More, &[("count", &more.to_string())]));
    let all: Vec<String> = named.chain(more).collect();
    (!all.is_empty()).then(|| strings.fill(Text::Includes, &[("scopes", &all.join(", "))]))
}

/// Why a scope is sensitive in an edition, in whole sentences: its own reason, or that of a scope that it includes.
pub fn sensitive_reason(strings: &Strings, catalog: &Catalog, scope: &Scope, edition: Option<&str>) -> Option<String> {
    let (inner, sensitive) = catalog.sensitivity_of(scope.id.as_str(), edition)?;
    let parts = [("scope", inner.id.as_str()), ("reason", &sensitive.reason)];
    Some(if inner.id == scope.id { sensitive.reason.clone() } else { strings.fill(Text::IncludesSensitive, &parts) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        let scope = |id: &str, more: &str| {
            format!(r#"{{ "id": "{id}", "service": "s", "description": "", "tiers": ["project"], "editions": [] {more} }}"#)
        };
        let many: Vec<String> = (0..8).map(|number| scope(&format!("part.{number}"), "")).collect();
        let parts: Vec<String> = (0..8).map(|number| format!("\"part.{number}\"")).collect();
        let scopes = [
            scope("dns.write", r#", "name": "Zone DNS Write", "includes": ["dns.read"]"#),
            scope("dns.read", r#", "sensitive": { "reach": "broad", "reason": "It shows all.", "path": [] }"#),
            scope("all", &format!(r#", "includes": [{}]"#, parts.join(","))),
        ];
        let scopes: Vec<String> = scopes.into_iter().chain(many).collect();
        let text = format!(
            r#"{{ "id": "x", "name": "X", "version": "1", "maxScopes": 9, "editions": [], "services": [{{ "id": "s", "name": "S" }}],
                "scopes": [{}], "operations": [] }}"#,
            scopes.join(",")
        );
        Catalog::from_json(&text).unwrap()
    }

    #[test]
    fn an_included_scope_is_held_through_the_chosen_one() {
        let held = |selection: &[&str]| held(&catalog(), &selection.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(held(&["dns.write", "unknown"]), BTreeMap::from([("dns.read".to_owned(), "dns.write".to_owned())]));
        assert!(held(&["dns.read"]).is_empty());
    }

    #[test]
    fn a_scope_is_called_by_its_name_and_its_id() {
        let label = |id| label(&catalog(), id);
        assert_eq!(
            (label("dns.write"), label("dns.read"), label("z")),
            ("Zone DNS Write (dns.write)".into(), "dns.read".into(), "z".into())
        );
    }

    #[test]
    fn what_a_scope_includes_is_listed_in_a_sentence() {
        let catalog = catalog();
        let includes = |id: &str| includes(&Strings::default(), &catalog, catalog.scope(id).unwrap());
        assert_eq!((includes("dns.read"), includes("dns.write").as_deref()), (None, Some("Includes `dns.read`.")));
        assert_eq!(includes("all").as_deref(), Some("Includes `part.0`, `part.1`, `part.2`, `part.3`, `part.4`, `part.5`, 2 more."));
    }

    #[test]
    fn a_scope_is_as_sensitive_as_what_it_includes() {
        let catalog = catalog();
        let reason = |id: &str| sensitive_reason(&Strings::default(), &catalog, catalog.scope(id).unwrap(), None);
        assert_eq!(reason("dns.read").as_deref(), Some("It shows all."));
        assert_eq!(reason("dns.write").as_deref(), Some("It includes `dns.read`: It shows all."));
        assert_eq!(reason("part.1"), None);
    }
}
