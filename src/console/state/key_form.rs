//! The form of a key, until it is saved.

use super::{ExpiryDraft, ExpiryProblem};
use crate::{
    api,
    key::{KeyDescription, KeyId, KeyName, MAX_DESCRIPTION_CHARACTERS},
    picker::state::{Difference, counted},
    scope::{Catalog, DateTime, Report},
};

/// The entries for a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyDraft {
    /// The name, as entered.
    pub name: String,
    /// The id, as entered; if empty, the server generates one.
    pub id: String,
    /// What the key is for, as entered; can be empty.
    pub description: String,
    /// The expiry.
    pub expiry: ExpiryDraft,
}

/// What is wrong with a draft, by field, as sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// With the name.
    pub name: Option<String>,
    /// With the id.
    pub id: Option<String>,
    /// With the description.
    pub description: Option<String>,
    /// With the expiry.
    pub expiry: Option<String>,
}

impl Problems {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The hint below the description: how many characters are left when few are, or how many are too many.
pub fn description_hint(written: &str) -> String {
    const FEW: usize = 100;
    let count = written.trim().chars().count();
    let room = match MAX_DESCRIPTION_CHARACTERS.checked_sub(count) {
        Some(left) if left <= FEW => format!("{} left", counted(left, "character")),
        Some(_) => format!("At most {MAX_DESCRIPTION_CHARACTERS} characters"),
        None => format!("{} too many", counted(count - MAX_DESCRIPTION_CHARACTERS, "character")),
    };
    format!("Optional. {room}.")
}

/// Whether a report forbids saving. An error about a scope that the key already has does not: scopes of older or newer servers survive
/// every edit.
pub fn blocks(report: &Report, saved: &[String]) -> bool {
    report.errors.iter().any(|error| error.scope.as_ref().is_none_or(|scope| !saved.contains(scope)))
}

impl KeyDraft {
    /// The draft of a saved key: nothing changed yet.
    pub fn of(key: &api::Key) -> Self {
        Self { name: key.name.clone(), id: key.id.clone(), description: key.description.clone(), expiry: ExpiryDraft::keep(key.expire.0) }
    }

    /// The body to create the key.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn create(&self, scopes: &[String], now: DateTime, local: impl Fn(&str) -> Option<DateTime>) -> Result<api::CreateKey, Problems> {
        let id = self.id.trim();
        let (update, mut problems) = self.read(scopes, now, local);
        if !id.is_empty()
            && let Err(error) = id.parse::<KeyId>()
        {
            problems.id = Some(format!("An ID {error}."));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let key_id = if id.is_empty() { "unique()".to_owned() } else { id.to_owned() };
        let description = update.description.filter(|text| !text.is_empty());
        Ok(api::CreateKey { key_id, name: update.name, description, scopes: update.scopes, expire: update.expire })
    }

    /// The body to update a saved key.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn update(&self, scopes: &[String], now: DateTime, local: impl Fn(&str) -> Option<DateTime>) -> Result<api::UpdateKey, Problems> {
        let (update, problems) = self.read(scopes, now, local);
        if problems.is_empty() { Ok(update) } else { Err(problems) }
    }

    /// Whether saving would change the key.
    pub fn changes(&self, key: &api::Key, scopes: &[String], catalog: &Catalog) -> bool {
        *self != Self::of(key) || !Difference::between(catalog, &key.scopes, scopes).is_empty()
    }

    fn read(&self, scopes: &[String], now: DateTime, local: impl Fn(&str) -> Option<DateTime>) -> (api::UpdateKey, Problems) {
        let (name, description) = (self.name.trim(), self.description.trim());
        let (expire, expiry) = match self.expiry.resolve(now, local) {
            Ok(at) => (at, None),
            Err(problem @ (ExpiryProblem::Incomplete | ExpiryProblem::Past)) => (None, Some(problem.to_string())),
        };
        let problems = Problems {
            name: name.parse::<KeyName>().err().map(|error| format!("A name {error}.")),
            id: None,
            description: description.parse::<KeyDescription>().err().map(|error| format!("A description {error}.")),
            expiry,
        };
        let update = api::UpdateKey {
            name: name.to_owned(),
            // Sent even if it is empty: that removes an earlier one.
            description: Some(description.to_owned()),
            scopes: scopes.to_vec(),
            expire: expire.map(|at| at.to_string()),
        };
        (update, problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        console::state::ExpiryChoice,
        scope::{CheckRequest, Runtime, check},
    };

    fn now() -> DateTime {
        DateTime::from_unix_milliseconds(1_800_000_000_000)
    }

    fn local(text: &str) -> Option<DateTime> {
        text.parse().ok()
    }

    #[test]
    fn every_problem_is_shown_at_its_field() {
        let expiry = ExpiryDraft { choice: ExpiryChoice::Exact, ..ExpiryDraft::new() };
        let draft = KeyDraft { name: "  ".into(), id: "_x".into(), description: "a\tb".into(), expiry };
        let problems = draft.create(&[], now(), local).unwrap_err();
        assert_eq!(problems.name.as_deref(), Some("A name must not be empty."));
        assert!(problems.id.unwrap().starts_with("An ID may hold"));
        assert_eq!(problems.description.as_deref(), Some("A description must not hold control characters other than line breaks."));
        assert_eq!(problems.expiry.as_deref(), Some("Enter a date and a time."));
    }

    #[test]
    fn a_draft_without_an_id_lets_the_server_make_one() {
        let draft = KeyDraft { name: " Deploy ".into(), ..KeyDraft::default() };
        let body = draft.create(&["rows.read".into()], now(), local).unwrap();
        assert_eq!((body.key_id.as_str(), body.name.as_str()), ("unique()", "Deploy"));
        assert_eq!(body.expire.as_deref(), Some("2027-04-15T08:00:00.000+00:00"));
    }

    #[test]
    fn a_description_is_sent_as_written_and_an_empty_one_takes_the_saved_one_away() {
        let draft = |description: &str| KeyDraft { name: "Deploy".into(), description: description.into(), ..KeyDraft::default() };
        let created = |description: &str| draft(description).create(&[], now(), local).map(|body| body.description);
        assert_eq!(created("  \n "), Ok(None));
        assert_eq!(created(" Imports orders.\nAsk Ada. \n"), Ok(Some("Imports orders.\nAsk Ada.".to_owned())));
        assert_eq!(created(&"🔑".repeat(512)), Ok(Some("🔑".repeat(512))));
        let problems = created(&"x".repeat(513)).unwrap_err();
        assert_eq!(problems.description.as_deref(), Some("A description must have at most 512 characters."));

        let saved = api::Key { description: "Imports orders.".into(), ..saved_key(&[]) };
        let mut draft = KeyDraft::of(&saved);
        assert_eq!(draft.update(&[], now(), local).unwrap().description.as_deref(), Some("Imports orders."));
        assert!(!draft.changes(&saved, &[], Catalog::appwrite()));
        draft.description.clear();
        assert!(draft.changes(&saved, &[], Catalog::appwrite()));
        assert_eq!(draft.update(&[], now(), local).unwrap().description.as_deref(), Some(""));
    }

    #[test]
    fn the_room_for_a_description_is_shown_where_it_runs_out() {
        let hint = |characters: usize| description_hint(&"ä".repeat(characters));
        assert_eq!((hint(0), hint(411)), ("Optional. At most 512 characters.".into(), "Optional. At most 512 characters.".into()));
        assert_eq!((hint(412), hint(511)), ("Optional. 100 characters left.".into(), "Optional. 1 character left.".into()));
        assert_eq!((hint(512), hint(515)), ("Optional. 0 characters left.".into(), "Optional. 3 characters too many.".into()));
    }

    fn saved_key(scopes: &[&str]) -> api::Key {
        api::Key {
            id: "a".into(),
            created_at: api::WireDate(None),
            updated_at: api::WireDate(None),
            name: "old".into(),
            expire: api::WireDate(None),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            secret: String::new(),
            accessed_at: api::WireDate(None),
            sdks: Vec::new(),
            description: String::new(),
        }
    }

    #[test]
    fn unknown_scopes_of_a_saved_key_survive_a_rename() {
        let saved = saved_key(&["future.read", "rows.read"]);
        let mut draft = KeyDraft::of(&saved);
        assert!(!draft.changes(&saved, &saved.scopes, Catalog::appwrite()));
        draft.name = "new".into();
        assert!(draft.changes(&saved, &saved.scopes, Catalog::appwrite()));
        let body = draft.update(&saved.scopes, now(), local).unwrap();
        assert_eq!((body.name.as_str(), body.scopes, body.expire), ("new", saved.scopes, None));
    }

    #[test]
    fn errors_block_unless_they_are_about_a_scope_that_was_saved() {
        let report = |scopes: &[&str], runs_in| {
            let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
            check(Catalog::appwrite(), &CheckRequest { scopes, runs_in, ..CheckRequest::default() })
        };
        let saved = ["future.read".to_owned()];
        assert!(!blocks(&report(&["rows.read", "future.read"], None), &saved));
        assert!(blocks(&report(&["rows.reed", "future.read"], None), &saved));
        assert!(blocks(&report(&["future.read"], Some(Runtime::Browser)), &saved));
    }
}
