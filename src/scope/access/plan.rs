//! What a key holds and what that opens, and what to say where nothing does.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use crate::scope::{
    Alternative, Catalog, Edition, Scope, Tier,
    support::{bit_set::BitSet, gather::Gather, text},
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

/// Whether the operation is open to a holder of these scopes and what they include.
pub(in crate::scope) fn is_open(catalog: &Catalog, held: &BitSet, operation: u16) -> bool {
    catalog.needs(operation).iter().any(|scope| held.contains(*scope))
        || catalog.sets(operation).iter().any(|set| held.has_all(set))
        || catalog.open_to_every_key().binary_search(&operation).is_ok()
}

/// Those of the named scopes that open the operation, by themselves or through what they include, in catalog order.
pub(in crate::scope) fn granting(catalog: &Catalog, named: &BitSet, held: &BitSet, operation: u16) -> Vec<u16> {
    let mut granting = BitSet::default();
    for alternative in catalog.alternatives(operation).into_iter().filter(|alternative| held.has_all(alternative)) {
        for scope in alternative {
            granting.add(&catalog.with_including(*scope));
        }
    }
    granting.iter().filter(|scope| named.contains(*scope)).gathered()
}

/// The names of scopes that open an operation together.
pub(in crate::scope) fn names(catalog: &Catalog, scopes: &[u16]) -> Alternative<String> {
    Alternative(scopes.iter().map(|scope| catalog.scope_name(*scope).to_owned()).collect())
}

/// These scopes, each in backticks, with this word between them.
#[inline(never)]
pub(in crate::scope) fn joined(catalog: &Catalog, scopes: &[u16], word: &str) -> String {
    let mut text = String::new();
    for scope in scopes {
        if !text.is_empty() {
            text.extend([" ", word, " "]);
        }
        text.extend(["`", catalog.scope_name(*scope), "`"]);
    }
    text
}

/// Ways to open an operation, of which any one will do.
#[inline(never)]
fn either(catalog: &Catalog, ways: &[&[u16]]) -> String {
    text::either_of(ways.iter().take(text::LISTED).map(|way| joined(catalog, way, "with")).collect(), ways.len())
}

/// What to say of other ways to open an operation, behind the best one; empty where there is none. A way with a deprecated scope would be no
/// good advice.
pub(in crate::scope) fn also_opens(catalog: &Catalog, ways: &[Vec<u16>]) -> String {
    let is_current = |scope: &u16| catalog.scope_at(*scope).is_some_and(|scope| !scope.deprecated);
    let ways: Vec<&[u16]> = ways.iter().map(Vec::as_slice).filter(|way| way.iter().all(is_current)).gathered();
    if ways.is_empty() { String::new() } else { text::fill("; {} also opens it", &[&either(catalog, &ways)]) }
}

/// What to say where the operation is closed.
pub(in crate::scope) fn closed(catalog: &Catalog, operation: u16, shown: &str) -> String {
    let begin = if catalog.sets(operation).is_empty() { "no granted scope opens " } else { "the granted scopes do not open " };
    text::row(&[begin, shown])
}

/// What to do where no scope of such a key opens the operation: message and help.
pub(in crate::scope) fn impossible(catalog: &Catalog, target: Goal<'_>, operation: u16, shown: &str) -> (String, String) {
    let tier = target.tier.as_str();
    let ways = catalog.alternatives(operation);
    if ways.is_empty() {
        let message = text::fill("the {} catalog does not say which scopes open {}", &[&catalog.name, shown]);
        return (message, "no key opens it until the catalog lists them; ask the maintainer of the catalog".to_owned());
    }
    let is_of =
        |way: &&[u16], tier: Tier| way.iter().all(|scope| catalog.scope_at(*scope).is_some_and(|scope| scope.tiers.contains(&tier)));
    let place = match target.edition {
        Some(edition) if ways.iter().any(|way| is_of(way, target.tier)) => text::fill(" in {}", &[&edition.name]),
        _ => String::new(),
    };
    let message = text::fill("no scope of {} {} key opens {}{}", &[text::article(tier), tier, shown, &place]);
    let advice = [
        (target.tier, !place.is_empty(), "choose an edition that has "),
        (Tier::Project, true, "use a project key with "),
        (Tier::Organization, true, "use an organization key with "),
        (Tier::Account, true, ""),
    ];
    for (tier, _, begin) in advice.into_iter().filter(|(_, is_way, _)| *is_way) {
        let ways: Vec<&[u16]> = ways.iter().copied().filter(|way| is_of(way, tier)).gathered();
        if ways.is_empty() {
            continue;
        }
        if begin.is_empty() {
            return (message, "call it with the user's session, not with a key".to_owned());
        }
        return (message, text::row(&[begin, &either(catalog, &ways)]));
    }
    let Some(set) = catalog.sets(operation).first() else { return (message, "call it without a key".to_owned()) };
    (message, text::fill("no kind of key can hold {}; ask the maintainer of the catalog", &[&joined(catalog, set, "with")]))
}
