//! Brings a key's scopes to a later edition.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::reach::{ids, opened_beyond};
use crate::scope::{
    Catalog, Diagnostic, Edition, Scope, Tier,
    access::{
        held, opened,
        plan::Goal,
        succession::{Move, Replacement, Succession},
    },
    check::name_problems,
    json::wire::{object, request, words},
    support::{
        bit_set::BitSet,
        gather::Gather,
        nearest::Patience,
        sort::Dedup,
        text::{counted_operations, digits, fill},
    },
};

request! {
    /// What is to be brought to which edition.
    #[derive(Default)]
    pub struct MigrateRequest {
        /// The scopes of the key, as they are.
        pub scopes "scopes": Vec<String>,
        /// The edition to go to; the newest where absent.
        pub edition "edition"? Option<String>,
        /// What kind of key it is.
        pub tier "tier"? Tier,
    }
}

object! {
    /// What became of the scopes.
    pub struct Migration {
        /// The scopes after it. They open at least what was open before.
        pub scopes "scopes": Vec<String>,
        /// The id of the edition that was gone to; absent when the catalog does not know it, and then nothing was changed.
        pub edition "edition"? Option<String>,
        /// Whether every scope is a current one of that edition.
        pub complete "complete": bool,
        /// What was done with each scope that is not simply current, and why.
        pub steps "steps": Vec<Step>,
        /// Operations that were not open before.
        pub gained "gained": Vec<String>,
        /// What the catalog does not know.
        pub problems "problems": Vec<Diagnostic>,
    }
}

object! {
    /// What was done with one scope.
    pub struct Step {
        /// What was done.
        pub action "action": Action,
        /// The scope.
        pub scope "scope": String,
        /// The successor that replaces it, or joins it.
        pub successor "successor"? Option<String>,
        /// In an older edition: the predecessor that replaces it, or joins it.
        pub predecessor "predecessor"? Option<String>,
        /// Why, in one sentence.
        pub reason "reason": String,
        /// The operations that keep the scope on the key.
        pub operations "operations"? Vec<String>,
    }
}

words! {
    /// What a migration does with a scope.
    pub enum Action {
        /// Its successor or predecessor replaces it.
        Replaced "replaced",
        /// It went, since something else opens the same.
        Removed "removed",
        /// It stays, and its successor or predecessor joins it.
        Joined "joined",
        /// It stays.
        Kept "kept",
    }
}

/// Brings scopes to an edition without loss of access: a deprecated scope goes only where its successor, or another current scope
/// of the key, opens everything that it opens, also together with other scopes. In an older edition, which lacks a scope, its predecessor replaces it.
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
    let problems = name_problems(catalog, &texts, request.edition.as_deref(), &mut Patience::default());
    let edition = match &request.edition {
        None => catalog.server_edition(),
        named => catalog.known_edition(named.as_deref()),
    };
    let Some(edition) = edition else {
        let scopes = request.scopes.clone();
        return Migration { scopes, edition: None, complete: false, steps: Vec::new(), gained: Vec::new(), problems };
    };
    let target = Goal { tier: request.tier, edition: Some(edition) };
    let before = opened(catalog, &held(catalog, &texts));
    let named: BitSet = texts.iter().filter_map(|text| catalog.scope_position(text)).collect();
    let scopes: Vec<u16> = named.iter().gathered();
    let moves = Succession::new(catalog, target, named.iter()).with_replacements(&scopes);
    let (result, put) = (Vec::with_capacity(texts.len()), BitSet::default());
    let mut work = Work { catalog, target, edition, moves, named, result, put, steps: Vec::new(), complete: true };
    let mut seen = Dedup::default();
    for text in &texts {
        work.take(text, !seen.insert(text));
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
    target: Goal<'a>,
    edition: &'a Edition,
    moves: Succession<'a>,
    /// The scopes of the request.
    named: BitSet,
    result: Vec<&'a str>,
    /// The known scopes of the result.
    put: BitSet,
    steps: Vec<Step>,
    complete: bool,
}

impl<'a> Work<'a> {
    fn take(&mut self, text: &'a str, repeats: bool) {
        if repeats {
            self.step(Action::Removed, text, None, "it is listed more than once".to_owned(), Vec::new());
            return;
        }
        let Some((position, scope)) = self.catalog.find_scope(text) else {
            self.result.push(text);
            self.keep(text, "the catalog does not know it".to_owned());
            return;
        };
        let place = &self.edition.name;
        match self.moves.of(position, None) {
            Some(Move { replacement: Some(replacement), lost, .. }) => self.inherit(position, scope, replacement, lost),
            Some(Move { replacement: None, is_free: true, .. }) => {
                let reason = fill("it does not exist in {}, and other scopes of the key open the same", &[place]);
                self.step(Action::Removed, text, None, reason, Vec::new());
            }
            to => {
                self.put(position);
                if to.is_some() {
                    self.keep(text, fill("it does not exist in {}, and nothing there replaces it", &[place]));
                } else if !scope.tiers.contains(&self.target.tier) {
                    self.keep(text, fill("it is not a scope of {} keys, and no other scope replaces it", &[self.target.tier.as_str()]));
                } else if scope.deprecated && scope.successor.is_none() {
                    self.keep(text, "it is deprecated, but has no successor".to_owned());
                }
                // Else it is current, or the only spelling of that edition.
            }
        }
    }

    /// A scope that another replaces.
    fn inherit(&mut self, position: u16, scope: &'a Scope, replacement: Replacement, lost: Vec<u16>) {
        let text = scope.id.as_str();
        let whose = if replacement.is_later { "its successor" } else { "its predecessor" };
        let is_there = self.named.contains(replacement.position) || self.put.contains(replacement.position);
        if let Some(first) = lost.first() {
            let operations = counted_operations(lost.len(), self.catalog.operation_id(*first));
            let reason = fill("without it, the key could no longer call {}", &[&operations]);
            let lost = ids(self.catalog, &mut lost.into_iter());
            self.complete = false;
            self.put(position);
            if is_there || self.target.knows(scope) {
                self.step(Action::Kept, text, Some(replacement), reason, lost);
            } else {
                // Servers of that edition may know the replacement only.
                self.put(replacement.position);
                self.step(
                    Action::Joined,
                    text,
                    Some(replacement),
                    fill("it does not exist in {}, but {}", &[&self.edition.name, &reason]),
                    lost,
                );
            }
        } else if is_there {
            self.step(Action::Removed, text, Some(replacement), fill("{} is already granted and opens the same", &[whose]), Vec::new());
        } else {
            self.put(replacement.position);
            // An replacement that is deprecated itself, and cannot go further without loss.
            self.complete &= self.moves.of(replacement.position, None).is_none();
            let more = self.catalog.opens_beyond(replacement.position, position).len();
            let reason = match more {
                0 => fill("{} opens the same", &[whose]),
                1 => fill("{} opens the same, and one more operation", &[whose]),
                _ => fill("{} opens the same, and {} more operations", &[whose, &digits(more)]),
            };
            self.step(Action::Replaced, text, Some(replacement), reason, Vec::new());
        }
    }

    /// Tells why a scope stays that is no current one of the edition.
    fn keep(&mut self, text: &str, reason: String) {
        self.complete = false;
        self.step(Action::Kept, text, None, reason, Vec::new());
    }

    fn put(&mut self, position: u16) {
        if self.put.insert(position) {
            self.result.push(self.catalog.scope_name(position));
        }
    }

    fn step(&mut self, action: Action, scope: &str, replacement: Option<Replacement>, reason: String, operations: Vec<String>) {
        let name = |is_later: bool| {
            replacement
                .filter(|replacement| replacement.is_later == is_later)
                .map(|replacement| self.catalog.scope_name(replacement.position).to_owned())
        };
        let (successor, predecessor) = (name(true), name(false));
        self.steps.push(Step { action, scope: scope.to_owned(), successor, predecessor, reason, operations });
    }
}

#[cfg(test)]
mod tests {
    use core::iter::successors;

    use super::*;
    use crate::scope::{CheckRequest, Code, Edit, apply_edits, check, compare, support::dice::Dice};

    fn ids(catalog: &Catalog, fits: impl Fn(&Scope) -> bool) -> Vec<String> {
        catalog.scopes().iter().filter(|scope| fits(scope)).map(|scope| scope.id.to_string()).collect()
    }

    /// What every migration promises; and that the fixes of a check do nothing else.
    fn assert_kept(catalog: &Catalog, scopes: &[String], edition: &Edition, tier: Tier) -> Migration {
        let request = MigrateRequest { scopes: scopes.to_vec(), edition: Some(edition.id.clone()), tier };
        let migration = migrate(catalog, &request);
        let case = || format!("{scopes:?} to {}: {:?}", edition.id, migration.scopes);
        let change = compare(catalog, scopes, &migration.scopes, None);
        assert!(change.lost.is_empty(), "{}: {:?}", case(), change.lost);
        assert_eq!(change.gained, migration.gained, "{}", case());
        let again = migrate(catalog, &MigrateRequest { scopes: migration.scopes.clone(), ..request });
        // A scope that stays while its successor joins it: from then on the two count together. Where scopes open something together or
        // include each other, a second migration can go further, since what the first has put counts as staying.
        let is_plain = !catalog.has_includes() && catalog.opened_by_sets().is_empty();
        if is_plain && migration.steps.iter().all(|step| step.action != Action::Joined) {
            assert_eq!(again.scopes, migration.scopes, "{}: a second migration changes nothing", case());
        }
        let change = compare(catalog, scopes, &again.scopes, None);
        assert!(change.lost.is_empty(), "{}, again: {:?}", case(), change.lost);
        if migration.complete {
            let target = Goal { tier, edition: Some(edition) };
            assert!(migration.scopes.iter().all(|scope| target.can_hold(catalog.scope(scope).unwrap())), "{}", case());
        }
        let asked = CheckRequest { scopes: scopes.to_vec(), edition: Some(edition.id.clone()), tier, ..CheckRequest::default() };
        for diagnostic in check(catalog, &asked).errors.iter().filter(|error| error.code == Code::NotInEdition) {
            let step = migration.steps.iter().find(|step| Some(&step.scope) == diagnostic.scope.as_ref()).unwrap();
            let Some(fix) = &diagnostic.fix else { continue };
            let with = fix.edits.iter().find_map(|edit| if let Edit::Replace { with, .. } = edit { Some(with) } else { None });
            // Where several have one replacement, it comes for the first, and the others go.
            let (is_gone, replacement) =
                (matches!(step.action, Action::Replaced | Action::Removed), step.successor.as_ref().or(step.predecessor.as_ref()));
            // Of aliases of an alias a migration can take a later one, since it knows what else comes.
            let last = |name: &String| successors(catalog.scope_position(name), |scope| catalog.successor(*scope)).last();
            let is_same = with.is_none_or(|with| replacement.and_then(last) == last(with));
            assert!(is_gone && is_same, "{}: {diagnostic:?}, {step:?}", case());
            let lost = compare(catalog, scopes, &apply_edits(scopes, &fix.edits), None).lost;
            assert!(lost.is_empty(), "{}, {}: {lost:?}", case(), fix.title);
        }
        migration
    }

    /// Every scope alone, every pair of alias and successor, every edition as a whole, and many random sets, to every edition.
    #[test]
    fn no_migration_loses_access() {
        let catalog = Catalog::appwrite();
        let all = ids(catalog, |_| true);
        let mut sets: Vec<Vec<String>> = all.iter().map(|id| vec![id.clone()]).collect();
        for scope in catalog.scopes().iter().filter(|scope| scope.successor.is_some()) {
            let pair = vec![scope.id.to_string(), scope.successor.as_ref().unwrap().to_string()];
            sets.extend([pair.iter().rev().cloned().collect(), pair]);
        }
        sets.extend(catalog.editions.iter().map(|edition| ids(catalog, |scope| scope.editions.contains(&edition.id))));
        // Half of the random ones are of scopes that have changed their names.
        let moved = ids(catalog, |scope| {
            scope.successor.is_some() || catalog.scopes().iter().any(|other| other.successor.as_ref() == Some(&scope.id))
        });
        let mut dice = Dice::new(0x5eed);
        for case in 0..150 {
            let count = 2 + dice.below(8);
            sets.push(dice.some(if case % 2 == 0 { &all } else { &moved }, count));
        }
        for (case, scopes) in sets.into_iter().enumerate() {
            for (number, edition) in catalog.editions.iter().enumerate() {
                let tier = if (case + number) % 4 == 0 { Tier::Organization } else { Tier::Project };
                assert_kept(catalog, &scopes, edition, tier);
            }
        }
    }

    /// There and back again: an older edition's spellings are found, and the newer ones after them.
    #[test]
    fn no_way_through_the_editions_loses_access() {
        let catalog = Catalog::appwrite();
        for first in &catalog.editions {
            let scopes = ids(catalog, |scope| scope.editions.contains(&first.id) && scope.tiers.contains(&Tier::Project));
            for second in &catalog.editions {
                let there = assert_kept(catalog, &scopes, second, Tier::Project);
                let back = assert_kept(catalog, &there.scopes, first, Tier::Project);
                assert!(compare(catalog, &scopes, &back.scopes, None).lost.is_empty(), "{} and {}", first.id, second.id);
            }
        }
    }

    /// Aliases of aliases, several of one successor, and editions that know any of them.
    #[test]
    fn no_migration_in_a_catalog_of_ones_own_loses_access() {
        let mut dice = Dice::new(0x5eed);
        let (mut replaced, mut joined) = (0, 0);
        for case in 0..300 {
            let is_plain = case % 2 == 0;
            let count = 3 + dice.below(8);
            let name = |n: usize| format!("s{n}.read");
            let scopes: Vec<_> = (0..count)
                .map(|n| {
                    let editions: Vec<String> = (0..3).filter(|_| dice.below(3) > 0).map(|edition| format!("e{edition}")).collect();
                    let mut scope =
                        serde_json::json!({ "id": name(n), "service": "s", "description": "", "tiers": ["project"], "editions": editions });
                    if n > 0 && dice.below(3) > 0 {
                        scope["deprecated"] = true.into();
                        scope["successor"] = name(dice.below(n)).into();
                    }
                    if !is_plain && n > 0 && dice.below(4) == 0 {
                        scope["includes"] = vec![name(dice.below(n))].into();
                    }
                    scope
                })
                .collect();
            let operations: Vec<_> = (0..2 + dice.below(6))
                .map(|n| {
                    let alternative = |_| match dice.below(3) {
                        0 if !is_plain => serde_json::json!([name(dice.below(count)), name(dice.below(count))]),
                        _ => name(dice.below(count)).into(),
                    };
                    let opened: Vec<serde_json::Value> = (0..1 + n % 4).map(alternative).collect();
                    serde_json::json!({ "id": format!("s.do{n}"), "method": "GET", "path": format!("/{n}"), "scopes": opened })
                })
                .collect();
            let editions: Vec<_> = (0..3).map(|n| serde_json::json!({ "id": format!("e{n}"), "name": "E" })).collect();
            let catalog = serde_json::json!({
                "id": "x", "name": "X", "version": "1", "maxScopes": 99, "editions": editions,
                "services": [{ "id": "s", "name": "S" }], "scopes": scopes, "operations": operations,
            });
            let catalog = Catalog::from_json(&catalog.to_string()).unwrap();
            let all = ids(&catalog, |_| true);
            for _ in 0..12 {
                let size = 1 + dice.below(count);
                let scopes = dice.some(&all, size);
                for edition in &catalog.editions {
                    let steps = assert_kept(&catalog, &scopes, edition, Tier::Project).steps;
                    replaced += steps.iter().filter(|step| step.action == Action::Replaced && step.predecessor.is_some()).count();
                    joined += steps.iter().filter(|step| step.action == Action::Joined).count();
                }
            }
        }
        assert!(replaced > 100 && joined > 100, "{replaced} {joined}");
    }
}
