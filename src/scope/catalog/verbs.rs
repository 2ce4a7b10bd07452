//! Verbs: which operations do what a verb says, and which scope opens those.

use alloc::{vec, vec::Vec};

use super::{
    entries::{Operation, Scope},
    lookup::Catalog,
    spelling::hash,
};
use crate::scope::support::{
    nearest::Patience,
    text::{cut_last, fill, parts, row},
};

/// Verbs that mean the same, in each line those of one kind.
const ALIKE: [&str; 5] = [
    "create add insert new send upload post register",
    "delete remove destroy erase",
    "update edit change set patch modify",
    "upsert save store",
    "get list read fetch find view show search count download",
];

/// What comparing an operation's verb takes, in looks at a name.
const COMPARED: usize = 2;

/// This verb, in lower case, and behind it those that mean the same: `create`, `add` and others for `send`.
#[inline(never)]
pub fn alike(verb: &str) -> Vec<&str> {
    let mut verbs = vec![verb];
    for line in ALIKE {
        let line = parts(line, b' ');
        if line.contains(&verb) {
            verbs.extend_from_slice(&line);
        }
    }
    verbs
}

/// The method's first word, which says what it does, and what it does that with.
fn parted(method: &str) -> (&str, &str) {
    let end = method.bytes().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(method.len());
    method.split_at_checked(end).unwrap_or((method, ""))
}

/// What stands behind the last dot.
pub(super) fn last_part(id: &str) -> &str {
    cut_last(id, b'.').map_or(id, |(_, last)| last)
}

impl Catalog {
    /// The operation that an older SDK, or a person from memory, calls in the singular (`database.listDocuments`), or where `by_verb`
    /// says so by another verb (`users.getLogs`).
    #[inline(never)]
    pub(super) fn operation_as_in_old_sdks(&self, namespace: &str, written: &str, by_verb: bool) -> Option<&Operation> {
        let (verb, rest) = parted(written);
        let verbs = if by_verb { alike(verb) } else { vec![verb] };
        let plural = fill("{}s", &[namespace]);
        let found = [namespace, &plural].into_iter().find_map(|namespace| {
            let spelled = |verb: &str| self.positions_spelled(Some(namespace), &row(&[verb, rest])).first().copied();
            verbs.iter().copied().find_map(spelled)
        });
        self.operation_at(found?)
    }

    /// The scope of a resource that opens what a verb says: `messages.write` for `send` of `messages`, since it opens
    /// `messaging.createEmail`. `None` where none is sure.
    #[inline(never)]
    pub(super) fn scope_by_verb(&self, resource: &str, verb: &str, patience: &Patience, fits: &dyn Fn(u16) -> bool) -> Option<u16> {
        let mut scopes = self.scopes_of(resource);
        scopes.retain(|scope| fits(*scope));
        if !patience.spend(COMPARED * scopes.iter().map(|scope| self.opens(*scope).len()).sum::<usize>()) {
            return None;
        }
        // Most operations are passed over by a hash.
        let hashes = self.index.verbs.get(self.index.keeper, || {
            let of_verb = |operation: &Operation| hash(parted(last_part(&operation.id)).0);
            self.operations().iter().map(of_verb).collect()
        });
        let same = alike(verb);
        let hashes_of_same: Vec<u32> = same.iter().map(|verb| hash(verb)).collect();
        // A bit for each hash: most operations have none of these.
        let likely = hashes_of_same.iter().fold(0_u64, |likely, hash| likely | 1 << (hash & 63));
        let is_same = |hash: &u32| likely >> (hash & 63) & 1 == 1 && hashes_of_same.contains(hash);
        let (mut wanted, mut similar) = (Vec::new(), Vec::new());
        for scope in &scopes {
            for operation in self.opens(*scope) {
                if !hashes.get(usize::from(*operation)).is_some_and(is_same) {
                    continue;
                }
                let own = parted(last_part(self.operation_id(*operation))).0;
                if own == verb {
                    wanted.push(*operation);
                } else if wanted.is_empty() && same.contains(&own) {
                    similar.push(*operation);
                }
            }
        }
        if wanted.is_empty() {
            wanted = similar;
        }
        if wanted.is_empty() {
            return self.scope_by_noun(resource, verb, patience, fits);
        }
        // The scope that opens all of them, and of several the one that opens least.
        let mut best: Option<u16> = None;
        for scope in scopes {
            let opened = self.opens(scope);
            let is_less = best.is_none_or(|best| self.opens(best).len() > opened.len());
            if is_less && wanted.iter().all(|operation| opened.binary_search(operation).is_ok()) {
                best = Some(scope);
            }
        }
        best
    }

    /// The scope that opens making what a verb makes in a service: `executions.write` for `execute` of `functions`, since it alone
    /// opens `functions.createExecution`.
    fn scope_by_noun(&self, service: &str, verb: &str, patience: &Patience, fits: &dyn Fn(u16) -> bool) -> Option<u16> {
        const SHORTEST: usize = 5;
        let stem = verb.strip_suffix('e').unwrap_or(verb);
        let made = fill("{}.create", &[service]);
        let by_id = self.positions_by_id();
        let own = by_id.get(by_id.partition_point(|position| self.operation_id(*position) < made.as_str())..).unwrap_or_default();
        let nouns = own.iter().map_while(|position| Some((*position, self.operation_id(*position).strip_prefix(made.as_str())?)));
        if stem.len() < SHORTEST || !patience.spend(nouns.clone().count()) {
            return None;
        }
        let mut found = None;
        for (position, noun) in nouns {
            if !noun.get(..stem.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(stem)) {
                continue;
            }
            let is_current = |scope: &&u16| fits(**scope) && self.scope_at(**scope).is_some_and(|scope: &Scope| !scope.deprecated);
            if !self.sets(position).is_empty() {
                return None;
            }
            let mut openers = self.needs(position).iter().filter(is_current).copied();
            let (only, None) = (openers.next()?, openers.next()) else { return None };
            if found.is_some_and(|found| found != only) {
                return None;
            }
            found = Some(only);
        }
        found
    }
}
