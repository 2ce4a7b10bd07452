//! Rules about how many scopes there are.

use alloc::vec::Vec;

use crate::scope::{
    Code, Level, Scope, Tier,
    access::plan::Goal,
    check::{context::Context, diagnostic::BorrowedDiagnostic},
    support::text::{article, counted, digits, fill},
};

/// In a catalog with fewer scopes it means little to hold all of them.
const FEW: usize = 5;

pub(super) fn too_many_scopes<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let (count, limit) = (context.entries.len(), context.catalog.max_scopes);
    if count > limit {
        let message = fill("the list has {}, but a key can have at most {}", &[&counted(count, "scope"), &digits(limit)]);
        let help = "remove those that the code does not need, or split the work between two keys";
        diagnostics.push(BorrowedDiagnostic::new(Code::TooManyScopes, Level::Error, message, help));
    }
}

/// Silent where operations are given: then `missing-scope` names the scopes.
pub(super) fn no_scopes<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    if context.entries.is_empty() && context.wanted.is_empty() {
        let help = "grant the scopes that the code needs; without any, a key opens only what every key opens";
        diagnostics.push(BorrowedDiagnostic::new(Code::NoScopes, Level::Hint, "the key has no scope", help));
    }
}

/// Counts the current scopes of the edition; deprecated spellings add nothing.
pub(super) fn every_scope<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    // Cheap, and mostly enough. With includes, one scope can be all of them.
    if context.entries.len() < FEW && !context.catalog.has_includes() {
        return;
    }
    let edition = context.edition.or_else(|| context.catalog.server_edition());
    let target = Goal { tier: context.request.tier, edition };
    let counts = |scope: &Scope| !scope.deprecated && !scope.implied && target.can_hold(scope) && !scope.tiers.contains(&Tier::Implicit);
    let scopes = (0_u16..).zip(context.catalog.scopes());
    // Mostly the first scope that is not held decides.
    if scopes.clone().any(|(position, scope)| !context.held.contains(position) && counts(scope)) {
        return;
    }
    if scopes.filter(|(_, scope)| counts(scope)).nth(FEW - 1).is_some() {
        let tier = context.request.tier.as_str();
        let message = fill("the key has every scope that {} {} key can have", &[article(tier), tier]);
        let help = "grant only what the code needs; anyone who gets this key has full access";
        diagnostics.push(BorrowedDiagnostic::new(Code::EveryScope, Level::Warning, message, help));
    }
}
