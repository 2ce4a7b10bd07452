//! Owns the form of a key, until it is saved.

use super::{ExpiryDraft, ExpiryProblem};
use crate::{
    api,
    key::{KeyId, KeyName},
    picker::state::Difference,
    scope::{Catalog, DateTime, Report},
};

/// A key as a person is writing it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyDraft {
    /// The name, as written.
    pub name: String,
    /// The id, as written; empty for one that the server makes.
    pub id: String,
    /// The end.
    pub expiry: ExpiryDraft,
}

/// What is wrong with a draft, by field, as sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// With the name.
    pub name: Option<String>,
    /// With the id.
    pub id: Option<String>,
    /// With the end.
    pub expiry: Option<String>,
}

impl Problems {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether a report forbids saving. An error about a scope that the key holds already does not: an older or newer server's
/// scope survives every edit.
pub fn blocks(report: &Report, saved: &[String]) -> bool {
    report.errors.iter().any(|error| error.scope.as_ref().is_none_or(|scope| !saved.contains(scope)))
}

impl KeyDraft {
    /// The draft of a saved key: nothing changed yet.
    pub fn of(key: &api::Key) -> Self {
        Self { name: key.name.clone(), id: key.id.clone(), expiry: ExpiryDraft::keep(key.expire.0) }
    }

    /// The body that creates the key.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn create(&self, scopes: &[String], now: DateTime, local: impl Fn(&str) -> Option<DateTime>) -> Result<api::CreateKey, Problems> {
        let id = self.id.trim();
        let (update, mut problems) = self.read(scopes, now, local);
        if !id.is_empty()
            && let Err(error) = id.parse::<KeyId>()
        {
            problems.id = Some(format!("An id {error}."));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let key_id = if id.is_empty() { "unique()".to_owned() } else { id.to_owned() };
        Ok(api::CreateKey { key_id, name: update.name, description: None, scopes: update.scopes, expire: update.expire })
    }

    /// The body that replaces a saved key.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn update(&self, scopes: &[String], now: DateTime, local: impl Fn(&str) -> Option<DateTime>) -> Result<api::UpdateKey, Problems> {
        let (update, problems) = self.read(scopes, now, local);
        if problems.is_empty() { Ok(update) } else { Err(problems) }
    }

    /// Whether saving would change anything of the key.
    pub fn changes(&self, key: &api::Key, scopes: &[String], catalog: &Catalog) -> bool {
        *self != Self::of(key) || !Difference::between(catalog, &key.scopes, scopes).is_empty()
    }

    fn read(&self, scopes: &[String], now: DateTime, local: impl Fn(&str) -> Option<DateTime>) -> (api::UpdateKey, Problems) {
        let name = self.name.trim();
        let (expire, expiry) = match self.expiry.resolve(now, local) {
            Ok(at) => (at, None),
            Err(problem @ (ExpiryProblem::Incomplete | ExpiryProblem::Past)) => (None, Some(problem.to_string())),
        };
        let problems = Problems { name: name.parse::<KeyName>().err().map(|error| format!("A name {error}.")), id: None, expiry };
        let update =
            api::UpdateKey { name: name.to_owned(), description: None, scopes: scopes.to_vec(), expire: expire.map(|at| at.to_string()) };
        (update, problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        console::state::ExpiryChoice,
        scope::{CheckRequest, Context, check},
    };

    fn now() -> DateTime {
        DateTime::from_unix_milliseconds(1_800_000_000_000)
    }

    fn local(text: &str) -> Option<DateTime> {
        text.parse().ok()
    }

    #[test]
    fn every_problem_is_told_at_its_field() {
        let expiry = ExpiryDraft { choice: ExpiryChoice::Exact, ..ExpiryDraft::new() };
        let draft = KeyDraft { name: "  ".into(), id: "_x".into(), expiry };
        let problems = draft.create(&[], now(), local).unwrap_err();
        assert_eq!(problems.name.as_deref(), Some("A name must not be empty."));
        assert!(problems.id.unwrap().starts_with("An id may hold"));
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
    fn unknown_scopes_of_a_saved_key_survive_a_rename() {
        let saved = api::Key {
            id: "a".into(),
            created_at: api::WireDate(None),
            updated_at: api::WireDate(None),
            name: "old".into(),
            expire: api::WireDate(None),
            scopes: vec!["future.read".into(), "rows.read".into()],
            secret: String::new(),
            accessed_at: api::WireDate(None),
            sdks: Vec::new(),
            description: String::new(),
        };
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
        assert!(blocks(&report(&["future.read"], Some(Context::Browser)), &saved));
    }
}
