//! Brings a key's scopes to a later edition.

use alloc::{
    borrow::{Cow, ToOwned},
    format,
    string::String,
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use super::{
    Catalog, Diagnostic, Edition, Scope, Tier,
    allows::held,
    bits::Bits,
    check::{self, name_problems},
    grant::opened,
    plan::Target,
    reach::{ids, opened_beyond},
    request::Asked,
    rules,
    text::{counted, quoted},
    write::{members, words},
};

/// What is to be brought to which edition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MigrateRequest {
    /// The scopes of the key, as they are.
    pub scopes: Vec<String>,
    /// The edition to go to; the newest where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// What kind of key it is.
    #[serde(default)]
    pub tier: Tier,
}

/// What became of the scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Migration {
    /// The scopes after it. They open at least what was open before.
    pub scopes: Vec<String>,
    /// The id of the edition that was gone to; absent when the catalog does not know it, and then nothing was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Whether every scope is a current one of that edition.
    pub complete: bool,
    /// What was done with each scope that is not simply current, and why.
    pub steps: Vec<Step>,
    /// Operations that were not open before.
    pub gained: Vec<String>,
    /// What the catalog does not know.
    pub problems: Vec<Diagnostic>,
}

/// What was done with one scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What was done.
    pub action: Action,
    /// The scope.
    pub scope: String,
    /// The successor that stands in its place, or beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
    /// Why, in one sentence.
    pub reason: String,
    /// The operations that keep the scope on the key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
}

/// What a migration does with a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The successor stands in its place.
    Replaced,
    /// It went, since something else opens the same.
    Removed,
    /// It stays, and its successor stands beside it.
    Joined,
    /// It stays.
    Kept,
}

impl Action {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::Removed => "removed",
            Self::Joined => "joined",
            Self::Kept => "kept",
        }
    }
}

words!(Action);
members!(Step: "action": action, "scope": scope, "successor"? successor, "reason": reason, "operations"? operations);
members!(Migration: "scopes": scopes, "edition"? edition, "complete": complete, "steps": steps, "gained": gained, "problems": problems);

/// Brings scopes to an edition without loss of access: a deprecated scope goes only where its successor, or another current scope
/// of the key, opens everything that it opens.
///
/// ```
/// use scopewise::scope::{Catalog, MigrateRequest, migrate};
/// let scopes = vec!["execution.read".into(), "collections.read".into()];
/// let migration = migrate(Catalog::appwrite(), &MigrateRequest { scopes, ..MigrateRequest::default() });
/// // `tables.read` would not open `databases.listCollections`.
/// assert_eq!(migration.scopes, ["executions.read", "collections.read"]);
/// ```
pub fn migrate(catalog: &Catalog, request: &MigrateRequest) -> Migration {
    let texts: Vec<&str> = request.scopes.iter().map(String::as_str).collect();
    let mut problems = name_problems(catalog, &texts);
    let edition = match &request.edition {
        Some(id) => catalog.edition(id).map(|(_, edition)| edition),
        None => catalog.server_edition(),
    };
    let Some(edition) = edition else {
        let asked = Asked { edition: request.edition.as_deref().map(Cow::Borrowed), ..Asked::default() };
        problems.extend(check::problems(&[rules::unknown_edition], catalog, &asked));
        let scopes = request.scopes.clone();
        return Migration { scopes, edition: None, complete: false, steps: Vec::new(), gained: Vec::new(), problems };
    };
    let target = Target { tier: request.tier, edition: Some(edition) };
    let before = opened(catalog, &held(catalog, &texts));
    let mut work = Work { catalog, target, edition, texts: &texts, result: Vec::new(), steps: Vec::new(), complete: true };
    for (index, text) in texts.iter().enumerate() {
        work.take(text, texts.iter().take(index).any(|earlier| earlier == text));
    }
    let Work { result, steps, complete, .. } = work;
    let after = opened(catalog, &held(catalog, &result));
    Migration {
        scopes: result.into_iter().map(ToOwned::to_owned).collect(),
        edition: Some(edition.id.clone()),
        complete,
        steps,
        gained: opened_beyond(catalog, &after, &before),
        problems,
    }
}

struct Work<'a> {
    catalog: &'a Catalog,
    target: Target<'a>,
    edition: &'a Edition,
    texts: &'a [&'a str],
    result: Vec<&'a str>,
    steps: Vec<Step>,
    complete: bool,
}

impl<'a> Work<'a> {
    fn take(&mut self, text: &'a str, repeats: bool) {
        if repeats {
            self.step(Action::Removed, text, None, "it stands more than once".to_owned(), Vec::new());
            return;
        }
        let Some((position, scope)) = self.catalog.scope_position(text).and_then(|at| Some((at, self.catalog.scope_at(at)?))) else {
            self.keep(text, "the catalog does not know it".to_owned());
            return;
        };
        let place = &self.edition.name;
        let successor = scope.successor.as_ref().and_then(|successor| self.catalog.scope_position(successor.as_str()));
        let successor = successor.filter(|successor| self.catalog.scope_at(*successor).is_some_and(|scope| self.target.can_hold(scope)));
        match successor {
            Some(successor) => self.succeed(position, scope, successor),
            None if !scope.tiers.contains(&self.target.tier) => {
                self.keep(text, format!("it is not a scope of {} keys, and no other has its place", self.target.tier.as_str()));
            }
            None if !self.target.knows(scope) => self.keep(text, format!("it does not exist in {place}, and nothing there has its place")),
            None if scope.deprecated && scope.successor.is_none() => {
                self.keep(text, "it is deprecated, but nothing succeeds it".to_owned())
            }
            // Current, or the only spelling of that edition.
            None => self.put(text),
        }
    }

    /// A deprecated scope whose successor exists in the edition.
    fn succeed(&mut self, position: u16, scope: &'a Scope, successor: u16) {
        let (text, name) = (scope.id.as_str(), self.catalog.scope_name(successor));
        let mut covered: Bits = self.catalog.opens(successor).iter().copied().collect();
        for current in self.texts.iter().filter_map(|text| self.catalog.scope(text)).filter(|scope| !scope.deprecated) {
            let current = self.catalog.scope_position(current.id.as_str()).map_or(&[][..], |position| self.catalog.opens(position));
            covered.extend(current.iter().copied());
        }
        let lost: Vec<u16> = self.catalog.opens(position).iter().copied().filter(|operation| !covered.contains(*operation)).collect();
        let is_there = self.texts.contains(&name) || self.result.contains(&name);
        if let Some(first) = lost.first() {
            let operations = counted(lost.len(), "operation", "operations");
            let example = quoted(self.catalog.operation_id(*first));
            let reason = format!("without it, {operations} would close, such as {example}");
            let lost = ids(self.catalog, lost.into_iter());
            self.complete = false;
            self.put(text);
            if is_there || self.target.knows(scope) {
                self.step(Action::Kept, text, Some(name), reason, lost);
            } else {
                // Servers of that edition may know the successor only.
                self.put(name);
                self.step(Action::Joined, text, Some(name), format!("it does not exist in {}, but {reason}", self.edition.name), lost);
            }
        } else if is_there {
            self.step(Action::Removed, text, Some(name), "its successor is granted already and opens the same".to_owned(), Vec::new());
        } else {
            self.put(name);
            let more = self.catalog.opens_beyond(successor, position).count();
            let reason = match more {
                0 => "its successor opens the same".to_owned(),
                _ => format!("its successor opens the same, and {} more", counted(more, "operation", "operations")),
            };
            self.step(Action::Replaced, text, Some(name), reason, Vec::new());
        }
    }

    fn keep(&mut self, text: &'a str, reason: String) {
        self.complete = false;
        self.put(text);
        self.step(Action::Kept, text, None, reason, Vec::new());
    }

    fn put(&mut self, text: &'a str) {
        if !self.result.contains(&text) {
            self.result.push(text);
        }
    }

    fn step(&mut self, action: Action, scope: &str, successor: Option<&str>, reason: String, operations: Vec<String>) {
        self.steps.push(Step { action, scope: scope.to_owned(), successor: successor.map(ToOwned::to_owned), reason, operations });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every scope alone, every pair of alias and successor, and every edition as a whole, to every edition.
    #[test]
    fn no_migration_loses_access() {
        let catalog = Catalog::appwrite();
        let mut sets: Vec<Vec<String>> = catalog.scopes().iter().map(|scope| vec![scope.id.to_string()]).collect();
        for scope in catalog.scopes().iter().filter(|scope| scope.successor.is_some()) {
            let pair = vec![scope.id.to_string(), scope.successor.as_ref().unwrap().to_string()];
            sets.extend([pair.iter().rev().cloned().collect(), pair]);
        }
        for edition in &catalog.editions {
            sets.push(
                catalog.scopes().iter().filter(|scope| scope.editions.contains(&edition.id)).map(|scope| scope.id.to_string()).collect(),
            );
        }
        for scopes in sets {
            for edition in &catalog.editions {
                let request = MigrateRequest { scopes: scopes.clone(), edition: Some(edition.id.clone()), tier: Tier::Project };
                let migration = migrate(catalog, &request);
                let change = super::super::compare(catalog, &scopes, &migration.scopes);
                assert!(change.lost.is_empty(), "{scopes:?} to {}: {:?}", edition.id, change.lost);
                assert_eq!(change.gained, migration.gained, "{scopes:?} to {}", edition.id);
                let again = migrate(catalog, &MigrateRequest { scopes: migration.scopes.clone(), ..request });
                assert_eq!(again.scopes, migration.scopes, "{scopes:?} to {}: a second migration changes nothing", edition.id);
            }
        }
    }
}
