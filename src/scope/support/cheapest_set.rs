//! Finds the cheapest set that meets every need, where a need is met by any one of some items, or by several together.
//!
//! A need for several items together is left out at first. Where the cheapest set for the others does not meet it, each way to
//! meet it is tried: exact, and quick where few needs are of this kind.

use alloc::vec::Vec;

use super::{
    hitting_set::{BUDGET, Cost, HittingSet, cheapest as cheapest_hitting, size},
    sort::order,
};

/// The ways to meet a need: each is some lists, of each of which an item is needed.
pub(in crate::scope) type Need = Vec<Vec<Vec<u16>>>;

/// The cheapest set of items that meets every need. Those that nothing can meet are passed over.
pub(in crate::scope) fn cheapest(needs: Vec<Need>, cost: &dyn Fn(u16) -> Cost) -> HittingSet {
    let mut search = Search { cost, budget: BUDGET, clauses: Vec::new(), open: Vec::new(), best: None };
    for mut need in needs {
        match need.len() {
            1 => search.clauses.append(&mut need.pop().unwrap_or_default()),
            _ => search.open.push(need),
        }
    }
    search.open.retain(|need| !need.is_empty());
    search.solve();
    let exact = search.budget > 0;
    let best = search.best.unwrap_or_default();
    HittingSet { exact, ..best }
}

struct Search<'a> {
    cost: &'a dyn Fn(u16) -> Cost,
    budget: usize,
    /// Lists of each of which an item is needed.
    clauses: Vec<Vec<u16>>,
    /// Needs that can be met in several ways.
    open: Vec<Need>,
    best: Option<HittingSet>,
}

impl Search<'_> {
    fn solve(&mut self) {
        self.budget = self.budget.saturating_sub(size(&self.clauses) + self.open.len());
        let mut found = cheapest_hitting(self.clauses.clone(), self.cost, &mut self.budget);
        if self.best.as_ref().is_some_and(|best| best.cost <= found.cost) {
            return;
        }
        let Some(at) = self.open.iter().position(|need| !is_met(need, &found.items)) else {
            self.best = Some(found);
            return;
        };
        if self.budget == 0 {
            // The first descent always reaches a set.
            if self.best.is_none() {
                self.fill(&mut found);
                self.best = Some(found);
            }
            return;
        }
        let count = self.clauses.len();
        for way in self.open.get(at).cloned().unwrap_or_default() {
            self.clauses.extend(way);
            self.solve();
            self.clauses.truncate(count);
        }
    }

    /// Meets what is open in the first way.
    fn fill(&self, found: &mut HittingSet) {
        for need in &self.open {
            if is_met(need, &found.items) {
                continue;
            }
            for item in need.first().into_iter().flatten().filter_map(|list| list.first()) {
                if !found.items.contains(item) {
                    found.cost = found.cost.plus(&(self.cost)(*item));
                    found.items.push(*item);
                }
            }
        }
        order(&mut found.items, &mut |a, b| a.cmp(&b));
    }
}

#[inline(never)]
fn is_met(need: &Need, items: &[u16]) -> bool {
    need.iter().any(|way| way.iter().all(|list| list.iter().any(|item| items.contains(item))))
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
            let needs: Vec<Need> = (0..dice.below(7))
                .map(|_| {
                    let any = Vec::from([list(&mut dice)]);
                    let sets = (0..dice.below(3)).map(|_| (0..2 + dice.below(2)).map(|_| list(&mut dice)).collect());
                    Some(any).filter(|any| any[0][0] % 2 == 0).into_iter().chain(sets.collect::<Vec<_>>()).collect()
                })
                .collect();
            let meets = |set: &[u16]| needs.iter().filter(|need| !need.is_empty()).all(|need| is_met(need, set));
            let sum = |set: &[u16]| set.iter().fold(Cost::default(), |sum, item| sum.plus(&cost(*item)));
            let subsets = (0..1_u32 << items).map(|mask| (0..items as u16).filter(|item| mask >> item & 1 == 1).collect::<Vec<u16>>());
            let least = subsets.filter(|set| meets(set)).map(|set| sum(&set)).min().unwrap();
            let found = cheapest(needs.clone(), &cost);
            assert!(found.exact && meets(&found.items), "{case}: {needs:?} {:?}", found.items);
            assert_eq!((sum(&found.items), found.cost), (least, least), "{case}: {needs:?} {:?}", found.items);
            together += usize::from(needs.iter().any(|need| need.len() > 1));
        }
        assert!(together > 500, "{together}");
    }

    #[test]
    fn a_hard_case_ends_and_says_that_it_is_not_proven() {
        let mut dice = Dice::new(2);
        let mut list = || (0..3).map(|_| dice.below(90) as u16).collect::<Vec<u16>>();
        let needs: Vec<Need> = (0..300).map(|_| Vec::from([Vec::from([list()]), Vec::from([list(), list()])])).collect();
        let found = cheapest(needs.clone(), &|item| Cost([0, 0, 0, 0, 0, 0, 0, 1, 1, item.into()]));
        assert!(!found.exact);
        assert!(needs.iter().all(|need| is_met(need, &found.items)));
    }
}
