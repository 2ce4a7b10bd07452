//! Two people change one key: what each of them changed, and both changes together.

use crate::{
    api::{DevKey, Key, UpdateKey},
    scope::DateTime,
};

/// What changed between a saved key and a later state of it, one line each, for a person. `day` writes a date.
pub fn changes(
    before: &Key,
    name: &str,
    description: &str,
    scopes: &[String],
    expire: Option<DateTime>,
    day: impl Fn(DateTime) -> String,
) -> Vec<String> {
    let mut lines = name_change(&before.name, name);
    if before.description != description {
        lines.push(if description.is_empty() { "Description removed".to_owned() } else { format!("Description: {description}") });
    }
    lines.extend(expiry_change(before.expire.0, expire, day));
    let mut list = |word: &str, of: &[String], beyond: &[String]| {
        let names: Vec<&str> = of.iter().filter(|scope| !beyond.contains(scope)).map(String::as_str).collect();
        if !names.is_empty() {
            lines.push(format!("{word} {}", names.join(", ")));
        }
    };
    list("Grants", scopes, &before.scopes);
    list("Revokes", &before.scopes, scopes);
    lines
}

fn name_change(before: &str, after: &str) -> Vec<String> {
    if before == after { Vec::new() } else { vec![format!("Name: {after}")] }
}

fn expiry_change(before: Option<DateTime>, after: Option<DateTime>, day: impl Fn(DateTime) -> String) -> Option<String> {
    (before != after).then(|| after.map_or_else(|| "Never expires".to_owned(), |at| format!("Expires {}", day(at))))
}

/// What changed between a saved dev key and a later state of it.
pub fn dev_key_changes(before: &DevKey, name: &str, expire: Option<DateTime>, day: impl Fn(DateTime) -> String) -> Vec<String> {
    let mut lines = name_change(&before.name, name);
    lines.extend(expiry_change(before.expire.0, expire, day));
    lines
}

/// What changed between two states of a key.
pub fn changes_between(before: &Key, after: &Key, day: impl Fn(DateTime) -> String) -> Vec<String> {
    changes(before, &after.name, &after.description, &after.scopes, after.expire.0, day)
}

/// What a change would do to a key.
pub fn changes_of(before: &Key, change: &UpdateKey, day: impl Fn(DateTime) -> String) -> Vec<String> {
    let expire = change.expire.as_deref().and_then(|text| text.parse().ok());
    changes(before, &change.name, change.description.as_deref().unwrap_or_default(), &change.scopes, expire, day)
}

/// The scopes with both changes: mine, and theirs on top of what both of us started from.
pub fn combined(before: &[String], mine: &[String], theirs: &[String]) -> Vec<String> {
    let kept = mine.iter().filter(|scope| theirs.contains(scope) || !before.contains(scope));
    let granted = theirs.iter().filter(|scope| !before.contains(scope) && !mine.contains(scope));
    kept.chain(granted).cloned().collect()
}

/// A text with both changes; where both changed it, mine counts.
pub fn combined_text(before: &str, mine: &str, theirs: &str) -> String {
    (if mine.trim() == before { theirs } else { mine }).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::WireDate;

    fn key(name: &str, description: &str, scopes: &[&str], expire: Option<i64>) -> Key {
        Key {
            id: "a".into(),
            created_at: WireDate(None),
            updated_at: WireDate(None),
            name: name.into(),
            description: description.into(),
            expire: WireDate(expire.map(DateTime::from_unix_milliseconds)),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            secret: String::new(),
            accessed_at: WireDate(None),
            sdks: Vec::new(),
        }
    }

    #[test]
    fn each_change_is_one_line() {
        let before = key("Old", "What for", &["a.read", "b.read"], Some(0));
        let after = key("New", "", &["b.read", "c.read"], None);
        let day = |at: DateTime| at.to_string();
        assert_eq!(
            changes_between(&before, &after, day),
            ["Name: New", "Description removed", "Never expires", "Grants c.read", "Revokes a.read"]
        );
        assert!(changes_between(&before, &before, day).is_empty());
        let change = UpdateKey {
            name: "Old".into(),
            description: Some("What for".into()),
            scopes: before.scopes.clone(),
            expire: Some("1970-01-02T00:00:00.000+00:00".into()),
        };
        assert_eq!(changes_of(&before, &change, day), ["Expires 1970-01-02T00:00:00.000+00:00"]);
    }

    #[test]
    fn a_change_of_a_dev_key_is_its_name_and_its_expiry() {
        let before = DevKey {
            id: "a".into(),
            created_at: WireDate(None),
            updated_at: WireDate(None),
            name: "Laptop".into(),
            expire: WireDate(Some(DateTime::from_unix_milliseconds(0))),
            secret: String::new(),
            accessed_at: WireDate(None),
            sdks: Vec::new(),
        };
        let day = |at: DateTime| at.to_string();
        assert!(dev_key_changes(&before, "Laptop", before.expire.0, day).is_empty());
        let later = Some(DateTime::from_unix_milliseconds(1000));
        assert_eq!(dev_key_changes(&before, "Phone", later, day), ["Name: Phone", "Expires 1970-01-01T00:00:01.000+00:00"]);
    }

    #[test]
    fn combined_scopes_have_both_changes() {
        let list = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        // I granted d and revoked a; they granted e and revoked b.
        assert_eq!(combined(&list("a b c"), &list("b c d"), &list("a c e")), ["c", "d", "e"]);
        assert_eq!(combined_text("x", " x ", "theirs"), "theirs");
        assert_eq!(combined_text("x", "mine", "theirs"), "mine");
    }
}
