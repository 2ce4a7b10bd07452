//! The texts for entries of the audit log.

use crate::{
    api::{AuditEntry, Creator, paths::percent_encode},
    console::route::decode,
    scope::DateTime,
};

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
    ("account.second-factor-on", "Turn on second factor"),
    ("account.second-factor-off", "Turn off second factor"),
    ("account.recovery-codes", "New recovery codes"),
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
    named(&entry.actor_type, &entry.actor_id, &entry.actor_name)
}

/// Who created a key, in one line: "ada@example.com", "API key Pipeline".
pub fn created_by(creator: &Creator) -> String {
    match (creator.kind.as_str(), named(&creator.kind, &creator.id, &creator.name)) {
        ("account", (_, name)) if !name.is_empty() => name,
        (_, (kind, name)) if name.is_empty() => kind.to_owned(),
        // What created an ephemeral key is its name.
        ("ephemeral-key", (kind, name)) => format!("{kind} of {name}"),
        (_, (kind, name)) => format!("{kind} {name}"),
    }
}

fn named(kind: &str, id: &str, name: &str) -> (&'static str, String) {
    let name = if name.is_empty() { id } else { name };
    let kind = match kind {
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
    (kind, name.to_owned())
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

/// Which entries the log shows. The server filters them; the address bar keeps the filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The name or the id of the actor; empty is any.
    pub who: String,
    /// An action, or a group of actions that ends with a dot; empty is any.
    pub action: String,
    /// The id of the target; empty is any.
    pub target: String,
    /// The outcome; empty is any.
    pub outcome: String,
    /// The first day, as a date field has it; empty is the beginning.
    pub from: String,
    /// The last day, as a date field has it; empty is the present.
    pub until: String,
}

impl AuditFilter {
    /// The groups of actions in the log of a project, with labels.
    pub const GROUPS: &[(&str, &str)] = &[
        ("", "All actions"),
        ("key.", "API keys"),
        ("ephemeral-key.", "Ephemeral keys"),
        ("dev-key.", "Dev keys"),
        ("widget-token.", "Widget tokens"),
        ("policy.", "Key policy"),
        ("project.", "Project"),
    ];
    /// The groups of actions in the log of the server, with labels.
    pub const SERVER_GROUPS: &[(&str, &str)] =
        &[("", "All actions"), ("session.", "Sessions"), ("account.", "Accounts"), ("project.", "Projects"), ("key.", "Organization keys")];
    /// The outcomes with labels.
    pub const OUTCOMES: &[(&str, &str)] = &[("", "Any outcome"), ("done", "Done"), ("refused", "Refused")];

    /// The single actions of these groups, with labels.
    pub fn actions(groups: &[(&str, &str)]) -> Vec<(&'static str, &'static str)> {
        let is_of = |action: &str| groups.iter().any(|(group, _)| !group.is_empty() && action.starts_with(group));
        ACTIONS.iter().filter(|(action, _)| is_of(action)).copied().collect()
    }

    fn members(&self) -> [(&'static str, &str); 6] {
        let Self { who, action, target, outcome, from, until } = self;
        [("who", who), ("action", action), ("target", target), ("outcome", outcome), ("from", from), ("until", until)]
    }

    /// Reads the query of an address. What it does not know is left out.
    pub fn of_query(query: &str) -> Self {
        let mut filter = Self::default();
        for (name, value) in query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('=')) {
            let value = decode(&value.replace('+', " "));
            match name {
                "who" => filter.who = value,
                "action" => filter.action = value,
                "target" => filter.target = value,
                "outcome" => filter.outcome = value,
                "from" => filter.from = value,
                "until" => filter.until = value,
                _ => {}
            }
        }
        filter
    }

    /// The query of the address; empty for all entries.
    pub fn query(&self) -> String {
        let written = written(self.members().into_iter());
        if written.is_empty() { written } else { format!("?{written}") }
    }

    /// The query of the request. `instant` reads a date and time in the zone of the person; a day that it cannot read is left out.
    pub fn request(&self, instant: impl Fn(&str) -> Option<DateTime>) -> String {
        let from = instant(&format!("{}T00:00:00", self.from)).map(|at| at.to_string()).unwrap_or_default();
        let until = instant(&format!("{}T23:59:59", self.until)).map(|at| at.plus_seconds(1).to_string()).unwrap_or_default();
        let [who, action, target, outcome, ..] = self.members().map(|(_, value)| value.trim());
        written(
            [("actor", who), ("action", action), ("targetId", target), ("outcome", outcome), ("from", &from), ("until", &until)]
                .into_iter(),
        )
    }

    /// Whether every entry is shown.
    pub fn is_whole(&self) -> bool {
        self.members().iter().all(|(_, value)| value.is_empty())
    }
}

/// Members of a query; empty ones are left out.
fn written<'a>(members: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let written = members.filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={}", percent_encode(value, "")));
    written.collect::<Vec<_>>().join("&")
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
    fn a_filter_survives_the_address_bar() {
        let filter = AuditFilter {
            who: "Ada & “é”".into(),
            action: "key.".into(),
            target: "web".into(),
            outcome: "refused".into(),
            from: "2026-08-21".into(),
            until: "2026-08-22".into(),
        };
        assert_eq!(AuditFilter::of_query(&filter.query()), filter);
        assert!(!filter.is_whole() && AuditFilter::default().is_whole());
        assert_eq!(AuditFilter::default().query(), "");
        assert_eq!(AuditFilter::of_query("?who=a+b&x=1&page"), AuditFilter { who: "a b".into(), ..AuditFilter::default() });
    }

    #[test]
    fn days_are_whole_days_of_the_person() {
        let filter = AuditFilter { who: " ada ".into(), from: "2026-08-21".into(), until: "2026-08-21".into(), ..AuditFilter::default() };
        let request = filter.request(|text| format!("{text}+02:00").parse().ok());
        assert_eq!(request, "actor=ada&from=2026-08-20T22%3A00%3A00.000%2B00%3A00&until=2026-08-21T22%3A00%3A00.000%2B00%3A00");
        assert_eq!(AuditFilter { from: "x".into(), ..AuditFilter::default() }.request(|text| text.parse().ok()), "");
    }

    #[test]
    fn each_log_offers_its_own_actions() {
        let actions = |groups| AuditFilter::actions(groups).into_iter().map(|(action, _)| action).collect::<Vec<_>>();
        let (project, server) = (actions(AuditFilter::GROUPS), actions(AuditFilter::SERVER_GROUPS));
        assert!(project.contains(&"key.rotate") && !project.contains(&"account.delete") && !project.contains(&"session.create"));
        assert!(server.contains(&"session.create") && !server.contains(&"policy.update"));
        for (groups, actions) in [(AuditFilter::GROUPS, project), (AuditFilter::SERVER_GROUPS, server)] {
            assert!(groups.iter().all(|(group, _)| actions.iter().any(|action| action.starts_with(group))));
        }
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
    fn the_creator_of_a_key_is_one_line() {
        let line = |kind: &str, id: &str, name: &str| created_by(&Creator { kind: kind.into(), id: id.into(), name: name.into() });
        assert_eq!(line("account", "1", "ada@example.com"), "ada@example.com");
        assert_eq!(line("account", "", ""), "Person");
        assert_eq!(line("key", "ci", "Pipeline"), "API key Pipeline");
        assert_eq!(line("key", "ci", ""), "API key ci");
        assert_eq!(line("ephemeral-key", "e1", "key ci"), "Ephemeral key of key ci");
        assert_eq!(line("command-line", "", ""), "Command line");
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
