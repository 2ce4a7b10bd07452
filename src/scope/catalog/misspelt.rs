//! Finds the scope that a misspelt name probably means.

use alloc::{borrow::ToOwned, format, string::String};

use super::{entries::Scope, lookup::Catalog};
use crate::scope::support::nearest::{MAX_COMPARED, Patience};

/// Words that people use for a scope of another name.
const SYNONYMS: &[(&str, &str)] = &[("messaging", "messages"), ("storage", "files"), ("auth", "users"), ("database", "databases")];
/// Actions that people use for `read` and `write`.
const ACTIONS: &[(&str, &str)] = &[
    ("get", "read"),
    ("list", "read"),
    ("view", "read"),
    ("create", "write"),
    ("update", "write"),
    ("delete", "write"),
    ("edit", "write"),
    ("manage", "write"),
];

/// The scope that is most like `text` among those that fit, or its successor where that opens the same; `None` when nothing is near.
pub(in crate::scope) fn nearest_scope<'a>(
    catalog: &'a Catalog,
    text: &str,
    patience: &Patience,
    fits: &dyn Fn(&Scope) -> bool,
) -> Option<&'a str> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_COMPARED {
        return None;
    }
    let text: String = text.chars().map(|c| if matches!(c, ':' | '/' | ' ' | '-') { '.' } else { c.to_ascii_lowercase() }).collect();
    let fits = |position: u16| catalog.scope_at(position).is_some_and(fits);
    let position = catalog.nearest_scope(&respelled(&text), patience, &fits)?;
    let as_good = |successor: &u16| catalog.opens_beyond(position, *successor).is_empty() && fits(*successor);
    Some(catalog.scope_name(catalog.successor(position).filter(as_good).unwrap_or(position)))
}

fn respelled(text: &str) -> String {
    let lookup = |table: &[(&str, &'static str)], word: &str| table.iter().find(|(from, _)| *from == word).map(|(_, to)| *to);
    match text.rsplit_once('.') {
        None => text.to_owned(),
        Some((resource, action)) => {
            let resource = lookup(SYNONYMS, resource).unwrap_or(resource);
            let action = lookup(ACTIONS, action).unwrap_or(action);
            format!("{resource}.{action}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_scope_is_found() {
        let nearest = |text| {
            nearest_scope(Catalog::appwrite(), text, &Patience::default(), &|scope| !scope.tiers.contains(&crate::scope::Tier::Implicit))
        };
        for (text, expected) in [
            ("messaging.write", "messages.write"),
            ("user.read", "users.read"),
            ("users:read", "users.read"),
            ("users.raed", "users.read"),
            ("Users.Read", "users.read"),
            ("rows.create", "rows.write"),
            ("devkeys.read", "devKeys.read"),
            ("executon.read", "executions.read"),
            ("storage.read", "files.read"),
            // `tables.read` would not open what `collections.read` opens.
            ("collection.read", "collections.read"),
        ] {
            assert_eq!(nearest(text), Some(expected), "{text}");
        }
        for text in ["", "xyz", "completely.different", "🦀", "users", "users.*"] {
            assert_eq!(nearest(text), None, "{text}");
        }
        assert_eq!(
            nearest_scope(Catalog::appwrite(), "devkeys.read", &Patience::default(), &|scope| scope
                .tiers
                .contains(&crate::scope::Tier::Project)),
            None
        );
    }
}
