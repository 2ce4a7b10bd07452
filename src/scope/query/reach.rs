//! What a set of scopes opens, and how much more access it can gain.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use crate::scope::{
    Catalog, Diagnostic, Edition,
    access::{held, opened},
    catalog::Escalation,
    check::name_problems,
    json::wire::object,
    support::{bit_set::BitSet, gather::Gather, nearest::Patience, sort::sort},
};

object! {
    /// What a set of scopes opens, and how much more access it can gain.
    pub struct Reach {
        /// Whether the set gives full access: the holder can grant the other scopes to a key, or run code that has them.
        pub full_access "fullAccess": bool,
        /// The ids of the operations that the set opens, in catalog order, with those that are open to every key.
        pub operations "operations": Vec<String>,
        /// The ways to more access, the furthest first.
        pub climbs "climbs": Vec<EscalationPath>,
        /// What the catalog does not know.
        pub problems "problems": Vec<Diagnostic>,
    }
}

object! {
    /// A way from a scope to more than it opens.
    pub struct EscalationPath {
        /// The scope that it begins with.
        pub scope "scope": String,
        /// How far it leads.
        pub reach "reach": Escalation,
        /// Why, in one sentence.
        pub reason "reason": String,
        /// Step by step.
        pub path "path": Vec<String>,
    }
}

/// What `scopes` open, and how much more access their holder can gain in an edition; without one that the catalog knows, in any.
///
/// ```
/// use scopewise::scope::{Catalog, reach};
/// let catalog = Catalog::appwrite();
/// assert!(reach(catalog, &["keys.write"], None).full_access);
/// let small = reach(catalog, &["locale.read"], None);
/// assert!(!small.full_access && small.climbs.is_empty());
/// assert!(small.operations.contains(&"locale.listCountries".to_owned()));
/// ```
pub fn reach<S: AsRef<str>>(catalog: &Catalog, scopes: &[S], edition: Option<&str>) -> Reach {
    let scopes: Vec<&str> = scopes.iter().map(AsRef::as_ref).collect();
    let held = held(catalog, &scopes);
    let climbs = ways(catalog, held.iter(), catalog.known_edition(edition));
    Reach {
        full_access: is_full(&climbs),
        operations: ids(catalog, &mut opened(catalog, &held).iter()),
        climbs,
        problems: name_problems(catalog, &scopes, edition, &mut Patience::default()),
    }
}

/// The ways to more access of these scopes in an edition, the furthest first.
pub(in crate::scope) fn ways(catalog: &Catalog, scopes: impl Iterator<Item = u16>, edition: Option<&Edition>) -> Vec<EscalationPath> {
    let scopes = scopes.filter_map(|scope| catalog.scope_at(scope));
    let way = |scope: &crate::scope::Scope| {
        let sensitive = scope.sensitive.as_ref().filter(|sensitive| sensitive.counts_in(edition))?;
        let (reason, path) = (sensitive.reason.clone(), sensitive.path.clone());
        Some(EscalationPath { scope: scope.id.as_str().to_owned(), reach: sensitive.reach, reason, path })
    };
    sort(scopes.filter_map(way).gathered(), |a: &EscalationPath, b: &EscalationPath| a.reach.cmp(&b.reach))
}

/// A key that can run code with scopes of its choice has every scope.
pub(in crate::scope) fn is_full(ways: &[EscalationPath]) -> bool {
    ways.iter().any(|way| matches!(way.reach, Escalation::FullAccess | Escalation::RunsCode))
}

/// The ids of operations, each once.
#[inline(never)]
pub(in crate::scope) fn ids(catalog: &Catalog, operations: &mut dyn Iterator<Item = u16>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in operations.map(|operation| catalog.operation_id(operation)) {
        // Entries that share an id follow each other.
        if ids.last().is_none_or(|last| last != id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// The operations that are open only with one of the two sets.
#[inline(never)]
pub(in crate::scope) fn opened_beyond(catalog: &Catalog, set: &BitSet, other: &BitSet) -> Vec<String> {
    ids(catalog, &mut set.beyond(other))
}
