//! Finds the cheapest set that meets every demand, where a demand is met by any one of some items, or by several together.
//!
//! A demand for several items together is left out at first. Where the cheapest set for the others does not meet it, each way to
//! meet it is tried: exact, and quick where few demands are of this kind.

use alloc::vec::Vec;

use super::{
    hitting_set::{BUDGET, Cost, HittingSet, cheapest as cheapest_hitting},
    sort::{order, sort},
};

/// What a set has to contain: one of `any`, or of one of `sets` an item of each list.
#[derive(Clone, Debug, Default)]
pub(in crate::scope) struct Demand {
    pub any: Vec<u16>,
    pub sets: Vec<Vec<Vec<u16>>>,
}

impl Demand {
    /// The ways to meet it, each as lists with an item of each.
    fn ways(&self) -> impl Iterator<Item = &[Vec<u16>]> {
        let any = Some(core::slice::from_ref(&self.any)).filter(|_| !self.any.is_empty());
        any.into_iter().chain(self.sets.iter().map(Vec::as_slice))
    }

    fn is_met(&self, items: &[u16]) -> bool {
        self.ways().any(|way| way.iter().all(|list| list.iter().any(|item| items.contains(item))))
    }
}

/// The cheapest set of items that meets every demand. Those that nothing can meet are passed over.
pub(in crate::scope) fn cheapest(demands: Vec<Demand>, cost: &dyn Fn(u16) -> Cost) -> HittingSet {
    let (mut clauses, mut open) = (Vec::new(), Vec::new());
    for demand in demands {
        let mut ways = demand.ways();
        match (ways.next(), ways.next()) {
            (Some(only), None) => clauses.extend(only.iter().cloned()),
            (Some(_), Some(_)) => {
                drop(ways);
                open.push(demand);
            }
            (None, _) => {}
        }
    }
    let mut search = Search { cost, budget: BUDGET, best: None };
    search.solve(&clauses, &open);
    let exact = search.budget > 0;
    let best = search.best.unwrap_or_default();
    HittingSet { exact, ..best }
}

struct Search<'a> {
    cost: &'a dyn Fn(u16) -> Cost,
    budget: usize,
    best: Option<HittingSet>,
}

impl Search<'_> {
    fn solve(&mut self, clauses: &[Vec<u16>], open: &[Demand]) {
        self.budget = self.budget.saturating_sub(clauses.iter().map(Vec::len).sum::<usize>() + open.len());
        let found = cheapest_hitting(clauses.to_vec(), self.cost, &mut self.budget);
        if self.best.as_ref().is_some_and(|best| best.cost <= found.cost) {
            return;
        }
        let Some(unmet) = open.iter().find(|demand| !demand.is_met(&found.items)) else {
            self.best = Some(found);
            return;
        };
        if self.budget == 0 {
            // The first descent always reaches a set.
            if self.best.is_none() {
                self.fill(found, open);
            }
            return;
        }
        let ways: Vec<(Cost, &[Vec<u16>])> = unmet.ways().map(|way| (self.least(way, &found.items), way)).collect();
        for (_, way) in sort(ways, |(a, _), (b, _)| a.cmp(b)) {
            let with: Vec<Vec<u16>> = clauses.iter().chain(way).cloned().collect();
            self.solve(&with, open);
        }
    }

    /// What a way costs at the least, beyond what is there.
    fn least(&self, way: &[Vec<u16>], items: &[u16]) -> Cost {
        let lists = way.iter().filter(|list| !list.iter().any(|item| items.contains(item)));
        let least = lists.filter_map(|list| list.iter().map(|item| (self.cost)(*item)).min());
        least.fold(Cost::default(), |sum, cost| sum.plus(&cost))
    }

    /// Meets what is open in the way that is cheapest by itself.
    fn fill(&mut self, mut found: HittingSet, open: &[Demand]) {
        for demand in open {
            if demand.is_met(&found.items) {
                continue;
            }
            let Some(way) = demand.ways().min_by_key(|way| self.least(way, &found.items)) else { continue };
            for list in way {
                let Some(item) = list.iter().copied().min_by_key(|item| (self.cost)(*item)) else { continue };
                if !list.iter().any(|item| found.items.contains(item)) {
                    found.cost = found.cost.plus(&(self.cost)(item));
                    found.items.push(item);
                }
            }
        }
        order(&mut found.items, &mut |a, b| a.cmp(&b));
        self.best = Some(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::support::dice::Dice;

    #[test]
    fn no_cheaper_set_exists() {
        let mut dice = Dice::new(0x5eed);
        let mut together = 0;
        for case in 0..2_000 {
            let items = 1 + dice.below(9);
            let costs: Vec<Cost> =
                (0..items).map(|item| Cost([0, dice.below(2) as u32, 0, 0, 0, 0, 0, dice.below(3) as u32, 1, item as u32])).collect();
            let cost = |item: u16| costs[usize::from(item)];
            let list = |dice: &mut Dice| (0..=dice.below(2)).map(|_| dice.below(items) as u16).collect::<Vec<u16>>();
            let demands: Vec<Demand> = (0..dice.below(7))
                .map(|_| Demand {
                    any: if dice.below(2) == 0 { list(&mut dice) } else { Vec::new() },
                    sets: (0..dice.below(3)).map(|_| (0..2 + dice.below(2)).map(|_| list(&mut dice)).collect()).collect(),
                })
                .collect();
            let meets = |set: &[u16]| demands.iter().filter(|demand| demand.ways().next().is_some()).all(|demand| demand.is_met(set));
            let sum = |set: &[u16]| set.iter().fold(Cost::default(), |sum, item| sum.plus(&cost(*item)));
            let subsets = (0..1_u32 << items).map(|mask| (0..items as u16).filter(|item| mask >> item & 1 == 1).collect::<Vec<u16>>());
            let least = subsets.filter(|set| meets(set)).map(|set| sum(&set)).min().unwrap();
            let found = cheapest(demands.clone(), &cost);
            assert!(found.exact && meets(&found.items), "{case}: {demands:?} {:?}", found.items);
            assert_eq!((sum(&found.items), found.cost), (least, least), "{case}: {demands:?} {:?}", found.items);
            together += usize::from(demands.iter().any(|demand| demand.ways().count() > 1));
        }
        assert!(together > 500, "{together}");
    }

    #[test]
    fn a_hard_case_ends_and_says_that_it_is_not_proven() {
        let mut dice = Dice::new(2);
        let mut list = || (0..3).map(|_| dice.below(90) as u16).collect::<Vec<u16>>();
        let demands: Vec<Demand> = (0..300).map(|_| Demand { any: list(), sets: Vec::from([Vec::from([list(), list()])]) }).collect();
        let found = cheapest(demands.clone(), &|item| Cost([0, 0, 0, 0, 0, 0, 0, 1, 1, item.into()]));
        assert!(!found.exact);
        assert!(demands.iter().all(|demand| demand.is_met(&found.items)));
    }
}
