//! Which scopes are the best to grant for some operations, and what to say where none can be granted.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use crate::scope::{
    Catalog, Edition, Scope, Tier,
    support::{bit_set::BitSet, hitting_set, sort::order, text},
};

/// What kind of key is planned.
#[derive(Clone, Copy)]
pub(in crate::scope) struct Goal<'a> {
    pub tier: Tier,
    /// `None` where every edition will do.
    pub edition: Option<&'a Edition>,
}

impl Goal<'_> {
    /// Whether such a key can be granted the scope.
    pub fn can_hold(self, scope: &Scope) -> bool {
        scope.tiers.contains(&self.tier) && self.knows(scope)
    }

    /// Whether the edition has the scope.
    pub fn knows(self, scope: &Scope) -> bool {
        self.edition.is_none_or(|edition| scope.editions.contains(&edition.id))
    }
}

/// The scopes that every key holds.
pub(in crate::scope) fn implied(catalog: &Catalog) -> impl Iterator<Item = u16> {
    catalog.implied().iter().copied()
}

/// Whether one of the held scopes opens the operation.
pub(in crate::scope) fn is_open(catalog: &Catalog, held: &BitSet, operation: u16) -> bool {
    catalog.needs(operation).iter().any(|scope| held.contains(*scope))
}

/// The fewest scopes to add so that all operations are open, as far as such a key can have them.
///
/// Of several sets the same size: the one with fewer deprecated scopes, then fewer sensitive ones, then the one that opens fewer
/// other operations, then the one that comes earlier in the catalog.
pub(in crate::scope) fn cheapest(catalog: &Catalog, target: Goal<'_>, held: &BitSet, operations: &[u16]) -> hitting_set::HittingSet {
    let can_hold = |scope: &u16| catalog.scope_at(*scope).is_some_and(|scope| target.can_hold(scope));
    let closed = operations.iter().filter(|operation| !is_open(catalog, held, **operation));
    let clauses = closed.map(|operation| catalog.needs(*operation).iter().copied().filter(can_hold).collect()).collect();
    hitting_set::cheapest(clauses, &|scope| weight(catalog, scope))
}

/// The cost of granting one scope; costs add up without reaching into the next rank (at most 20,000 scopes and operations).
fn weight(catalog: &Catalog, position: u16) -> u128 {
    let (deprecated, sensitive) = catalog.scope_at(position).map_or((false, false), |scope| (scope.deprecated, scope.sensitive.is_some()));
    let opened = u128::try_from(catalog.opens(position).len()).unwrap_or(0);
    1 << 112 | u128::from(deprecated) << 96 | u128::from(sensitive) << 80 | opened << 40 | u128::from(position)
}

/// The scopes that open the operation for such a key, the best first.
pub(in crate::scope) fn openers(catalog: &Catalog, target: Goal<'_>, operation: u16) -> Vec<u16> {
    let can_hold = |scope: &u16| catalog.scope_at(*scope).is_some_and(|scope| target.can_hold(scope));
    let mut scopes: Vec<u16> = catalog.needs(operation).iter().copied().filter(can_hold).collect();
    order(&mut scopes, &mut |a, b| weight(catalog, a).cmp(&weight(catalog, b)));
    scopes
}

/// The names of the scopes that are not deprecated: an alternative that is would be no good advice.
pub(in crate::scope) fn current_of<'a>(catalog: &'a Catalog, scopes: &[u16]) -> Vec<&'a str> {
    let scopes = scopes.iter().filter_map(|scope| catalog.scope_at(*scope));
    scopes.filter(|scope| !scope.deprecated).map(|scope| scope.id.as_str()).collect()
}

/// What to do where no scope of such a key opens the operation: message and help.
pub(in crate::scope) fn impossible(catalog: &Catalog, target: Goal<'_>, operation: u16, shown: &str) -> (String, String) {
    let tier = target.tier.as_str();
    let scopes: Vec<&Scope> = catalog.needs(operation).iter().filter_map(|scope| catalog.scope_at(*scope)).collect();
    let place = match target.edition {
        Some(edition) if scopes.iter().any(|scope| scope.tiers.contains(&target.tier)) => format!(" in {}", edition.name),
        _ => String::new(),
    };
    let message = format!("no scope of {} {tier} key opens {shown}{place}", text::article(tier));
    let ways = [
        (target.tier, !place.is_empty(), "choose an edition that has "),
        (Tier::Project, true, "use a project key with "),
        (Tier::Organization, true, "use an organization key with "),
        (Tier::Account, true, ""),
    ];
    for (tier, _, way) in ways.into_iter().filter(|(_, is_way, _)| *is_way) {
        let names: Vec<&str> = scopes.iter().filter(|scope| scope.tiers.contains(&tier)).map(|scope| scope.id.as_str()).collect();
        if way.is_empty() && !names.is_empty() {
            return (message, "call it with the user's session, not with a key".to_owned());
        } else if !names.is_empty() {
            return (message, text::row(&[way, &text::either(names)]));
        }
    }
    (message, "call it without a key".to_owned())
}
