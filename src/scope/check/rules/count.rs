//! Rules about how many scopes there are.

use alloc::{format, vec::Vec};

use crate::scope::{
    Code, Level, Scope, Tier,
    access::plan::Target,
    check::{context::View, diagnostic::Finding},
    support::text::{article, counted},
};

/// In a catalog with fewer scopes it means little to hold all of them.
const FEW: usize = 5;

pub(super) fn too_many_scopes<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    let (count, limit) = (view.entries.len(), view.catalog.max_scopes);
    if count > limit {
        let message = format!("{} are more than the {limit} that a key can have", counted(count, "scope", "scopes"));
        let help = "remove those that the code does not need, or split the work between two keys";
        findings.push(Finding::new(Code::TooManyScopes, Level::Error, message, help));
    }
}

/// Silent where operations are told: then `missing-scope` names the scopes.
pub(super) fn no_scopes<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    if view.entries.is_empty() && view.wanted.is_empty() {
        let help = "grant the scopes of what the code calls; without one, a key opens only what is open to every key";
        findings.push(Finding::new(Code::NoScopes, Level::Hint, "the key has no scope", help));
    }
}

/// Counts the current scopes of the edition; deprecated spellings add nothing.
pub(super) fn every_scope<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    // Cheap, and mostly enough.
    if view.entries.len() < FEW {
        return;
    }
    let edition = view.edition.or_else(|| view.catalog.server_edition());
    let target = Target { tier: view.request.tier, edition };
    let counts = |scope: &Scope| !scope.deprecated && !scope.implied && target.can_hold(scope) && !scope.tiers.contains(&Tier::Implicit);
    let scopes = (0_u16..).zip(view.catalog.scopes());
    // Mostly the first scope that is not held tells that not all are.
    if scopes.clone().any(|(position, scope)| !view.held.contains(position) && counts(scope)) {
        return;
    }
    if scopes.filter(|(_, scope)| counts(scope)).nth(FEW - 1).is_some() {
        let tier = view.request.tier.as_str();
        let message = format!("the key has every scope that {} {tier} key can have", article(tier));
        let help = "grant only what the code calls; whoever gets hold of this key has everything";
        findings.push(Finding::new(Code::EveryScope, Level::Warning, message, help));
    }
}
