//! The best scopes to grant for some operations, and what each of them costs.

use alloc::{vec, vec::Vec};

use super::plan::{Goal, is_open};
use crate::scope::{
    Catalog,
    catalog::Escalation,
    json::wire::words,
    support::{
        bit_set::BitSet,
        cover::{self, Demand},
        hitting_set::{Cost, HittingSet},
        sort::sort,
    },
};

words! {
    /// What to prefer among sets of scopes that open the same.
    #[derive(Default)]
    pub enum Prefer {
        /// The set that opens little else.
        #[default]
        Narrow "narrow",
        /// The set with the fewest scopes.
        Few "few",
    }
}

/// How to choose among sets of scopes.
#[derive(Clone, Copy)]
pub(in crate::scope) struct Scale<'a> {
    pub catalog: &'a Catalog,
    pub target: Goal<'a>,
    pub prefer: Prefer,
}

impl<'a> Scale<'a> {
    /// The cost of granting one scope, where these operations are wanted. See [`suggest`](crate::scope::suggest) for the order.
    fn cost(self, scope: u16, wanted: &BitSet) -> Cost {
        let catalog = self.catalog;
        let mut sensitive = [0; Escalation::ALL.len()];
        let level = catalog.sensitivity(scope).and_then(|(_, it)| Escalation::ALL.iter().position(|level| *level == it.reach));
        if let Some(count) = level.and_then(|level| sensitive.get_mut(level)) {
            *count = 1;
        }
        let [full, code, user, secrets, broad] = sensitive;
        let helped = catalog.helps(scope);
        let is_beyond = |operation: &&u16| !wanted.contains(**operation);
        let also = helped.iter().filter(|operation| catalog.opens(scope).binary_search(operation).is_err());
        let beyond = catalog.opens(scope).iter().chain(also).filter(is_beyond).count() as u32;
        let deprecated = u32::from(catalog.scope_at(scope).is_some_and(|scope| scope.deprecated));
        let (first, count) = if self.prefer == Prefer::Few { (1, 0) } else { (0, 1) };
        Cost([first, deprecated, full, code, user, secrets, broad, beyond, count, scope.into()])
    }

    fn can_hold(self, scope: u16) -> bool {
        self.catalog.scope_at(scope).is_some_and(|scope| self.target.can_hold(scope))
    }

    /// The scopes of an alternative that are still to be granted; `None` where such a key cannot be granted them.
    fn lacking(self, alternative: &[u16], held: &BitSet) -> Option<Vec<u16>> {
        let lacking: Vec<u16> = alternative.iter().copied().filter(|scope| !held.contains(*scope)).collect();
        lacking.iter().all(|scope| self.can_hold(*scope)).then_some(lacking)
    }

    /// What its owner calls the least privileged alternative of an operation.
    fn least(self, operation: u16, held: &BitSet) -> Option<Vec<u16>> {
        let least = self.catalog.operation_at(operation)?.least.as_ref()?;
        let scopes: Vec<u16> = least.0.iter().filter_map(|scope| self.catalog.scope_position(scope.as_str())).collect();
        self.lacking(&scopes, held)
    }

    /// The ways to open the operation for such a key, each as the scopes that are all to be granted, the best first.
    pub fn openers(self, held: &BitSet, operation: u16) -> Vec<Vec<u16>> {
        let wanted: BitSet = core::iter::once(operation).collect();
        let least = self.least(operation, held);
        let cost = |scopes: &[u16]| scopes.iter().fold(Cost::default(), |sum, scope| sum.plus(&self.cost(*scope, &wanted)));
        let direct: Vec<Vec<u16>> =
            self.catalog.alternatives(operation).filter_map(|alternative| self.lacking(alternative, held)).collect();
        // Where no scope that is named opens it, one that includes it does.
        let ways = if direct.is_empty() {
            let wider = self.catalog.needs(operation).iter().flat_map(|scope| self.catalog.with_including(*scope));
            wider.filter(|scope| self.can_hold(*scope)).map(|scope| vec![scope]).collect()
        } else {
            direct
        };
        let weighed = ways.into_iter().map(|way| ((least.as_ref() != Some(&way), cost(&way)), way)).collect();
        sort(weighed, |(a, _), (b, _)| a.cmp(b)).into_iter().map(|(_, way)| way).collect()
    }

    /// The cheapest scopes to add so that all operations are open, as far as such a key can have them.
    ///
    /// Candidates are the scopes that operations without a least privileged alternative name, those that include them, and
    /// those of the least privileged alternatives.
    pub fn cheapest(self, held: &BitSet, operations: &[u16]) -> HittingSet {
        let catalog = self.catalog;
        let closed: Vec<u16> = operations.iter().copied().filter(|operation| !is_open(catalog, held, *operation)).collect();
        let least: Vec<Option<Vec<u16>>> = closed.iter().map(|operation| self.least(*operation, held)).collect();
        let providers = |scope: u16| catalog.with_including(scope).filter(|scope| self.can_hold(*scope));
        let lacks = |scope: &u16| !held.contains(*scope);
        let mut candidates: Option<BitSet> = None;
        if least.iter().any(Option::is_some) {
            let mut allowed: BitSet = least.iter().flatten().flatten().copied().collect();
            for (operation, _) in closed.iter().zip(&least).filter(|(_, least)| least.is_none()) {
                let named = catalog.alternatives(*operation).flatten().copied().filter(lacks);
                allowed.extend(named.flat_map(providers));
            }
            candidates = Some(allowed);
        }
        let is_candidate = |scope: &u16| candidates.as_ref().is_none_or(|allowed| allowed.contains(*scope));
        let demand = |operation: &u16| {
            let mut demand = Demand::default();
            for alternative in catalog.alternatives(*operation) {
                let slots = alternative.iter().copied().filter(lacks);
                let slots: Vec<Vec<u16>> = slots.map(|scope| providers(scope).filter(is_candidate).collect()).collect();
                match slots.as_slice() {
                    [only] => demand.any.extend(only),
                    slots if slots.iter().any(Vec::is_empty) => {}
                    _ => demand.sets.push(slots),
                }
            }
            demand
        };
        let wanted: BitSet = operations.iter().copied().collect();
        cover::cheapest(closed.iter().map(demand).collect(), &|scope| self.cost(scope, &wanted))
    }
}
