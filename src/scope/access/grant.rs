//! A set of scopes, prepared for being asked often.

use alloc::vec::Vec;
use core::borrow::Borrow;

use super::plan;
use crate::scope::{Catalog, support::bit_set::BitSet};

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

/// The known ones of these scopes, and those that every key holds.
#[inline(never)]
pub(in crate::scope) fn named(catalog: &Catalog, scopes: &[&str]) -> BitSet {
    scopes.iter().filter_map(|scope| catalog.scope_position(scope)).chain(plan::implied(catalog)).collect()
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
    fn a_grant_and_allows_agree() {
        let catalog = Catalog::appwrite();
        for scopes in [&["users.read", "rows.write"][..], &["collections.read"], &[], &["no.such"]] {
            let grant = catalog.compile(scopes);
            for operation in catalog.operations() {
                let route = format!("{} {}", operation.method, operation.path);
                assert_eq!(grant.allows(&operation.id), crate::scope::allows(catalog, scopes, &operation.id).allowed, "{}", operation.id);
                assert!(grant.operations().any(|told| told == (operation.id.as_str(), grant.allows(&operation.id))), "{}", operation.id);
                assert_eq!(grant.allows(&route), crate::scope::allows(catalog, scopes, &route).allowed, "{route}");
            }
        }
    }
}
