//! Rules about what the code will call.

use alloc::vec::Vec;

use super::apart::apart;
use crate::scope::{
    Code, Edit, Level,
    access::{Prefer, cheapest::Scale, closed, plan},
    check::{context::Context, diagnostic::BorrowedDiagnostic},
    support::{
        bit_set::BitSet,
        text::{fill, shown},
    },
};

pub(in crate::scope) fn unknown_operation<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    for wanted in context.wanted.iter().filter(|wanted| wanted.positions().is_empty()) {
        apart(&mut || {
            let (message, help) = context.catalog.no_operation(wanted.text, &wanted.meaning, &context.patience);
            let mut diagnostic = BorrowedDiagnostic::new(Code::UnknownOperation, Level::Error, message, help);
            diagnostic.operation = Some(wanted.text.into());
            diagnostics.push(diagnostic);
        });
    }
}

/// Each diagnostic adds what opens one operation, and all of them together add the cheapest set that opens everything.
pub(in crate::scope) fn missing_scope<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let catalog = context.catalog;
    let closed = |operation: &u16| !plan::is_open(catalog, &context.held, *operation);
    let calls = context.calls();
    if calls.iter().any(closed) {
        apart(&mut || missing(context, &calls, diagnostics));
    }
}

fn missing<'a>(context: &Context<'a>, calls: &[u16], diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let catalog = context.catalog;
    let closed = |operation: &u16| !plan::is_open(catalog, &context.held, *operation);
    let scale = Scale { catalog, target: context.target, edition: context.edition, prefer: Prefer::Narrow };
    let planned: BitSet = scale.cheapest(&context.held, calls).items.into_iter().collect();
    for wanted in &context.wanted {
        let Some(operation) = wanted.positions().iter().copied().find(closed) else { continue };
        let id = catalog.operation_id(operation);
        let shown = shown(wanted.text, id);
        let ways = planned_first(context, &scale, &planned, operation);
        let mut diagnostic = match ways.split_first() {
            None => {
                let (message, help) = plan::impossible(catalog, context.target, operation, &shown);
                BorrowedDiagnostic::new(Code::MissingScope, Level::Error, message, help)
            }
            Some((best, others)) => {
                let also = plan::also_opens(catalog, others);
                let scopes = with_missing(context, &scale, wanted.positions(), best);
                let named = plan::joined(catalog, &scopes, "and");
                let edits = scopes.iter().map(|scope| Edit::Add { scope: catalog.scope_name(*scope).into() }).collect();
                BorrowedDiagnostic::new(
                    Code::MissingScope,
                    Level::Error,
                    plan::closed(catalog, operation, &shown),
                    fill("grant {}{}", &[&named, &also]),
                )
                .with_fix(fill("add {}", &[&named]), edits)
            }
        };
        diagnostic.operation = Some(wanted.text.into());
        diagnostics.push(diagnostic);
    }
}

/// The ways to open an operation: the planned one first, then the others from the best on.
fn planned_first(context: &Context<'_>, scale: &Scale<'_>, planned: &BitSet, operation: u16) -> Vec<Vec<u16>> {
    let (mut ways, others): (Vec<_>, Vec<_>) = scale.openers(&context.held, operation).into_iter().partition(|way| planned.has_all(way));
    if ways.is_empty() && context.catalog.has_includes() {
        // A planned scope that includes what is needed.
        let mut named = context.granted.clone();
        named.extend(planned.iter());
        let mut way = plan::granting(context.catalog, &named, &closed(context.catalog, &named), operation);
        way.retain(|scope| planned.contains(*scope));
        ways.extend(Some(way).filter(|way| !way.is_empty()));
    }
    ways.extend(others);
    ways
}

/// These scopes, and what else a text needs that means several operations.
fn with_missing(context: &Context<'_>, scale: &Scale<'_>, operations: &[u16], best: &[u16]) -> Vec<u16> {
    let (mut held, mut scopes) = (context.held.clone(), Vec::new());
    let mut add = |held: &mut BitSet, way: &[u16]| {
        context.catalog.hold(held, way);
        scopes.extend_from_slice(way);
    };
    add(&mut held, best);
    for operation in operations {
        if !plan::is_open(context.catalog, &held, *operation)
            && let Some(best) = scale.openers(&held, *operation).first()
        {
            add(&mut held, best);
        }
    }
    scopes
}

/// Silent while an operation is not understood: it could be the one that needs the scope.
pub(super) fn unused_scope<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    if !context.is_use_known() {
        return;
    }
    for (entry, position, _) in context.grantable().filter(|(_, _, scope)| context.target.knows(scope)) {
        if context.is_used(position) {
            continue;
        }
        let message = fill("nothing that the code calls needs `{}`", &[entry.text]);
        let diagnostic =
            BorrowedDiagnostic::new(Code::UnusedScope, Level::Warning, message, "remove it, or name the operation that needs it")
                .with_removal(context, entry);
        diagnostics.push(diagnostic.at(entry.index, entry.text));
    }
}
