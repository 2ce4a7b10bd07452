//! Finds the cheapest set that hits every clause: an exact minimum hitting set by branch and bound.
//!
//! Real catalogs collapse under the reductions alone. The problem as such is hard, so that the search has a budget: where a
//! catalog exceeds it, the best set found so far is told as not proven.

use alloc::vec::Vec;

use super::order::{order, sort};

/// Search steps; more would take longer than a person waits.
const BUDGET: u32 = 20_000;

/// A cheapest set.
pub(super) struct Cover {
    /// In ascending order.
    pub items: Vec<u16>,
    /// Whether nothing cheaper exists for certain.
    pub exact: bool,
}

/// The cheapest set of items with a member in every clause. Clauses without a member are passed over. Weights add up; none is 0.
pub(super) fn cheapest(mut clauses: Vec<Vec<u16>>, weight: &dyn Fn(u16) -> u128) -> Cover {
    clauses.iter_mut().for_each(|clause| {
        order(clause, &mut |a, b| a.cmp(&b));
        clause.dedup();
    });
    clauses.retain(|clause| !clause.is_empty());
    let mut search = Search { weight, best: None, budget: BUDGET };
    search.solve(clauses, Vec::new(), 0);
    let mut items = search.best.map(|(_, items)| items).unwrap_or_default();
    order(&mut items, &mut |a, b| a.cmp(&b));
    Cover { items, exact: search.budget > 0 }
}

struct Search<'a> {
    weight: &'a dyn Fn(u16) -> u128,
    best: Option<(u128, Vec<u16>)>,
    budget: u32,
}

impl Search<'_> {
    fn solve(&mut self, mut clauses: Vec<Vec<u16>>, mut chosen: Vec<u16>, mut cost: u128) {
        if !self.reduce(&mut clauses, &mut chosen, &mut cost) || self.is_hopeless(cost, &clauses) {
            return;
        }
        let Some(shortest) = clauses.iter().min_by_key(|clause| clause.len()).cloned() else {
            self.best = Some((cost, chosen));
            return;
        };
        let mut branches = shortest;
        let hits = |item: u16| clauses.iter().filter(|clause| clause.binary_search(&item).is_ok()).count();
        order(&mut branches, &mut |a, b| hits(b).cmp(&hits(a)).then_with(|| (self.weight)(a).cmp(&(self.weight)(b))));
        let mut open = clauses.clone();
        for item in branches {
            // The first descent always reaches a set; only later ones are given up.
            if self.best.is_some() {
                if self.budget == 0 {
                    return;
                }
                self.budget -= 1;
            }
            let rest = open.iter().filter(|clause| clause.binary_search(&item).is_err()).cloned().collect();
            let mut with = chosen.clone();
            with.push(item);
            self.solve(rest, with, cost + (self.weight)(item));
            // What follows does without this item: sets that have it were looked at.
            open.iter_mut().for_each(|clause| clause.retain(|other| *other != item));
        }
    }

    /// Takes what every best set takes, and drops what none needs. `false` where a clause cannot be hit any more.
    fn reduce(&self, clauses: &mut Vec<Vec<u16>>, chosen: &mut Vec<u16>, cost: &mut u128) -> bool {
        loop {
            if clauses.iter().any(Vec::is_empty) {
                return false;
            }
            let before = (clauses.len(), clauses.iter().map(Vec::len).sum::<usize>());
            while let Some(only) = clauses.iter().find(|clause| clause.len() == 1).and_then(|clause| clause.first().copied()) {
                chosen.push(only);
                *cost += (self.weight)(only);
                clauses.retain(|clause| clause.binary_search(&only).is_err());
            }
            drop_implied_clauses(clauses);
            self.drop_dominated_items(clauses);
            if before == (clauses.len(), clauses.iter().map(Vec::len).sum()) {
                return true;
            }
        }
    }

    /// An item goes where a cheaper one hits at least the same clauses.
    fn drop_dominated_items(&self, clauses: &mut [Vec<u16>]) {
        let mut items: Vec<u16> = clauses.iter().flatten().copied().collect();
        order(&mut items, &mut |a, b| (self.weight)(a).cmp(&(self.weight)(b)).then(a.cmp(&b)));
        items.dedup();
        let candidates = items.into_iter().map(|item| {
            let hit = (0_u16..).zip(clauses.iter()).filter(|(_, clause)| clause.binary_search(&item).is_ok());
            (item, hit.map(|(index, _)| index).collect())
        });
        let mut kept: Vec<Vec<u16>> = Vec::new();
        let mut dropped = Vec::new();
        for (item, hit) in candidates.collect::<Vec<(u16, Vec<u16>)>>() {
            if kept.iter().any(|other| is_subset(&hit, other)) {
                dropped.push(item);
            } else {
                kept.push(hit);
            }
        }
        clauses.iter_mut().for_each(|clause| clause.retain(|item| !dropped.contains(item)));
    }

    /// Whether no set below this point is cheaper: clauses without a common item need one item each.
    fn is_hopeless(&self, cost: u128, clauses: &[Vec<u16>]) -> bool {
        let Some((best, _)) = &self.best else { return false };
        let mut apart: Vec<&Vec<u16>> = Vec::new();
        let mut least = cost;
        for clause in clauses {
            if apart.iter().all(|other| clause.iter().all(|item| other.binary_search(item).is_err())) {
                least += clause.iter().map(|item| (self.weight)(*item)).min().unwrap_or(0);
                apart.push(clause);
            }
        }
        least >= *best
    }
}

/// Whoever hits a clause hits every clause that contains it.
fn drop_implied_clauses(clauses: &mut Vec<Vec<u16>>) {
    let sorted = sort(core::mem::take(clauses), |a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    let mut kept: Vec<Vec<u16>> = Vec::with_capacity(sorted.len());
    for clause in sorted {
        if !kept.iter().any(|other| is_subset(other, &clause)) {
            kept.push(clause);
        }
    }
    *clauses = kept;
}

fn is_subset(part: &[u16], whole: &[u16]) -> bool {
    part.len() <= whole.len() && part.iter().all(|item| whole.binary_search(item).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Xorshift: seeded, the same on every machine.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % limit
        }
    }

    #[test]
    fn no_cheaper_set_exists() {
        let mut random = Random(0x5eed);
        for case in 0..3_000 {
            let items = 1 + random.below(10);
            let weights: Vec<u128> =
                (0..items).map(|item| u128::from(1_000_000 + random.below(3) * 1_000 + random.below(3) * 30 + item)).collect();
            let clause = |random: &mut Random| (0..=random.below(4)).map(|_| random.below(items) as u16).collect::<Vec<u16>>();
            let clauses: Vec<Vec<u16>> = (0..random.below(12)).map(|_| clause(&mut random)).collect();
            let weight = |item: u16| weights[usize::from(item)];
            let cost = |set: &[u16]| set.iter().map(|item| weight(*item)).sum::<u128>();
            let hits = |set: &[u16]| clauses.iter().all(|clause| clause.iter().any(|item| set.contains(item)));
            let subsets = (0..1_u32 << items).map(|mask| (0..items as u16).filter(|item| mask >> item & 1 == 1).collect::<Vec<u16>>());
            let least = subsets.filter(|set| hits(set)).map(|set| cost(&set)).min().unwrap();
            let found = cheapest(clauses.clone(), &weight);
            assert!(found.exact && hits(&found.items), "{case}: {clauses:?}");
            assert_eq!(cost(&found.items), least, "{case}: {clauses:?} {:?}", found.items);
        }
    }

    #[test]
    fn a_hard_case_ends_and_says_that_it_is_not_proven() {
        let mut random = Random(1);
        let clauses: Vec<Vec<u16>> = (0..400).map(|_| (0..6).map(|_| random.below(120) as u16).collect()).collect();
        let found = cheapest(clauses.clone(), &|item| 1_000_000 + u128::from(item));
        assert!(!found.exact);
        assert!(clauses.iter().all(|clause| clause.iter().any(|item| found.items.contains(item))));
    }
}
