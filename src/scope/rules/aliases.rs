//! Rules about deprecated scopes and their successors. A deprecated scope can open more than its successor does: then putting
//! the successor in its place would take access away, and no fix does so.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use crate::scope::{
    Code, Diagnostic, Level, Scope,
    check::View,
    text::{counted, quoted},
};

/// A deprecated scope on the key, and what is known of its successor.
struct Alias<'a> {
    /// `None` where nothing succeeds it.
    successor: Option<&'a str>,
    /// What only the deprecated scope opens, of what the code calls where that is known.
    lost: Vec<u16>,
}

fn alias<'a>(view: &View<'a>, position: u16, scope: &'a Scope) -> Option<Alias<'a>> {
    if !scope.deprecated || !view.target.knows(scope) {
        return None;
    }
    // What nothing needs is told by `unused-scope`, which says to remove it.
    if view.is_use_known() && !view.is_used(position) {
        return None;
    }
    let Some(successor) = &scope.successor else { return Some(Alias { successor: None, lost: Vec::new() }) };
    let successor_position = view.catalog.scope_position(successor.as_str())?;
    // In an edition without the successor this is the only spelling.
    if !view.catalog.scope_at(successor_position).is_some_and(|successor| view.target.can_hold(successor)) {
        return None;
    }
    let mut lost: Vec<u16> = view.catalog.opens_beyond(position, successor_position).collect();
    if view.is_use_known() {
        let calls: Vec<u16> = view.calls().collect();
        lost.retain(|operation| calls.contains(operation));
    }
    Some(Alias { successor: Some(successor.as_str()), lost })
}

/// Tells `deprecated-scope`, or `redundant-scope` where the successor is granted too and nothing would be lost: one of the two.
pub(super) fn deprecated_scope(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for (entry, position, scope) in view.holdable() {
        let Some(Alias { successor, lost }) = alias(view, position, scope) else { continue };
        let name = &scope.id;
        let finding = |help: String| Diagnostic::new(Code::DeprecatedScope, Level::Warning, format!("`{name}` is deprecated"), help);
        let finding = match (successor, lost.first()) {
            (None, _) => finding("it has no successor; remove it once nothing calls what it opens".to_owned()),
            (Some(successor), None) if view.names(successor) => {
                let message = format!("`{name}` adds nothing to its successor `{successor}`");
                let help = "remove it; it is deprecated, and nothing is lost";
                Diagnostic::new(Code::RedundantScope, Level::Warning, message, help)
                    .with_fix(format!("remove `{name}`"), view.remove(entry.text))
            }
            (Some(successor), None) => finding(format!("grant `{successor}` in its place"))
                .with_fix(format!("replace by `{successor}`"), view.replace(entry.text, successor)),
            (Some(successor), Some(first)) => {
                let lost_operations = counted(lost.len(), "operation", "operations");
                let example = quoted(view.catalog.operation_id(*first));
                let beyond = format!("{lost_operations} that `{successor}` does not open, such as {example}");
                finding(if view.names(successor) {
                    format!("keep it while something calls one of the {beyond}; then remove it")
                } else {
                    format!("keep it while something calls one of the {beyond}; then grant `{successor}` in its place")
                })
            }
        };
        findings.push(finding.at(entry.index, entry.text));
    }
}
