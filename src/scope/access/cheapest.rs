//! The best scopes to grant for some operations, and what each of them costs.

use alloc::{vec, vec::Vec};
use core::mem::take;

use super::plan::{Goal, is_open};
use crate::scope::{
    Catalog, Edition,
    catalog::Escalation,
    json::wire::words,
    support::{
        bit_set::BitSet,
        cheapest_set::{self, Need},
        gather::Gather,
        hitting_set::{Cost, HittingSet},
        sort::{order, positions},
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
    /// What such a key can be granted.
    pub target: Goal<'a>,
    /// The edition by which sensitivity counts; in any, without one.
    pub edition: Option<&'a Edition>,
    pub prefer: Prefer,
}

impl<'a> Scale<'a> {
    /// The cost of granting one scope, where these operations are wanted. See [`suggest`](crate::scope::suggest) for the order.
    /// `only` is the wanted one, where there is only one.
    fn cost(self, scope: u16, wanted: &BitSet, only: Option<u16>) -> Cost {
        let catalog = self.catalog;
        let mut sensitive = [0; Escalation::ALL.len()];
        let level =
            catalog.sensitivity(scope, self.edition).and_then(|(_, it)| Escalation::ALL.iter().position(|level| *level == it.reach));
        if let Some(count) = level.and_then(|level| sensitive.get_mut(level)) {
            *count = 1;
        }
        let [full, code, user, secrets, broad] = sensitive;
        let mut beyond = 0;
        let opens = catalog.opens(scope);
        match only {
            // A scope can open thousands.
            Some(only) => beyond += opens.len() as u32 - u32::from(opens.binary_search(&only).is_ok()),
            None => opens.iter().for_each(|operation| beyond += u32::from(!wanted.contains(*operation))),
        }
        for operation in catalog.helps(scope) {
            beyond += u32::from(!wanted.contains(operation) && opens.binary_search(&operation).is_err());
        }
        let deprecated = u32::from(catalog.scope_at(scope).is_some_and(|scope| scope.deprecated));
        let (first, count) = if self.prefer == Prefer::Few { (1, 0) } else { (0, 1) };
        Cost([first, deprecated, full, code, user, secrets, broad, beyond, count, scope.into()])
    }

    fn can_hold(self, scope: u16) -> bool {
        self.catalog.scope_at(scope).is_some_and(|scope| self.target.can_hold(scope))
    }

    /// The scopes of an alternative that are still to be granted; `None` where such a key cannot be granted them.
    #[inline(never)]
    fn lacking(self, alternative: &[u16], held: &BitSet) -> Option<Vec<u16>> {
        let mut lacking = Vec::new();
        for scope in alternative {
            if !held.contains(*scope) {
                if !self.can_hold(*scope) {
                    return None;
                }
                lacking.push(*scope);
            }
        }
        Some(lacking)
    }

    /// Of an operation's alternatives, what is still to be granted for the one that its owner calls least privileged.
    #[inline(never)]
    fn least(self, operation: u16, alternatives: &[&[u16]], held: &BitSet) -> Option<Vec<u16>> {
        self.lacking(alternatives.get(self.catalog.least(operation)?)?, held)
    }

    /// The scopes with which such a key holds this one.
    #[inline(never)]
    fn providers(self, scope: u16) -> Vec<u16> {
        let mut providers = self.catalog.with_including(scope);
        providers.retain(|scope| self.can_hold(*scope));
        providers
    }

    /// The ways to open the operation for such a key, each as the scopes that are all to be granted, the best first.
    #[inline(never)]
    pub fn openers(self, held: &BitSet, operation: u16) -> Vec<Vec<u16>> {
        let (mut wanted, mut ways) = (BitSet::default(), Vec::new());
        wanted.insert(operation);
        let alternatives = self.catalog.alternatives(operation);
        for alternative in &alternatives {
            ways.extend(self.lacking(alternative, held));
        }
        if ways.is_empty() {
            // Where no scope that is named opens it, one that includes it does.
            for scope in self.catalog.needs(operation) {
                self.providers(*scope).into_iter().for_each(|scope| ways.push(vec![scope]));
            }
        }
        // A way that contains another one adds nothing. Mostly, each way is one scope.
        if ways.iter().any(|way| way.len() > 1) {
            let all = ways.clone();
            ways.retain(|way| !all.iter().any(|other| other.len() < way.len() && other.iter().all(|scope| way.contains(scope))));
        }
        let least = self.least(operation, &alternatives, held);
        let mut costs = Vec::with_capacity(ways.len());
        for way in &ways {
            let cost = way.iter().fold(Cost::default(), |sum, scope| sum.plus(&self.cost(*scope, &wanted, Some(operation))));
            costs.push((least.as_ref() != Some(way), cost));
        }
        let mut sorted = positions(ways.len());
        order(&mut sorted, &mut |a, b| costs.get(usize::from(a)).cmp(&costs.get(usize::from(b))));
        sorted.into_iter().filter_map(|at| ways.get_mut(usize::from(at)).map(take)).gathered()
    }

    /// The cheapest scopes to add so that all operations are open, as far as such a key can have them.
    ///
    /// Candidates are the scopes that operations without a least privileged alternative name, those that include them, and
    /// those of the least privileged alternatives.
    #[inline(never)]
    pub fn cheapest(self, held: &BitSet, operations: &[u16]) -> HittingSet {
        let catalog = self.catalog;
        let (mut closed, mut candidates, mut has_least) = (Vec::new(), BitSet::default(), false);
        for operation in operations.iter().copied().filter(|operation| !is_open(catalog, held, *operation)) {
            closed.push(operation);
            let alternatives = catalog.alternatives(operation);
            match self.least(operation, &alternatives, held) {
                Some(least) => {
                    has_least = true;
                    candidates.add(&least);
                }
                None => {
                    for scope in alternatives.into_iter().flatten().filter(|scope| !held.contains(**scope)) {
                        candidates.add(&self.providers(*scope));
                    }
                }
            }
        }
        let mut needs = Vec::with_capacity(closed.len());
        for operation in closed {
            let (mut any, mut need) = (Vec::new(), Need::new());
            for alternative in catalog.alternatives(operation) {
                let mut way: Vec<Vec<u16>> = Vec::new();
                for scope in alternative.iter().filter(|scope| !held.contains(**scope)) {
                    let mut providers = self.providers(*scope);
                    providers.retain(|scope| !has_least || candidates.contains(*scope));
                    way.push(providers);
                }
                if let [only] = way.as_slice() {
                    any.extend_from_slice(only);
                } else if !way.iter().any(Vec::is_empty) {
                    need.push(way);
                }
            }
            if !any.is_empty() {
                need.insert(0, vec![any]);
            }
            needs.push(need);
        }
        let mut wanted = BitSet::default();
        wanted.add(operations);
        cheapest_set::cheapest(needs, &|scope| self.cost(scope, &wanted, None))
    }
}
