//! Rules about what the code will call.

use alloc::{format, string::String, vec::Vec};

use crate::scope::{
    Code, Edit, Level,
    access::plan,
    check::{context::View, diagnostic::Finding},
    support::{
        sort::order,
        text::{either, quoted, row},
    },
};

pub(in crate::scope) fn unknown_operation<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    for wanted in view.wanted.iter().filter(|wanted| wanted.positions.is_empty()) {
        let message = format!("there is no operation {}", quoted(wanted.text));
        let help = view.catalog.help_with_operation(wanted.text, &view.patience);
        let mut finding = Finding::new(Code::UnknownOperation, Level::Error, message, help);
        finding.operation = Some(wanted.text.into());
        findings.push(finding);
    }
}

/// Each finding adds one scope, and all of them together the fewest that open everything.
pub(in crate::scope) fn missing_scope<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    let closed = |operation: &u16| !plan::is_open(view.catalog, &view.held, *operation);
    let calls = view.calls();
    if !calls.iter().any(closed) {
        return;
    }
    let planned = plan::cheapest(view.catalog, view.target, &view.held, &calls).items;
    for wanted in &view.wanted {
        let Some(operation) = wanted.positions.iter().copied().find(closed) else { continue };
        let id = view.catalog.operation_id(operation);
        let shown = if id == wanted.text { quoted(id) } else { format!("{}, which is {}", quoted(wanted.text), quoted(id)) };
        let mut openers = plan::openers(view.catalog, view.target, operation);
        // The planned scope first.
        order(&mut openers, &mut |a, b| planned.contains(&b).cmp(&planned.contains(&a)));
        let names: Vec<&str> = openers.iter().map(|scope| view.catalog.scope_name(*scope)).collect();
        let mut finding = match names.split_first() {
            None => {
                let (message, help) = plan::impossible(view.catalog, view.target, operation, &shown);
                Finding::new(Code::MissingScope, Level::Error, message, help)
            }
            Some((best, _)) => {
                let others = plan::current_of(view.catalog, openers.get(1..).unwrap_or_default());
                let also = if others.is_empty() { String::new() } else { format!("; {} would do as well", either(others)) };
                let more = also_missing(view, &wanted.positions, best);
                let and: String = more.iter().map(|scope| format!(" and `{scope}`")).collect();
                let edits = core::iter::once(*best).chain(more).map(|scope| Edit::Add { scope: scope.into() }).collect();
                Finding::new(
                    Code::MissingScope,
                    Level::Error,
                    format!("no granted scope opens {shown}"),
                    format!("grant `{best}`{and}{also}"),
                )
                .with_fix(format!("add `{best}`{and}"), edits)
            }
        };
        finding.operation = Some(wanted.text.into());
        findings.push(finding);
    }
}

/// What else a text needs that means several operations, once this scope is added.
fn also_missing<'a>(view: &View<'a>, operations: &[u16], added: &str) -> Vec<&'a str> {
    let (mut held, mut more) = (view.held.clone(), Vec::new());
    held.extend(view.catalog.scope_position(added));
    for operation in operations {
        if plan::is_open(view.catalog, &held, *operation) {
            continue;
        }
        let Some(best) = plan::openers(view.catalog, view.target, *operation).first().copied() else { continue };
        held.insert(best);
        more.push(view.catalog.scope_name(best));
    }
    more
}

/// Silent while an operation is not understood: it could be the one that needs the scope.
pub(super) fn unused_scope<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    if !view.is_use_known() {
        return;
    }
    for (entry, position, _) in view.holdable().filter(|(_, _, scope)| view.target.knows(scope)) {
        if view.is_used(position) {
            continue;
        }
        let message = row(&["nothing that the code calls needs `", entry.text, "`"]);
        let finding = Finding::new(Code::UnusedScope, Level::Warning, message, "remove it, or name the operation that needs it")
            .with_removal(view, entry);
        findings.push(finding.at(entry.index, entry.text));
    }
}
