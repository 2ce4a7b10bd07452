//! Finds the cheapest set that hits every clause: an exact minimum hitting set by branch and bound.
//!
//! Real catalogs collapse under the reductions alone. The problem as such is hard, so that the search has a budget: where a
//! catalog exceeds it, the best set found so far is returned as not proven.

use alloc::{vec, vec::Vec};

use super::gather::Gather;
use super::sort::{order, positions, sort};

/// How many members of clauses are looked at; more would take longer than anybody waits, and than a server may work for one request.
pub(super) const BUDGET: usize = 120_000;

/// What an item costs: numbers of decreasing rank. Sums do not overflow, since a catalog has at most 20,000 scopes and operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::scope) struct Cost(pub [u32; 10]);

impl Cost {
    #[inline(never)]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = *self;
        sum.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own = own.saturating_add(*other));
        sum
    }
}

/// A cheapest set.
#[derive(Debug, Default)]
pub(in crate::scope) struct HittingSet {
    /// In ascending order.
    pub items: Vec<u16>,
    pub cost: Cost,
    /// Whether nothing cheaper exists for certain.
    pub exact: bool,
}

/// The cheapest set of items with a member in every clause. Clauses without a member are passed over. Costs add up; none is 0.
pub(super) fn cheapest(mut clauses: Vec<Vec<u16>>, cost: &dyn Fn(u16) -> Cost, budget: &mut usize) -> HittingSet {
    clauses.retain(|clause| !clause.is_empty());
    let mut items: Vec<u16> = clauses.iter().flatten().copied().gathered();
    order(&mut items, &mut |a, b| a.cmp(&b));
    items.dedup();
    // From here on an item is its place among them.
    for clause in &mut clauses {
        clause.iter_mut().for_each(|item| *item = items.binary_search(item).ok().and_then(|at| u16::try_from(at).ok()).unwrap_or(0));
        order(clause, &mut |a, b| a.cmp(&b));
        clause.dedup();
    }
    let mut search = Search { weights: items.iter().map(|item| cost(*item)).collect(), best: None, budget: *budget };
    search.solve(clauses, Vec::new(), Cost::default());
    let (cost, mut found) = search.best.unwrap_or_default();
    order(&mut found, &mut |a, b| a.cmp(&b));
    *budget = search.budget;
    HittingSet { items: found.into_iter().filter_map(|at| items.get(usize::from(at)).copied()).gathered(), cost, exact: search.budget > 0 }
}

struct Search {
    weights: Vec<Cost>,
    best: Option<(Cost, Vec<u16>)>,
    budget: usize,
}

impl Search {
    #[inline(never)]
    fn weight(&self, item: u16) -> Cost {
        self.weights.get(usize::from(item)).copied().unwrap_or_default()
    }

    /// Takes so much from the budget, and says whether anything is left.
    #[inline(never)]
    fn spend(&mut self, amount: usize) -> bool {
        self.budget = self.budget.saturating_sub(amount);
        self.budget > 0
    }

    /// Something for each item.
    fn each<T: Clone>(&self, value: T) -> Vec<T> {
        vec![value; self.weights.len()]
    }

    fn solve(&mut self, mut clauses: Vec<Vec<u16>>, mut chosen: Vec<u16>, mut cost: Cost) {
        if !self.reduce(&mut clauses, &mut chosen, &mut cost) || self.is_hopeless(cost, &clauses) {
            return;
        }
        let Some(shortest) = clauses.iter().min_by_key(|clause| clause.len()).cloned() else {
            self.best = Some((cost, chosen));
            return;
        };
        let mut branches = shortest;
        let mut hits = self.each(0_u32);
        count(&clauses, &mut hits);
        let hits = |item: u16| hits.get(usize::from(item)).copied().unwrap_or(0);
        order(&mut branches, &mut |a, b| hits(b).cmp(&hits(a)).then_with(|| self.weight(a).cmp(&self.weight(b))));
        let mut open = clauses;
        for item in branches {
            if !self.spend(size(&open)) {
                // The first descent always reaches a set.
                if self.best.is_none() {
                    self.fill(&open, chosen, cost);
                }
                return;
            }
            let rest = open.iter().filter(|clause| clause.binary_search(&item).is_err()).cloned().gathered();
            let mut with = chosen.clone();
            with.push(item);
            self.solve(rest, with, cost.plus(&self.weight(item)));
            // What follows does without this item: sets that have it were looked at.
            open.iter_mut().for_each(|clause| clause.retain(|other| *other != item));
        }
    }

    /// Takes the cheapest item of each clause that is not hit yet.
    fn fill(&mut self, clauses: &[Vec<u16>], mut chosen: Vec<u16>, mut cost: Cost) {
        let mut taken = self.each(false);
        for clause in clauses.iter().filter(|clause| !clause.is_empty()) {
            let cheapest = clause.iter().copied().min_by_key(|item| self.weight(*item));
            if let Some(item) = cheapest.filter(|_| !has_any(&taken, clause)) {
                mark(&mut taken, &[item]);
                chosen.push(item);
                cost = cost.plus(&self.weight(item));
            }
        }
        self.best = Some((cost, chosen));
    }

    /// Takes what every best set takes, and drops what none needs. `false` where a clause cannot be hit any more.
    fn reduce(&mut self, clauses: &mut Vec<Vec<u16>>, chosen: &mut Vec<u16>, cost: &mut Cost) -> bool {
        loop {
            if clauses.iter().any(Vec::is_empty) {
                return false;
            }
            let before = (clauses.len(), size(clauses));
            // The lists of all items are gone through as well.
            if !self.spend(before.1 + self.weights.len()) {
                return true;
            }
            let mut taken = self.each(false);
            for only in clauses.iter().filter(|clause| clause.len() == 1) {
                if let Some(item) = only.first().copied().filter(|_| !has_any(&taken, only)) {
                    mark(&mut taken, only);
                    chosen.push(item);
                    *cost = cost.plus(&self.weight(item));
                }
            }
            clauses.retain(|clause| !has_any(&taken, clause));
            self.drop_implied_clauses(clauses);
            self.drop_dominated_items(clauses);
            if before == (clauses.len(), size(clauses)) {
                return true;
            }
        }
    }

    /// An item goes where a cheaper one hits at least the same clauses.
    fn drop_dominated_items(&mut self, clauses: &mut [Vec<u16>]) {
        let mut hits: Vec<Vec<u16>> = self.each(Vec::new());
        for (index, clause) in positions(clauses.len()).into_iter().zip(clauses.iter()) {
            for item in clause {
                if let Some(hit) = hits.get_mut(usize::from(*item)) {
                    hit.push(index);
                }
            }
        }
        let mut dropped = self.each(false);
        for (item, hit) in positions(hits.len()).into_iter().zip(&hits) {
            // Who hits as much hits its first clause.
            let Some(others) = hit.first().and_then(|first| clauses.get(usize::from(*first))) else { continue };
            let weight = (self.weight(item), item);
            for other in others.iter().copied() {
                if !self.spend(1) {
                    return;
                }
                let Some(hit_by_other) = hits.get(usize::from(other)) else { continue };
                if hit.len() <= hit_by_other.len() && (self.weight(other), other) < weight && {
                    self.spend(hit.len());
                    is_subset(hit, hit_by_other)
                } {
                    mark(&mut dropped, &[item]);
                    break;
                }
            }
        }
        clauses.iter_mut().for_each(|clause| clause.retain(|item| !has_any(&dropped, &[*item])));
    }

    /// A set that hits a clause hits every clause that contains it.
    fn drop_implied_clauses(&mut self, clauses: &mut Vec<Vec<u16>>) {
        let sorted = sort(core::mem::take(clauses), |a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        // Those that are kept, by their first item.
        let mut kept: Vec<Vec<usize>> = self.each(Vec::new());
        for clause in sorted {
            let is_implied = clause.iter().any(|item| {
                let begin_with_it = kept.get(usize::from(*item)).map_or(&[][..], Vec::as_slice);
                begin_with_it.iter().any(|other| {
                    self.spend(1) && clauses.get(*other).is_some_and(|other| self.spend(other.len()) && is_subset(other, &clause))
                })
            });
            if !is_implied {
                if let Some(list) = clause.first().and_then(|first| kept.get_mut(usize::from(*first))) {
                    list.push(clauses.len());
                }
                clauses.push(clause);
            }
        }
    }

    /// Whether no set below this point is cheaper: clauses without a common item need one item each.
    fn is_hopeless(&self, cost: Cost, clauses: &[Vec<u16>]) -> bool {
        let Some((best, _)) = &self.best else { return false };
        let mut apart = self.each(false);
        let mut least = cost;
        for clause in clauses.iter().filter(|clause| !clause.is_empty()) {
            if !has_any(&apart, clause) {
                least = least.plus(&clause.iter().map(|item| self.weight(*item)).min().unwrap_or_default());
                mark(&mut apart, clause);
            }
        }
        least >= *best
    }
}

#[inline(never)]
pub(super) fn size(clauses: &[Vec<u16>]) -> usize {
    clauses.iter().map(Vec::len).sum()
}

fn count(clauses: &[Vec<u16>], hits: &mut [u32]) {
    for item in clauses.iter().flatten() {
        if let Some(hits) = hits.get_mut(usize::from(*item)) {
            *hits += 1;
        }
    }
}

#[inline(never)]
fn mark(marks: &mut [bool], items: &[u16]) {
    for item in items {
        if let Some(mark) = marks.get_mut(usize::from(*item)) {
            *mark = true;
        }
    }
}

#[inline(never)]
fn has_any(marks: &[bool], items: &[u16]) -> bool {
    items.iter().any(|item| marks.get(usize::from(*item)) == Some(&true))
}

#[inline(never)]
fn is_subset(part: &[u16], whole: &[u16]) -> bool {
    part.len() <= whole.len() && part.iter().all(|item| whole.binary_search(item).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::support::dice::Dice;

    #[test]
    fn no_cheaper_set_exists() {
        let mut dice = Dice::new(0x5eed);
        for case in 0..3_000 {
            let items = 1 + dice.below(10);
            let weights: Vec<Cost> =
                (0..items).map(|item| Cost([1, 0, 0, 0, 0, 0, dice.below(3) as u32, dice.below(3) as u32, 0, item as u32])).collect();
            let clause = |dice: &mut Dice| (0..=dice.below(4)).map(|_| dice.below(items) as u16).collect::<Vec<u16>>();
            let clauses: Vec<Vec<u16>> = (0..dice.below(12)).map(|_| clause(&mut dice)).collect();
            let weight = |item: u16| weights[usize::from(item)];
            let cost = |set: &[u16]| set.iter().fold(Cost::default(), |sum, item| sum.plus(&weight(*item)));
            let hits = |set: &[u16]| clauses.iter().all(|clause| clause.iter().any(|item| set.contains(item)));
            let subsets = (0..1_u32 << items).map(|mask| (0..items as u16).filter(|item| mask >> item & 1 == 1).collect::<Vec<u16>>());
            let least = subsets.filter(|set| hits(set)).map(|set| cost(&set)).min().unwrap();
            let found = cheapest(clauses.clone(), &weight, &mut BUDGET.clone());
            assert!(found.exact && hits(&found.items), "{case}: {clauses:?}");
            assert_eq!(cost(&found.items), least, "{case}: {clauses:?} {:?}", found.items);
        }
    }

    #[test]
    fn a_hard_case_ends_and_says_that_it_is_not_proven() {
        let mut dice = Dice::new(1);
        let clauses: Vec<Vec<u16>> = (0..400).map(|_| (0..6).map(|_| dice.below(120) as u16).collect()).collect();
        let found = cheapest(clauses.clone(), &|item| Cost([1, 0, 0, 0, 0, 0, 0, 0, 0, item.into()]), &mut BUDGET.clone());
        assert!(!found.exact);
        assert!(clauses.iter().all(|clause| clause.iter().any(|item| found.items.contains(item))));
    }
}
