//! The texts for entries of the audit log.

use crate::{api::AuditEntry, scope::DateTime};

const ACTIONS: &[(&str, &str)] = &[
    ("key.create", "Create key"),
    ("key.update", "Update key"),
    ("key.delete", "Delete key"),
    ("key.rotate", "Rotate secret"),
    ("key.enable", "Enable key"),
    ("key.disable", "Disable key"),
    ("key.import", "Import key"),
    ("key.use", "Use key"),
    ("key.end-overlap", "Revoke old secret"),
    ("key.exposed", "Key exposed in web page"),
    ("ephemeral-key.create", "Create ephemeral key"),
    ("ephemeral-key.end", "Revoke ephemeral key"),
    ("widget-token.create", "Create widget token"),
    ("signing-key.rotate", "Revoke all ephemeral keys"),
    ("dev-key.create", "Create dev key"),
    ("dev-key.update", "Update dev key"),
    ("dev-key.delete", "Delete dev key"),
    ("policy.update", "Update key policy"),
    ("project.create", "Create project"),
    ("project.update", "Rename project"),
    ("project.delete", "Delete project"),
    ("account.create", "Create account"),
    ("account.invite", "Invite person"),
    ("account.join", "Accept invitation"),
    ("account.update", "Rename account"),
    ("account.password", "Change password"),
    ("account.disable", "Disable account"),
    ("account.enable", "Enable account"),
    ("account.sign-out", "End all sessions"),
    ("account.delete", "Delete account"),
    ("session.create", "Sign in"),
    ("session.delete", "End session"),
    ("audit.gap", "Refusals not recorded"),
];

/// The label of an action. An action of a newer server is shown unchanged.
pub fn action_label(action: &str) -> String {
    ACTIONS.iter().find(|(name, _)| *name == action).map_or(action, |(_, label)| label).to_owned()
}

/// The actor: its kind and its name, which can be empty.
pub fn actor(entry: &AuditEntry) -> (&'static str, String) {
    let name = if entry.actor_name.is_empty() { &entry.actor_id } else { &entry.actor_name };
    let kind = match entry.actor_type.as_str() {
        "account" => "Person",
        "key" => "API key",
        "ephemeral-key" => "Ephemeral key",
        "organization-key" => "Organization key",
        "widget-token" => "Widget token",
        "guest" => "Not signed in",
        "setup" => "Set-up link",
        "command-line" => "Command line",
        _ => "Unknown",
    };
    (kind, name.clone())
}

/// Members of a policy, as the log names them, in words.
const MEMBERS: &[(&str, &str)] = &[
    ("keyCreation", "key creation by keys:"),
    ("maxLifetimeSeconds", "maximum lifetime in seconds:"),
    ("requireExpiry", "expiry required:"),
    ("browserUse", "use in browsers:"),
    ("edition", "edition:"),
];

/// The detail of an entry for a person: `time` writes points in time, members have names, and the code of an error is read as words.
pub fn detail(entry: &AuditEntry, time: impl Fn(DateTime) -> String) -> String {
    if entry.outcome == "refused" {
        return entry.detail.replace('_', " ");
    }
    let word = |word: &str| {
        let bare = word.trim_end_matches([';', ',']);
        let end = word.strip_prefix(bare).unwrap_or_default();
        let written = match MEMBERS.iter().find(|(member, _)| *member == bare && entry.action == "policy.update") {
            Some((_, words)) => (*words).to_owned(),
            None if bare.contains('T') => bare.parse().map_or_else(|_| bare.to_owned(), &time),
            None => bare.to_owned(),
        };
        written + end
    };
    entry.detail.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The name of the key that an entry says was deleted.
pub fn deleted_name(entry: &AuditEntry) -> Option<&str> {
    entry.detail.strip_prefix("named ").filter(|_| entry.action == "key.delete")
}

/// Whether the target is an API key.
pub fn is_about_a_key(entry: &AuditEntry) -> bool {
    entry.action.starts_with("key.") && !entry.target_id.is_empty()
}

/// Which entries are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Words that the action, the actor, the target, the detail or the address has.
    pub words: String,
    /// What the target is: the beginning of an action; empty is everything.
    pub about: String,
    /// The outcome; empty is any.
    pub outcome: String,
}

impl AuditFilter {
    /// What an entry can be about: the beginnings of its actions, with labels.
    pub const ABOUT: &[(&str, &str)] = &[
        ("", "All actions"),
        ("key.", "API keys"),
        ("ephemeral-key.", "Ephemeral keys"),
        ("dev-key.", "Dev keys"),
        ("widget-token.", "Widget tokens"),
        ("policy.", "Key policy"),
        ("project.", "Project"),
    ];
    /// The outcomes with labels.
    pub const OUTCOMES: &[(&str, &str)] = &[("", "Any outcome"), ("done", "Done"), ("refused", "Refused")];

    /// Whether every entry is shown.
    pub fn is_whole(&self) -> bool {
        self.words.trim().is_empty() && self.about.is_empty() && self.outcome.is_empty()
    }

    /// Whether an entry is shown. `name` is that of its target, if known.
    pub fn shows(&self, entry: &AuditEntry, name: Option<&str>) -> bool {
        let text = || {
            let parts = [
                action_label(&entry.action),
                actor(entry).0.to_owned(),
                actor(entry).1,
                entry.target_id.clone(),
                name.unwrap_or_default().to_owned(),
                entry.detail.clone(),
                entry.ip.clone(),
            ];
            parts.join(" ").to_lowercase()
        };
        let has_words = || {
            let text = text();
            self.words.to_lowercase().split_whitespace().all(|word| text.contains(word))
        };
        entry.action.starts_with(&self.about) && (self.outcome.is_empty() || entry.outcome == self.outcome) && has_words()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::WireDate;

    fn entry(actor_type: &str, actor_name: &str, action: &str) -> AuditEntry {
        AuditEntry {
            id: "1".into(),
            created_at: WireDate(None),
            actor_type: actor_type.into(),
            actor_id: "id".into(),
            actor_name: actor_name.into(),
            action: action.into(),
            target_id: "web".into(),
            outcome: "done".into(),
            detail: String::new(),
            ip: String::new(),
        }
    }

    #[test]
    fn details_have_times_and_words_instead_of_codes() {
        let described = |action: &str, outcome: &str, text: &str| {
            let entry = AuditEntry { detail: text.into(), outcome: outcome.into(), ..entry("account", "Ada", action) };
            detail(&entry, |_| "1 Jan 2030".to_owned())
        };
        assert_eq!(
            described("key.update", "done", "granted Tables.read; expires 2030-01-01T00:00:00.000+00:00, before never"),
            "granted Tables.read; expires 1 Jan 2030, before never"
        );
        assert_eq!(
            described("policy.update", "done", "keyCreation subset, before any; requireExpiry true, before false"),
            "key creation by keys: subset, before any; expiry required: true, before false"
        );
        assert_eq!(described("key.create", "refused", "key_creation_denied"), "key creation denied");
    }

    #[test]
    fn entries_are_filtered_by_what_they_are_about_their_outcome_and_words() {
        let refused = AuditEntry { outcome: "refused".into(), ip: "203.0.113.9".into(), ..entry("account", "Ada", "key.create") };
        let shows = |words: &str, about: &str, outcome: &str| {
            AuditFilter { words: words.into(), about: about.into(), outcome: outcome.into() }.shows(&refused, Some("Nightly export"))
        };
        assert!(AuditFilter::default().is_whole() && shows("", "", ""));
        assert!(shows("ada  NIGHTLY person 203.0", "key.", "refused") && shows("create key", "", ""));
        assert!(!shows("bob", "", "") && !shows("", "dev-key.", "") && !shows("", "", "done"));
        // A dev key is no API key.
        assert!(!AuditFilter { about: "key.".into(), ..AuditFilter::default() }.shows(&entry("account", "", "dev-key.create"), None));
    }

    #[test]
    fn every_documented_action_has_words() {
        let document = include_str!("../../../docs/http-api.md");
        let (_, table) = document.split_once("<!-- actions -->").unwrap();
        let (table, _) = table.split_once("<!-- /actions -->").unwrap();
        let documented: Vec<&str> =
            table.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|line| line.split('`').next()).collect();
        assert_eq!(documented, ACTIONS.iter().map(|(action, _)| *action).collect::<Vec<_>>());
    }

    #[test]
    fn an_action_of_a_newer_server_stands_as_it_is() {
        assert_eq!(action_label("key.rotate"), "Rotate secret");
        assert_eq!(action_label("key.teleport"), "key.teleport");
    }

    #[test]
    fn an_actor_is_shown_by_name_or_else_by_id() {
        assert_eq!(actor(&entry("key", "Pipeline", "key.create")), ("API key", "Pipeline".to_owned()));
        assert_eq!(actor(&entry("account", "", "key.create")), ("Person", "id".to_owned()));
        assert_eq!(actor(&entry("martian", "", "key.create")).0, "Unknown");
    }

    #[test]
    fn only_what_is_done_to_a_key_is_about_a_key() {
        assert!(is_about_a_key(&entry("key", "", "key.use")));
        assert!(!is_about_a_key(&entry("key", "", "dev-key.create")));
        assert!(!is_about_a_key(&AuditEntry { target_id: String::new(), ..entry("key", "", "key.create") }));
    }
}
