//! What a link to the create page fills in. A link comes from anyone: it is bounded, and it never creates a key.

use super::{ExpiryChoice, ExpiryDraft};
use crate::{
    api::paths::percent_encode,
    console::route::decode,
    key::{KeyName, MAX_DESCRIPTION_CHARACTERS, MAX_NAME_CHARACTERS},
    scope::{DateTime, MAX_SCOPE_NAME_LENGTH, Runtime},
};

/// More of a query is not read.
const MAX_BYTES: usize = 32 * 1024;
/// So many scopes are read, more than a key can have, so that the check can say so.
const MAX_SCOPES: usize = 300;
/// So many operations are read.
const MAX_OPERATIONS: usize = 300;
/// The most days of an expiry such as `30d`.
const MAX_DAYS: u16 = 3650;

/// What a link fills in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefill {
    /// The name; empty if the link has none.
    pub name: String,
    /// The description; empty if the link has none.
    pub description: String,
    /// The scopes.
    pub scopes: Vec<String>,
    /// The operations that the code calls.
    pub operations: Vec<String>,
    /// The expiry, if the link has one that can be read.
    pub expiry: Option<LinkExpiry>,
    /// Where the code runs.
    pub runs_in: Option<Runtime>,
}

/// The expiry in a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkExpiry {
    /// `never`.
    Never,
    /// Days after the key is created: `90d`.
    Days(u16),
    /// A point in time.
    At(DateTime),
}

impl Prefill {
    /// Reads the query of an address. What it cannot read is left out.
    pub fn read(query: &str) -> Self {
        let mut filled = Self::default();
        let query = query.trim_start_matches('?');
        let end = (0..=MAX_BYTES.min(query.len())).rev().find(|end| query.is_char_boundary(*end)).unwrap_or(0);
        for (name, value) in query.get(..end).unwrap_or_default().split('&').filter_map(|pair| pair.split_once('=')) {
            let value = decode(&value.replace('+', " "));
            match name {
                "name" => filled.name = line(&value, MAX_NAME_CHARACTERS),
                "description" => filled.description = text(&value, MAX_DESCRIPTION_CHARACTERS),
                "scopes" => add(&mut filled.scopes, &value, MAX_SCOPES),
                "operations" => add(&mut filled.operations, &value, MAX_OPERATIONS),
                "expire" => filled.expiry = LinkExpiry::read(&value),
                "runsIn" => filled.runs_in = Runtime::ALL.iter().copied().find(|runtime| runtime.as_str() == value),
                _ => {}
            }
        }
        filled
    }

    /// Whether the link fills in nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The query of a link that fills in the same; empty if there is nothing to fill in.
    pub fn query(&self) -> String {
        let mut query = String::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.push_str(name);
                query.push('=');
                query.push_str(&percent_encode(value, ",:"));
            }
        };
        add("name", self.name.trim());
        add("description", self.description.trim());
        add("scopes", &self.scopes.join(","));
        add("operations", &self.operations.join(","));
        add("expire", &self.expiry.map(LinkExpiry::text).unwrap_or_default());
        add("runsIn", self.runs_in.map_or("", Runtime::as_str));
        query
    }
}

impl LinkExpiry {
    fn read(value: &str) -> Option<Self> {
        let value = value.trim();
        if value == "never" {
            return Some(Self::Never);
        }
        if let Some(days) = value.strip_suffix('d') {
            return days.parse().ok().filter(|days| (1..=MAX_DAYS).contains(days)).map(Self::Days);
        }
        value.parse().ok().map(Self::At)
    }

    fn text(self) -> String {
        match self {
            Self::Never => "never".to_owned(),
            Self::Days(days) => format!("{days}d"),
            Self::At(at) => at.to_string(),
        }
    }

    /// The same in the form. `field` writes a point in time as the value of a `datetime-local` field.
    pub fn draft(self, now: DateTime, field: impl Fn(DateTime) -> String) -> ExpiryDraft {
        let exact = |at: DateTime| ExpiryDraft { choice: ExpiryChoice::Exact, exact: field(at), saved: None };
        match self {
            Self::Never => ExpiryDraft { choice: ExpiryChoice::Never, ..ExpiryDraft::new() },
            Self::Days(days) if ExpiryChoice::FOR_NEW.contains(&ExpiryChoice::Days(days)) => {
                ExpiryDraft { choice: ExpiryChoice::Days(days), ..ExpiryDraft::new() }
            }
            Self::Days(days) => exact(now.plus_seconds(i64::from(days) * 86_400)),
            Self::At(at) => exact(at),
        }
    }

    /// What a form says, for a link.
    pub fn of(draft: &ExpiryDraft, local: impl Fn(&str) -> Option<DateTime>) -> Option<Self> {
        match draft.choice {
            ExpiryChoice::Keep => draft.saved.map(Self::At),
            ExpiryChoice::Days(days) => Some(Self::Days(days)),
            ExpiryChoice::Never => Some(Self::Never),
            ExpiryChoice::Exact => local(&draft.exact).map(Self::At),
        }
    }
}

/// The names in a value, each once; those that are too long are left out.
fn add(names: &mut Vec<String>, value: &str, most: usize) {
    for name in value.split([',', ' ', '\n', ';']).map(str::trim) {
        let is_name = !name.is_empty() && name.len() <= MAX_SCOPE_NAME_LENGTH && !name.chars().any(char::is_control);
        if is_name && names.len() < most && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
}

/// One line without control characters. A name that the server would refuse stays in the field, which says so.
fn line(value: &str, most: usize) -> String {
    let plain: String = value.chars().filter(|c| !c.is_control()).take(most).collect();
    let trimmed = plain.trim();
    if trimmed.parse::<KeyName>().is_ok() { trimmed.to_owned() } else { String::new() }
}

fn text(value: &str, most: usize) -> String {
    value.chars().filter(|c| *c == '\n' || !c.is_control()).take(most).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_link_fills_in_the_whole_form() {
        let filled = Prefill::read(
            "?name=Nightly+export&scopes=rows.read,files.write%20rows.read&operations=tablesDB.listRows&expire=30d&runsIn=server&x=y",
        );
        assert_eq!(
            filled,
            Prefill {
                name: "Nightly export".into(),
                description: String::new(),
                scopes: list(&["rows.read", "files.write"]),
                operations: list(&["tablesDB.listRows"]),
                expiry: Some(LinkExpiry::Days(30)),
                runs_in: Some(Runtime::Server),
            }
        );
        assert!(Prefill::read("").is_empty() && Prefill::read("?name").is_empty());
    }

    #[test]
    fn what_a_form_writes_is_read_back() {
        let at = "2030-01-01T00:00:00.000+00:00".parse().unwrap();
        for expiry in [None, Some(LinkExpiry::Never), Some(LinkExpiry::Days(90)), Some(LinkExpiry::At(at))] {
            let filled = Prefill {
                name: "Ä & b=c 🔑 100%".into(),
                description: "Two\nlines".into(),
                scopes: list(&["rows.read", "zone:dns+write"]),
                operations: list(&["users.list"]),
                expiry,
                runs_in: Some(Runtime::Ci),
            };
            assert_eq!(Prefill::read(&filled.query()), filled);
        }
        assert_eq!(Prefill::default().query(), "");
    }

    #[test]
    fn a_hostile_link_is_bounded_and_fills_in_only_what_is_well_formed() {
        let scopes: String = (0..5000).map(|number| format!("s{number}.read,")).collect();
        let long = "x".repeat(5000);
        let query = format!("?name={long}%00%0A&expire=99999d&runsIn=moon&scopes={long},a%00b,{scopes}");
        let filled = Prefill::read(&query);
        assert_eq!((filled.name.chars().count(), filled.expiry, filled.runs_in), (MAX_NAME_CHARACTERS, None, None));
        assert_eq!(filled.scopes.len(), MAX_SCOPES);
        assert!(filled.scopes.iter().all(|scope| scope.starts_with('s')));
        assert_eq!(Prefill::read("?expire=1969d9&expire=d&name=%ff%fe"), Prefill { name: "%ff%fe".into(), ..Prefill::default() });
        assert!(Prefill::read(&"é".repeat(100_000)).is_empty());
    }

    #[test]
    fn days_of_a_link_are_a_choice_of_the_form_or_an_exact_time() {
        let now = DateTime::from_unix_milliseconds(1_800_000_000_000);
        let draft = |expiry: LinkExpiry| expiry.draft(now, |at| at.to_string());
        assert_eq!(draft(LinkExpiry::Days(30)).choice, ExpiryChoice::Days(30));
        assert_eq!(draft(LinkExpiry::Never).choice, ExpiryChoice::Never);
        let exact = draft(LinkExpiry::Days(3));
        assert_eq!((exact.choice, exact.exact.as_str()), (ExpiryChoice::Exact, "2027-01-18T08:00:00.000+00:00"));
        assert_eq!(LinkExpiry::of(&exact, |text| text.parse().ok()), Some(LinkExpiry::At(now.plus_seconds(3 * 86_400))));
        assert_eq!(LinkExpiry::of(&ExpiryDraft::new(), |_| None), Some(LinkExpiry::Days(90)));
    }
}
