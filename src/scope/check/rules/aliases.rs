//! Rules about deprecated scopes and their successors. A deprecated scope can open more than its successor does: then putting
//! the successor in its place would take access away, and no fix does so.

use alloc::{borrow::Cow, vec::Vec};

use crate::scope::{
    Code, Level, Scope,
    check::{context::View, diagnostic::Finding},
    support::text::{counted, quoted, row},
};

/// A deprecated scope on the key, and what is known of its successor.
struct Alias<'a> {
    /// `None` where nothing succeeds it.
    successor: Option<&'a str>,
    /// How many operations only the deprecated scope opens, and the first of them; of what the code calls where that is known.
    lost: Option<(usize, u16)>,
}

fn alias<'a>(view: &View<'a>, position: u16, scope: &'a Scope) -> Option<Alias<'a>> {
    if !scope.deprecated || !view.target.knows(scope) {
        return None;
    }
    // What nothing needs is told by `unused-scope`, which says to remove it.
    if view.is_use_known() && !view.is_used(position) {
        return None;
    }
    let Some(successor) = &scope.successor else { return Some(Alias { successor: None, lost: None }) };
    let successor_position = view.catalog.scope_position(successor.as_str())?;
    // In an edition without the successor this is the only spelling.
    if !view.catalog.scope_at(successor_position).is_some_and(|successor| view.target.can_hold(successor)) {
        return None;
    }
    let is_use_known = view.is_use_known();
    let lost = view.catalog.opens_beyond(position, successor_position).filter(|operation| !is_use_known || view.is_called(*operation));
    let lost = lost.fold(None, |lost, operation| Some(lost.map_or((1, operation), |(count, first)| (count + 1, first))));
    Some(Alias { successor: Some(successor.as_str()), lost })
}

/// Tells `deprecated-scope`, or `redundant-scope` where the successor is granted too and nothing would be lost: one of the two.
pub(super) fn deprecated_scope<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    for (entry, position, scope) in view.holdable() {
        let Some(Alias { successor, lost }) = alias(view, position, scope) else { continue };
        let name = scope.id.as_str();
        let finding = |help: Cow<'a, str>| Finding::new(Code::DeprecatedScope, Level::Warning, row(&["`", name, "` is deprecated"]), help);
        let finding = match (successor, lost) {
            (None, _) => finding("it has no successor; remove it once nothing calls what it opens".into()),
            (Some(successor), None) if view.names(successor) => {
                let message = row(&["`", name, "` adds nothing to its successor `", successor, "`"]);
                let help = "remove it; it is deprecated, and nothing is lost";
                Finding::new(Code::RedundantScope, Level::Warning, message, help).with_removal(view, entry)
            }
            (Some(successor), None) => {
                finding(row(&["grant `", successor, "` in its place"]).into()).with_successor(view, entry, successor)
            }
            (Some(successor), Some((count, first))) => {
                let (lost, example) = (counted(count, "operation", "operations"), quoted(view.catalog.operation_id(first)));
                let granted = row(&["grant `", successor, "` in its place"]);
                let then = if view.names(successor) { "remove it" } else { &granted };
                let keep = "keep it while something calls one of the ";
                finding(row(&[keep, &lost, " that `", successor, "` does not open, such as ", &example, "; then ", then]).into())
            }
        };
        findings.push(finding.at(entry.index, entry.text));
    }
}
