//! What becomes of a scope in an edition: what replaces it there, and what the key could no longer call. [`migrate`](crate::scope::migrate()) does
//! it, and the fixes of [`check`](crate::scope::check()) do nothing else.

use alloc::vec::Vec;

use super::{
    grant::{closed, opened},
    plan::{self, Goal},
};
use crate::scope::{
    Catalog,
    support::{bit_set::BitSet, gather::Gather},
};

/// So many successors are followed (a catalog has no more), and so many moves that make others possible.
const MAX_STEPS: usize = 16;

/// The scope that replaces another in an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scope) struct Replacement {
    pub position: u16,
    /// Whether it is a successor; else it is a predecessor, where the edition is an older one.
    pub is_later: bool,
}

/// What becomes of a scope that is not simply a current one of the edition.
pub(in crate::scope) struct Move {
    /// `None` where nothing there replaces it.
    pub replacement: Option<Replacement>,
    /// What closes where the scope goes and the replacement comes, in catalog order.
    pub lost: Vec<u16>,
    /// Whether the scope can go. One that opens nothing as far as the catalog knows, and that nothing replaces, cannot: it
    /// is there for something.
    pub is_free: bool,
}

/// The moves of one key to one edition.
pub(in crate::scope) struct Succession<'a> {
    catalog: &'a Catalog,
    target: Goal<'a>,
    /// What the key holds before anything moves.
    before: BitSet,
    /// What the key holds whatever moves: its scopes that are current ones of the edition, and what they include.
    stays: BitSet,
    /// What those open.
    open: BitSet,
}

impl<'a> Succession<'a> {
    /// Of a key with these scopes.
    pub fn new(catalog: &'a Catalog, target: Goal<'a>, scopes: impl Iterator<Item = u16>) -> Self {
        let named: BitSet = scopes.chain(plan::implied(catalog)).collect();
        let is_current = |position: &u16| catalog.scope_at(*position).is_some_and(|scope| !scope.deprecated && target.can_hold(scope));
        let stays = closed(catalog, &named.iter().filter(is_current).chain(plan::implied(catalog)).collect());
        Self { catalog, target, before: closed(catalog, &named), open: opened(catalog, &stays), stays }
    }

    /// Counts what replacements of these scopes will open as well, where they certainly come.
    pub fn with_replacements(mut self, scopes: &[u16]) -> Self {
        let is_current = |replacement: u16| self.catalog.scope_at(replacement).is_some_and(|scope| !scope.deprecated);
        for _ in 0..MAX_STEPS {
            let moves = scopes.iter().filter_map(|scope| self.of(*scope, None)).filter(|to| to.is_free);
            let replacements = moves
                .filter_map(|to| to.replacement.map(|replacement| replacement.position))
                .filter(|replacement| is_current(*replacement));
            let mut stays = self.stays.clone();
            self.catalog.hold(&mut stays, &replacements.gathered());
            if stays == self.stays {
                break;
            }
            self.open = opened(self.catalog, &stays);
            self.stays = stays;
        }
        self
    }

    /// What becomes of the scope; `None` where it stays as it is. Only operations that matter count, where that is known.
    pub fn of(&self, scope: u16, matters: Option<&dyn Fn(u16) -> bool>) -> Option<Move> {
        let used: Vec<u16> = self.opens(scope).into_iter().filter(|operation| matters.is_none_or(|matters| matters(*operation))).gathered();
        let lost = |replacement: Option<u16>| -> Vec<u16> {
            let mut after = self.stays.clone();
            self.catalog.hold(&mut after, replacement.as_slice());
            let is_closed = |operation: &u16| !self.open.contains(*operation) && !plan::is_open(self.catalog, &after, *operation);
            used.iter().copied().filter(is_closed).gathered()
        };
        let mut best: Option<(Replacement, Vec<u16>)> = None;
        for replacement in self.replacements(scope) {
            let lost = lost(Some(replacement.position));
            if best.as_ref().is_none_or(|(_, least)| lost.len() < least.len()) {
                best = Some((replacement, lost));
            }
        }
        let Some((replacement, lost)) = best else {
            let lost = lost(None);
            let is_free = lost.is_empty() && (matters.is_some() || !self.opens(scope).is_empty());
            return self.is_gone(scope).then_some(Move { replacement: None, lost, is_free });
        };
        Some(Move { replacement: Some(replacement), is_free: lost.is_empty(), lost })
    }

    /// What the scope opens, alone or together with others of the key, in catalog order.
    fn opens(&self, scope: u16) -> Vec<u16> {
        let helped = self.catalog.helps(scope);
        if helped.is_empty() {
            return self.catalog.opens(scope).to_vec();
        }
        let mut all = BitSet::default();
        all.add(self.catalog.opens(scope));
        all.extend(helped.into_iter().filter(|operation| plan::is_open(self.catalog, &self.before, *operation)));
        all.iter().gathered()
    }

    /// Whether the edition lacks a scope that such a key could hold.
    fn is_gone(&self, scope: u16) -> bool {
        self.catalog.scope_at(scope).is_some_and(|scope| scope.tiers.contains(&self.target.tier) && !self.target.knows(scope))
    }

    /// What may have the scope's place, the best first where they lose as much: the successors that such a key can hold, the last of
    /// them first; or else, where the edition lacks the scope, its next predecessors.
    fn replacements(&self, scope: u16) -> Vec<Replacement> {
        let can_hold = |position: &u16| self.catalog.scope_at(*position).is_some_and(|scope| self.target.can_hold(scope));
        let later = core::iter::successors(self.catalog.successor(scope), |next| self.catalog.successor(*next));
        let mut replacements: Vec<Replacement> =
            later.take(MAX_STEPS).filter(can_hold).map(|position| Replacement { position, is_later: true }).gathered();
        replacements.reverse();
        let mut earlier = Vec::from([scope]);
        while replacements.is_empty() && !earlier.is_empty() && self.is_gone(scope) {
            earlier = self.catalog.predecessors(&earlier);
            replacements = earlier.iter().copied().filter(can_hold).map(|position| Replacement { position, is_later: false }).gathered();
        }
        replacements
    }
}
