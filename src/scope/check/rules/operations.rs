//! Rules about what the code will call.

use alloc::{format, string::String, vec::Vec};

use crate::scope::{
    Code, Edit, Level,
    access::plan,
    check::{context::Context, diagnostic::BorrowedDiagnostic},
    support::{
        sort::order,
        text::{either, quoted, row},
    },
};

pub(in crate::scope) fn unknown_operation<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    for wanted in context.wanted.iter().filter(|wanted| wanted.positions.is_empty()) {
        let message = format!("there is no operation {}", quoted(wanted.text));
        let help = context.catalog.help_with_operation(wanted.text, &context.patience);
        let mut diagnostic = BorrowedDiagnostic::new(Code::UnknownOperation, Level::Error, message, help);
        diagnostic.operation = Some(wanted.text.into());
        diagnostics.push(diagnostic);
    }
}

/// Each diagnostic adds one scope, and all of them together the fewest that open everything.
pub(in crate::scope) fn missing_scope<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let closed = |operation: &u16| !plan::is_open(context.catalog, &context.held, *operation);
    let calls = context.calls();
    if !calls.iter().any(closed) {
        return;
    }
    let planned = plan::cheapest(context.catalog, context.target, &context.held, &calls).items;
    for wanted in &context.wanted {
        let Some(operation) = wanted.positions.iter().copied().find(closed) else { continue };
        let id = context.catalog.operation_id(operation);
        let shown = if id == wanted.text { quoted(id) } else { format!("{}, which is {}", quoted(wanted.text), quoted(id)) };
        let mut openers = plan::openers(context.catalog, context.target, operation);
        // The planned scope first.
        order(&mut openers, &mut |a, b| planned.contains(&b).cmp(&planned.contains(&a)));
        let names: Vec<&str> = openers.iter().map(|scope| context.catalog.scope_name(*scope)).collect();
        let mut diagnostic = match names.split_first() {
            None => {
                let (message, help) = plan::impossible(context.catalog, context.target, operation, &shown);
                BorrowedDiagnostic::new(Code::MissingScope, Level::Error, message, help)
            }
            Some((best, _)) => {
                let others = plan::current_of(context.catalog, openers.get(1..).unwrap_or_default());
                let also = if others.is_empty() { String::new() } else { format!("; {} also opens it", either(others)) };
                let more = also_missing(context, &wanted.positions, best);
                let and: String = more.iter().map(|scope| format!(" and `{scope}`")).collect();
                let edits = core::iter::once(*best).chain(more).map(|scope| Edit::Add { scope: scope.into() }).collect();
                BorrowedDiagnostic::new(
                    Code::MissingScope,
                    Level::Error,
                    format!("no granted scope opens {shown}"),
                    format!("grant `{best}`{and}{also}"),
                )
                .with_fix(format!("add `{best}`{and}"), edits)
            }
        };
        diagnostic.operation = Some(wanted.text.into());
        diagnostics.push(diagnostic);
    }
}

/// What else a text needs that means several operations, once this scope is added.
fn also_missing<'a>(context: &Context<'a>, operations: &[u16], added: &str) -> Vec<&'a str> {
    let (mut held, mut more) = (context.held.clone(), Vec::new());
    held.extend(context.catalog.scope_position(added));
    for operation in operations {
        if plan::is_open(context.catalog, &held, *operation) {
            continue;
        }
        let Some(best) = plan::openers(context.catalog, context.target, *operation).first().copied() else { continue };
        held.insert(best);
        more.push(context.catalog.scope_name(best));
    }
    more
}

/// Silent while an operation is not understood: it could be the one that needs the scope.
pub(super) fn unused_scope<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    if !context.is_use_known() {
        return;
    }
    for (entry, position, _) in context.holdable().filter(|(_, _, scope)| context.target.knows(scope)) {
        if context.is_used(position) {
            continue;
        }
        let message = row(&["nothing that the code calls needs `", entry.text, "`"]);
        let diagnostic =
            BorrowedDiagnostic::new(Code::UnusedScope, Level::Warning, message, "remove it, or name the operation that needs it")
                .with_removal(context, entry);
        diagnostics.push(diagnostic.at(entry.index, entry.text));
    }
}
