//! A set of scopes, prepared for being asked often.

use alloc::vec::Vec;
use core::borrow::Borrow;

use super::plan;
use crate::scope::{
    Catalog,
    support::{bit_set::BitSet, gather::Gather, sort::order},
};

/// The operations that a set of scopes opens, as one bit each. `C` is a `&Catalog`, or shared ownership of one.
///
/// ```
/// use scopewise::scope::Catalog;
/// let key = Catalog::appwrite().compile(&["users.read"]);
/// assert!(key.allows("users.list"));
/// assert!(!key.allows("users.create") && !key.allows("users.fly"));
/// ```
#[derive(Clone, Debug)]
pub struct Grant<C: Borrow<Catalog>> {
    catalog: C,
    open: BitSet,
}

impl<C: Borrow<Catalog>> Grant<C> {
    /// Prepares a set of scopes. Unknown ones open nothing; [`check`](crate::scope::check) reports them.
    pub fn new<S: AsRef<str>>(catalog: C, scopes: &[S]) -> Self {
        let scopes: Vec<&str> = scopes.iter().map(AsRef::as_ref).collect();
        let open = opened(catalog.borrow(), &held(catalog.borrow(), &scopes));
        Self { catalog, open }
    }

    /// Whether the scopes open the operation, in any spelling that [`allows`](crate::scope::allows) takes, with the same verdict.
    pub fn allows(&self, operation: &str) -> bool {
        let catalog = self.catalog.borrow();
        // The id as the catalog spells it, without a list in between.
        let exact = catalog.positions_named(operation);
        if !exact.is_empty() {
            return exact.iter().all(|position| self.open.contains(*position));
        }
        let positions = catalog.recognize(operation);
        !positions.is_empty() && positions.into_iter().all(|position| self.open.contains(position))
    }

    /// The id of every operation, in alphabetical order, with the verdict of [`Grant::allows`] on it.
    pub fn operations(&self) -> impl Iterator<Item = (&str, bool)> {
        let catalog = self.catalog.borrow();
        let by_id = catalog.positions_by_id().chunk_by(|a, b| catalog.operation_id(*a) == catalog.operation_id(*b));
        by_id.filter_map(|routes| {
            let id = catalog.operation_id(*routes.first()?);
            Some((id, routes.iter().all(|position| self.open.contains(*position))))
        })
    }
}

impl Catalog {
    /// Prepares a set of scopes for being asked often.
    pub fn compile<S: AsRef<str>>(&self, scopes: &[S]) -> Grant<&Self> {
        Grant::new(self, scopes)
    }
}

impl Catalog {
    /// Whether these scopes open the operation at this position in [`Catalog::operations`]; `false` where there is none.
    pub fn opens_with(&self, operation: usize, scopes: &[&str]) -> bool {
        let position = u16::try_from(operation).ok().filter(|_| operation < self.operations().len());
        position.is_some_and(|position| plan::is_open(self, &held(self, scopes), position))
    }

    /// The sets of scopes that open the operation at this position in [`Catalog::operations`]: its alternatives, and the same with
    /// one of the scopes replaced by one that includes it. Every other set that opens it has more scopes, or replaces several.
    pub fn openers(&self, operation: usize) -> Vec<Vec<&str>> {
        let Some(position) = u16::try_from(operation).ok().filter(|_| operation < self.operations().len()) else { return Vec::new() };
        let mut all: Vec<Vec<u16>> = self.alternatives(position).into_iter().map(<[u16]>::to_vec).collect();
        for at in 0..all.len() {
            let alternative = all.get(at).cloned().unwrap_or_default();
            for scope in &alternative {
                for wider in self.with_including(*scope).into_iter().skip(1) {
                    let is_covered = |member: &u16| *member == wider || self.includes(wider).binary_search(member).is_ok();
                    let mut set: Vec<u16> = alternative.iter().copied().filter(|member| !is_covered(member)).gathered();
                    set.push(wider);
                    order(&mut set, &mut |a, b| a.cmp(&b));
                    if !all.contains(&set) {
                        all.push(set);
                    }
                }
            }
        }
        all.into_iter().map(|set| set.into_iter().map(|scope| self.scope_name(scope)).collect()).collect()
    }
}

/// The known ones of these scopes, and those that every key holds.
#[inline(never)]
pub(in crate::scope) fn named(catalog: &Catalog, scopes: &[&str]) -> BitSet {
    let mut named = BitSet::with_room(catalog.scopes().len());
    named.extend(scopes.iter().filter_map(|scope| catalog.scope_position(scope)).chain(plan::implied(catalog)));
    named
}

/// These scopes, and what they include.
#[inline(never)]
pub(in crate::scope) fn closed(catalog: &Catalog, named: &BitSet) -> BitSet {
    let mut held = named.clone();
    if catalog.has_includes() {
        named.iter().for_each(|scope| held.add(catalog.includes(scope)));
    }
    held
}

/// What a holder of these scopes holds: the known ones, what they include, and what every key holds.
pub(in crate::scope) fn held(catalog: &Catalog, scopes: &[&str]) -> BitSet {
    closed(catalog, &named(catalog, scopes))
}

/// The operations that are open to a holder of exactly these scopes.
#[inline(never)]
pub(in crate::scope) fn opened(catalog: &Catalog, held: &BitSet) -> BitSet {
    let mut open = BitSet::default();
    held.iter().for_each(|scope| open.add(catalog.opens(scope)));
    open.add(catalog.open_to_every_key());
    for (operation, sets) in catalog.opened_by_sets() {
        if sets.iter().any(|set| held.has_all(set)) {
            open.insert(*operation);
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_opened_by_its_openers() {
        let text = r#"{"id":"x","name":"X","version":"1","maxScopes":9,"editions":[],"services":[{"id":"s","name":"S"}],"scopes":[
            {"id":"admin","service":"s","description":"","tiers":["project"],"editions":[],"includes":["write"]},
            {"id":"write","service":"s","description":"","tiers":["project"],"editions":[],"includes":["read"]},
            {"id":"read","service":"s","description":"","tiers":["project"],"editions":[]},
            {"id":"log","service":"s","description":"","tiers":["project"],"editions":[]}],
            "operations":[{"id":"a","method":"GET","path":"/a","scopes":["read",["write","log"]]}]}"#;
        let catalog = Catalog::from_json(text).unwrap();
        let openers = catalog.openers(0);
        assert_eq!(openers, [vec!["read"], vec!["write", "log"], vec!["admin"], vec!["write"], vec!["admin", "log"]]);
        assert!(openers.iter().all(|scopes| catalog.opens_with(0, scopes)));
        assert!(!catalog.opens_with(0, &["log", "no.such"]) && !catalog.opens_with(1, &["read"]));
        assert_eq!(catalog.openers(1), [[""; 0]; 0]);
    }

    #[test]
    fn a_grant_and_allows_agree() {
        let catalog = Catalog::appwrite();
        for scopes in [&["users.read", "rows.write"][..], &["collections.read"], &[], &["no.such"]] {
            let grant = catalog.compile(scopes);
            for operation in catalog.operations() {
                let route = format!("{} {}", operation.method, operation.path);
                assert_eq!(
                    grant.allows(&operation.id),
                    crate::scope::allows(catalog, scopes, &operation.id, None).allowed,
                    "{}",
                    operation.id
                );
                assert!(
                    grant.operations().any(|listed| listed == (operation.id.as_str(), grant.allows(&operation.id))),
                    "{}",
                    operation.id
                );
                assert_eq!(grant.allows(&route), crate::scope::allows(catalog, scopes, &route, None).allowed, "{route}");
            }
        }
    }
}
