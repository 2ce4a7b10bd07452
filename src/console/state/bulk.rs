//! What is done with several keys at once, in words, and their list as a file.

use crate::{
    api::{KeyDetails, csv_cell},
    picker::state::counted,
    scope::DateTime,
};

/// An action on each of several keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// Deletes it.
    Delete,
    /// Disables it.
    Disable,
    /// Enables it.
    Enable,
    /// Gives it another expiry.
    Expire,
    /// Replaces its deprecated scopes.
    Migrate,
}

impl BulkAction {
    /// Every action in the order of the buttons.
    pub const ALL: &[Self] = &[Self::Disable, Self::Enable, Self::Expire, Self::Migrate, Self::Delete];

    /// The label of its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Disable => "Disable",
            Self::Enable => "Enable",
            Self::Expire => "Change expiry",
            Self::Migrate => "Replace deprecated scopes",
        }
    }

    /// The question before it, about these keys: the name of one, or how many they are.
    pub fn question(self, keys: &str) -> String {
        match self {
            Self::Expire => format!("Change the expiry of {keys}?"),
            Self::Migrate => format!("Replace deprecated scopes of {keys}?"),
            _ => format!("{} {keys}?", self.label()),
        }
    }

    /// What it does, for the question before it.
    pub fn about(self) -> &'static str {
        match self {
            Self::Delete => "Requests with these keys are refused immediately. You cannot undo this.",
            Self::Disable => "Requests with these keys are refused immediately. You can enable the keys again at any time.",
            Self::Enable => "Requests with these keys are accepted again, unless a key has expired.",
            Self::Expire => "The new expiry counts from now. The secrets stay the same.",
            Self::Migrate => "Each deprecated scope is replaced where its successor opens the same operations. No key loses access.",
        }
    }

    /// Whether it takes something away.
    pub fn is_dangerous(self) -> bool {
        matches!(self, Self::Delete | Self::Disable)
    }

    /// What was done with some keys: "3 keys are deleted."
    pub fn done(self, count: usize) -> String {
        let verb = if count == 1 { "is" } else { "are" };
        let what = match self {
            Self::Delete => "deleted",
            Self::Disable => "disabled",
            Self::Enable => "enabled",
            Self::Expire => return format!("{} {} a new expiry.", counted(count, "key"), if count == 1 { "has" } else { "have" }),
            Self::Migrate => "without deprecated scopes",
        };
        format!("{} {verb} {what}.", counted(count, "key"))
    }
}

/// Days in which a used key counts as in use.
const IN_USE_DAYS: i64 = 30;

/// The word to type before an action: for the deletion of a key that was used lately. Empty if none is needed.
pub fn word_before<'a>(action: BulkAction, keys: impl IntoIterator<Item = &'a KeyDetails>, now: DateTime) -> &'static str {
    let since = now.plus_seconds(-IN_USE_DAYS * 86_400);
    let is_in_use = |details: &KeyDetails| details.key.accessed_at.0.is_some_and(|at| at > since);
    if action == BulkAction::Delete && keys.into_iter().any(is_in_use) { "delete" } else { "" }
}

/// Keys as a CSV file. The secret is only a hint.
pub fn csv<'a>(keys: impl IntoIterator<Item = &'a KeyDetails>) -> String {
    let mut text = "id,name,description,enabled,scopes,expires,lastUsed,created,hint\r\n".to_owned();
    for details in keys {
        let key = &details.key;
        let time = |at: Option<DateTime>| at.map(|at| at.to_string()).unwrap_or_default();
        let cells = [
            csv_cell(&key.id),
            csv_cell(&key.name),
            csv_cell(&key.description),
            csv_cell(if details.enabled { "true" } else { "false" }),
            csv_cell(&key.scopes.join(" ")),
            csv_cell(&time(key.expire.0)),
            csv_cell(&time(key.accessed_at.0)),
            csv_cell(&time(key.created_at.0)),
            csv_cell(&key.secret),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::WireDate;

    fn now() -> DateTime {
        DateTime::from_unix_milliseconds(1_800_000_000_000)
    }

    fn key(name: &str, used: Option<DateTime>) -> KeyDetails {
        let text = format!(
            r#"{{"$id":"k","$createdAt":"2026-01-01T00:00:00.000+00:00","$updatedAt":"","name":"{name}","description":"","expire":"","scopes":["rows.read","files.read"],"secret":"scopewise_key_ab…yz","accessedAt":"","sdks":[],"enabled":true,"status":"active","rotatedAt":"","overlapUntil":"","exposedAt":""}}"#
        );
        let mut key: KeyDetails = serde_json::from_str(&text).unwrap();
        key.key.accessed_at = WireDate(used);
        key
    }

    #[test]
    fn a_question_is_a_sentence() {
        let questions: Vec<String> = BulkAction::ALL.iter().map(|action| action.question("2 keys")).collect();
        let wanted =
            ["Disable 2 keys?", "Enable 2 keys?", "Change the expiry of 2 keys?", "Replace deprecated scopes of 2 keys?", "Delete 2 keys?"];
        assert_eq!(questions, wanted);
    }

    #[test]
    fn a_word_is_asked_for_before_a_key_in_use_is_deleted() {
        let (used, unused) = (key("a", Some(now().plus_seconds(-86_400))), key("b", Some(now().plus_seconds(-40 * 86_400))));
        assert_eq!(word_before(BulkAction::Delete, [&unused, &used], now()), "delete");
        assert_eq!(word_before(BulkAction::Delete, [&unused, &key("c", None)], now()), "");
        assert_eq!(word_before(BulkAction::Disable, [&used], now()), "");
    }

    #[test]
    fn a_file_has_a_line_for_each_key_and_no_formula() {
        let text = csv([&key("=cmd()", None), &key("Nightly", Some(now()))]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].starts_with(r#""k","'=cmd()","","true","rows.read files.read","","","2026-01-01"#), "{text}");
        assert!(lines[2].contains("2027-01-15"), "{text}");
    }

    #[test]
    fn what_was_done_is_said_with_its_number() {
        assert_eq!(BulkAction::Delete.done(1), "1 key is deleted.");
        assert_eq!(BulkAction::Expire.done(2), "2 keys have a new expiry.");
        assert_eq!(BulkAction::Migrate.done(3), "3 keys are without deprecated scopes.");
    }
}
