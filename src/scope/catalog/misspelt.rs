//! Finds the scope that a misspelt name probably means.

use alloc::{borrow::ToOwned, string::String};

use super::{entries::Scope, lookup::Catalog, verbs::last_part};
use crate::scope::support::{
    nearest::{MAX_COMPARED, Patience, is_near},
    text::{cut_last, fill, trimmed},
};

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
    let text = trimmed(text, char::is_whitespace);
    if text.is_empty() || text.len() > MAX_COMPARED {
        return None;
    }
    let text: String = text.chars().map(|c| if matches!(c, ':' | '/' | ' ' | '-') { '.' } else { c.to_ascii_lowercase() }).collect();
    let fits = |position: u16| catalog.scope_at(position).is_some_and(fits);
    let respelled = respelled(&text);
    let (resource, action) = cut_last(&respelled, b'.').unwrap_or((&respelled, ""));
    let is_known = !action.is_empty() && catalog.is_resource(resource);
    let verb = last_part(&text);
    let by_verb = || catalog.scope_by_verb(resource, verb, patience, &fits);
    // Of a resource that is spelt right, the action is misspelt: another verb is nothing like it.
    let is_near = |position: &u16| !is_known || is_near(action, last_part(catalog.scope_name(*position)));
    let nearest = catalog.nearest_scope(&respelled, patience, &fits).filter(is_near);
    let position = nearest.or_else(by_verb)?;
    let as_good = |successor: &u16| catalog.opens_beyond(position, *successor).is_empty() && fits(*successor);
    Some(catalog.scope_name(catalog.successor(position).filter(as_good).unwrap_or(position)))
}

fn respelled(text: &str) -> String {
    let lookup = |table: &[(&str, &'static str)], word: &str| table.iter().find(|(from, _)| *from == word).map(|(_, to)| *to);
    match cut_last(text, b'.') {
        None => text.to_owned(),
        Some((resource, action)) => {
            let resource = lookup(SYNONYMS, resource).unwrap_or(resource);
            let action = lookup(ACTIONS, action).unwrap_or(action);
            fill("{}.{}", &[resource, action])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_helped_to_the_scope_that_opens_its_operations_in_any_catalog() {
        let catalog = Catalog::from_json(
            r#"{"id":"own","name":"Own","version":"1","maxScopes":9,"editions":[{"id":"e","name":"E"}],"services":[{"id":"s","name":"S"}],
            "scopes":[
                {"id":"invoices.see","service":"s","description":"","tiers":["project"],"editions":["e"]},
                {"id":"invoices.manage","service":"s","description":"","tiers":["project"],"editions":["e"]},
                {"id":"invoices.full","service":"s","description":"","tiers":["project"],"editions":["e"]}],
            "operations":[
                {"id":"billing.listInvoices","method":"GET","path":"/i","scopes":["invoices.see","invoices.full"]},
                {"id":"billing.issueInvoice","method":"POST","path":"/i","scopes":["invoices.manage","invoices.full"]},
                {"id":"billing.voidInvoice","method":"POST","path":"/v","scopes":["invoices.manage"]},
                {"id":"billing.voidAll","method":"POST","path":"/w","scopes":["invoices.full"]}]}"#,
        )
        .unwrap();
        let nearest = |text| nearest_scope(&catalog, text, &Patience::default(), &|_| true);
        assert_eq!(nearest("invoices.issue"), Some("invoices.manage"));
        assert_eq!(nearest("invoices.list"), Some("invoices.see"));
        assert_eq!(nearest("invoices.fetch"), Some("invoices.see"));
        // Two scopes open different ones of them.
        assert_eq!(nearest("invoices.void"), None);
        assert_eq!(nearest("invoices.fly"), None);
    }

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
        for (text, expected) in [
            ("messages.send", "messages.write"),
            ("messaging.send", "messages.write"),
            ("files.upload", "files.write"),
            ("files.download", "files.read"),
            ("rows.upsert", "rows.write"),
            ("users.fetch", "users.read"),
            ("functions.execute", "executions.write"),
            ("functions.deploy", "functions.write"),
            ("backups.restore", "restorations.write"),
        ] {
            assert_eq!(nearest(text), Some(expected), "{text}");
        }
        for text in ["users.ban", "teams.send-all", "rows.fly"] {
            assert_eq!(nearest(text), None, "{text}");
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
