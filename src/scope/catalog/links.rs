//! How scopes and operations belong together: what a scope opens, and what an operation needs.

use alloc::{vec, vec::Vec};

use super::{
    entries::{Edition, Scope, Sensitivity},
    includes,
    index::{Links, hashed},
    lookup::Catalog,
};
use crate::scope::support::{
    bit_set::BitSet,
    gather::Gather,
    sort::{order, positions},
};

impl Catalog {
    /// The scopes of which any one opens the operation, in catalog order.
    #[inline(never)]
    pub(in crate::scope) fn needs(&self, operation: u16) -> &[u16] {
        of(&self.links().needs, operation)
    }

    /// The sets of two or more scopes that open the operation, all of a set together.
    #[inline(never)]
    pub(in crate::scope) fn sets(&self, operation: u16) -> &[Vec<u16>] {
        sets(&self.links().sets, operation)
    }

    /// Everything that opens the operation, each as scopes that are all needed.
    #[inline(never)]
    pub(in crate::scope) fn alternatives(&self, operation: u16) -> Vec<&[u16]> {
        let mut all: Vec<&[u16]> = self.needs(operation).chunks(1).collect();
        for set in self.sets(operation) {
            all.push(set);
        }
        all
    }

    /// Which one of the operation's alternatives its owner calls least privileged.
    pub(in crate::scope) fn least(&self, operation: u16) -> Option<usize> {
        usize::from(*self.links().least.get(usize::from(operation))?).checked_sub(1)
    }

    /// The operations that the scope opens alone, in catalog order.
    #[inline(never)]
    pub(in crate::scope) fn opens(&self, scope: u16) -> &[u16] {
        of(&self.links().opens, scope)
    }

    /// The operations that the scope, or one that it includes, opens together with others, in catalog order.
    #[inline(never)]
    pub(in crate::scope) fn helps(&self, scope: u16) -> Vec<u16> {
        let helps = &self.links().helps;
        if helps.is_empty() || self.includes(scope).is_empty() {
            return of(helps, scope).to_vec();
        }
        let (mut held, mut helped) = (BitSet::default(), BitSet::default());
        self.hold(&mut held, &[scope]);
        held.iter().for_each(|scope| helped.add(of(helps, scope)));
        helped.iter().gathered()
    }

    /// The operations that need no scope.
    pub(in crate::scope) fn open_to_every_key(&self) -> &[u16] {
        &self.links().open
    }

    /// The operations that several scopes open together.
    pub(in crate::scope) fn opened_by_sets(&self) -> &[(u16, Vec<Vec<u16>>)] {
        &self.links().sets
    }

    /// The operations that `scope` opens and `other` does not, in catalog order. Of what a scope opens together with others, that
    /// which the other one does not open together with the same.
    #[inline(never)]
    pub(in crate::scope) fn opens_beyond(&self, scope: u16, other: u16) -> Vec<u16> {
        let (opened, covered) = (self.opens(scope), self.opens(other));
        let mut beyond: Vec<u16> = opened.iter().copied().filter(|operation| covered.binary_search(operation).is_err()).gathered();
        let lost = |operation: &u16| covered.binary_search(operation).is_err() && self.needs_set_with(*operation, scope, other);
        let helped: Vec<u16> = self.helps(scope).into_iter().filter(lost).gathered();
        if !helped.is_empty() {
            beyond.extend(helped);
            order(&mut beyond, &mut |a, b| a.cmp(&b));
            beyond.dedup();
        }
        beyond
    }

    /// Whether a set with this scope opens the operation, and none does that has the other one instead.
    fn needs_set_with(&self, operation: u16, scope: u16, other: u16) -> bool {
        let is_of = |scope: u16, member: u16| scope == member || self.includes(scope).binary_search(&member).is_ok();
        self.sets(operation).iter().filter(|set| set.iter().any(|member| is_of(scope, *member))).any(|set| {
            let stays = |member: &u16| is_of(other, *member) || set.contains(member) && !is_of(scope, *member);
            !self.alternatives(operation).iter().any(|alternative| alternative.iter().all(stays))
        })
    }

    /// What the scope includes, directly or through another, in catalog order.
    pub(in crate::scope) fn includes(&self, scope: u16) -> &[u16] {
        of(self.closures(), scope)
    }

    /// Whether a holder of `granted` holds `scope`: it is the same one, or included.
    pub fn covers(&self, granted: &str, scope: &str) -> bool {
        granted == scope
            || self.has_includes()
                && self
                    .scope_position(granted)
                    .zip(self.scope_position(scope))
                    .is_some_and(|(granted, scope)| self.includes(granted).binary_search(&scope).is_ok())
    }

    /// Whether some scope includes another.
    pub(in crate::scope) fn has_includes(&self) -> bool {
        !self.closures().is_empty()
    }

    /// Adds scopes, and what they include.
    #[inline(never)]
    pub(in crate::scope) fn hold(&self, held: &mut BitSet, scopes: &[u16]) {
        held.add(scopes);
        for scope in scopes {
            held.add(self.includes(*scope));
        }
    }

    /// The scope, and those that include it.
    #[inline(never)]
    pub(in crate::scope) fn with_including(&self, scope: u16) -> Vec<u16> {
        let mut all = vec![scope];
        all.extend_from_slice(of(&self.links().included_by, scope));
        all
    }

    #[inline(never)]
    fn closures(&self) -> &[Vec<u16>] {
        // A catalog with a fault here is refused.
        self.index.closures.get(self.index.keeper, || includes::closures(self).unwrap_or_default())
    }

    /// The scopes that a holder of this one holds as well, in catalog order: what it includes, directly or through another.
    pub fn included<'a>(&'a self, scope: &str) -> impl Iterator<Item = &'a Scope> + use<'a> {
        let included = self.scope_position(scope).map_or(&[][..], |scope| self.includes(scope));
        included.iter().filter_map(|scope| self.scope_at(*scope))
    }

    /// How much more access the holder of a scope can gain, with the scope that says so: itself, or one that it includes. `None` for a
    /// scope that is not sensitive in this edition (in any, without one that the catalog knows), or that the catalog does not know.
    pub fn sensitivity_of(&self, scope: &str, edition: Option<&str>) -> Option<(&Scope, &Sensitivity)> {
        self.sensitivity(self.scope_position(scope)?, self.known_edition(edition))
    }

    /// How much more access the scope's holder can gain: the furthest of what the scope and those that it includes say, with the
    /// scope that says it.
    #[inline(never)]
    pub(in crate::scope) fn sensitivity(&self, scope: u16, edition: Option<&Edition>) -> Option<(&Scope, &Sensitivity)> {
        let mut worst: Option<(&Scope, &Sensitivity)> = None;
        for position in [scope].iter().chain(self.includes(scope)) {
            if let Some(scope) = self.scope_at(*position)
                && let Some(sensitive) = &scope.sensitive
                && sensitive.counts_in(edition)
                && worst.is_none_or(|(_, worst)| sensitive.reach < worst.reach)
            {
                worst = Some((scope, sensitive));
            }
        }
        worst
    }

    /// The scope to grant instead of this one.
    #[inline(never)]
    pub(in crate::scope) fn successor(&self, scope: u16) -> Option<u16> {
        self.links().successors.get(usize::from(scope)).copied().flatten()
    }

    /// The scopes whose successor is one of these.
    pub(in crate::scope) fn predecessors(&self, scopes: &[u16]) -> Vec<u16> {
        let successors = (0_u16..).zip(&self.links().successors);
        let found = successors.filter(|(_, successor)| successor.is_some_and(|successor| scopes.contains(&successor)));
        found.map(|(scope, _)| scope).gathered()
    }

    #[inline(never)]
    pub(super) fn links(&self) -> &Links {
        self.index.links.get(self.index.keeper, || links(self))
    }
}

fn of(lists: &[Vec<u16>], position: u16) -> &[u16] {
    lists.get(usize::from(position)).map_or(&[], Vec::as_slice)
}

fn sets(sets: &[(u16, Vec<Vec<u16>>)], operation: u16) -> &[Vec<u16>] {
    let found = sets.binary_search_by(|(position, _)| position.cmp(&operation));
    found.ok().and_then(|at| sets.get(at)).map_or(&[], |(_, sets)| sets.as_slice())
}

fn links(catalog: &Catalog) -> Links {
    let operations = catalog.operations();
    let count = catalog.scopes().len();
    let mut by_id = positions(operations.len());
    // Routes that share an id keep their order.
    order(&mut by_id, &mut |a, b| catalog.operation_id(a).cmp(catalog.operation_id(b)));
    let by_name = hashed(by_id.len(), &|at| by_id.get(usize::from(at)).map_or("", |position| catalog.operation_id(*position)));
    let mut links = Links { by_id, by_name, opens: lists(count), needs: Vec::with_capacity(operations.len()), ..Links::default() };
    for (position, operation) in positions(operations.len()).into_iter().zip(operations) {
        let (mut needed, mut sets, mut least) = (Vec::new(), Vec::new(), Vec::new());
        for alternative in &operation.scopes {
            let mut scopes: Vec<u16> = alternative.0.iter().filter_map(|scope| catalog.scope_position(scope.as_str())).gathered();
            order(&mut scopes, &mut |a, b| a.cmp(&b));
            scopes.dedup();
            if operation.least.as_ref() == Some(alternative) {
                least.clone_from(&scopes);
            }
            if let [only] = scopes.as_slice() { needed.push(*only) } else { sets.push(scopes) }
        }
        order(&mut needed, &mut |a, b| a.cmp(&b));
        needed.dedup();
        for scope in &needed {
            push(&mut links.opens, *scope, position);
        }
        let mut all = needed.chunks(1).chain(sets.iter().map(Vec::as_slice));
        links.least.push(all.position(|scopes| scopes == least).map_or(0, |at| at as u16 + 1));
        links.needs.push(needed);
        if !sets.is_empty() {
            if links.helps.is_empty() {
                links.helps = lists(count);
            }
            for scope in sets.iter().flatten() {
                push(&mut links.helps, *scope, position);
            }
            links.sets.push((position, sets));
        }
        if operation.open.is_some() {
            links.open.push(position);
        }
    }
    links.helps.iter_mut().for_each(Vec::dedup);
    let successor = |scope: &Scope| catalog.scope_position(scope.successor.as_ref()?.as_str());
    links.successors = catalog.scopes().iter().map(successor).collect();
    if catalog.has_includes() {
        with_includes(catalog, &mut links);
    }
    links
}

/// Lets each scope open what those open that it includes.
fn with_includes(catalog: &Catalog, links: &mut Links) {
    links.included_by = lists(links.opens.len());
    let direct = links.opens.clone();
    for (scope, opens) in (0_u16..).zip(&mut links.opens) {
        let included = catalog.includes(scope);
        if included.is_empty() {
            continue;
        }
        for inner in included {
            push(&mut links.included_by, *inner, scope);
        }
        let (mut opened, mut helped) = (BitSet::default(), BitSet::default());
        opened.add(opens);
        helped.add(of(&links.helps, scope));
        for inner in included {
            opened.add(of(&direct, *inner));
            helped.add(of(&links.helps, *inner));
        }
        // A set whose members it includes, all of them, it opens alone.
        let has = |member: &u16| *member == scope || included.binary_search(member).is_ok();
        for operation in helped.iter() {
            if sets(&links.sets, operation).iter().any(|set| set.iter().all(has)) {
                opened.insert(operation);
            }
        }
        *opens = opened.iter().gathered();
    }
}

fn lists(count: usize) -> Vec<Vec<u16>> {
    (0..count).map(|_| Vec::new()).gathered()
}

fn push(lists: &mut [Vec<u16>], list: u16, position: u16) {
    if let Some(list) = lists.get_mut(usize::from(list)) {
        list.push(position);
    }
}
