//! Rules about deprecated scopes and their successors. A deprecated scope can open more than its successor does: then putting
//! the successor instead would take access away, and no fix does so.

use alloc::{borrow::Cow, vec::Vec};

use super::apart::apart;
use crate::scope::{
    Code, Level, Scope,
    check::{
        context::{Context, Entry},
        diagnostic::BorrowedDiagnostic,
    },
    support::text::{digits, fill, quoted},
};

/// A deprecated scope on the key, and what is known of its successor.
struct Alias<'a> {
    /// `None` where nothing succeeds it.
    successor: Option<&'a str>,
    /// How many operations only the deprecated scope opens, and the first of them; of what the code calls where that is known.
    lost: Option<(usize, u16)>,
}

fn alias<'a>(context: &Context<'a>, position: u16, scope: &'a Scope) -> Option<Alias<'a>> {
    if !scope.deprecated || !context.target.knows(scope) {
        return None;
    }
    // `unused-scope` reports what nothing needs, and says to remove it.
    if context.is_use_known() && !context.is_used(position) {
        return None;
    }
    let Some(successor) = &scope.successor else { return Some(Alias { successor: None, lost: None }) };
    let successor_position = context.catalog.scope_position(successor.as_str())?;
    // In an edition without the successor this is the only spelling.
    if !context.catalog.scope_at(successor_position).is_some_and(|successor| context.target.can_hold(successor)) {
        return None;
    }
    let is_use_known = context.is_use_known();
    let mut lost = context.catalog.opens_beyond(position, successor_position);
    lost.retain(|operation| !is_use_known || context.is_called(*operation));
    Some(Alias { successor: Some(successor.as_str()), lost: lost.first().map(|first| (lost.len(), *first)) })
}

/// Another scope of the list that includes this one.
fn includer<'a>(context: &Context<'a>, position: u16) -> Option<&'a str> {
    if !context.catalog.has_includes() {
        return None;
    }
    let mut others = context.grantable().filter(|(_, other, _)| context.catalog.includes(*other).binary_search(&position).is_ok());
    others.next().map(|(_, _, scope)| scope.id.as_str())
}

/// Reports `redundant-scope` where another scope includes it. Else reports `deprecated-scope`, or `redundant-scope` where the successor is granted too and nothing would be lost.
pub(super) fn deprecated_scope<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    for (entry, position, scope) in context.grantable() {
        if let Some(wider) = includer(context, position) {
            // `unused-scope` reports what nothing needs, and says to remove it.
            if !context.is_use_known() || context.is_used(position) {
                let message = fill("`{}` adds nothing to `{}`, which includes it", &[entry.text, wider]);
                let diagnostic = BorrowedDiagnostic::new(Code::RedundantScope, Level::Warning, message, "remove it; nothing is lost");
                diagnostics.push(diagnostic.with_removal(context, entry).at(entry.index, entry.text));
            }
            continue;
        }
        let Some(alias) = alias(context, position, scope) else { continue };
        apart(&mut || diagnostics.push(deprecated(context, entry, scope, &alias)));
    }
}

fn deprecated<'a>(context: &Context<'a>, entry: &Entry<'a>, scope: &'a Scope, alias: &Alias<'a>) -> BorrowedDiagnostic<'a> {
    let Alias { successor, lost } = *alias;
    let name = scope.id.as_str();
    let diagnostic =
        |help: Cow<'a, str>| BorrowedDiagnostic::new(Code::DeprecatedScope, Level::Warning, fill("`{}` is deprecated", &[name]), help);
    let diagnostic = match (successor, lost) {
        (None, _) => diagnostic("it has no successor; remove it once nothing calls what it opens".into()),
        (Some(successor), None) if context.names(successor) => {
            let message = fill("`{}` adds nothing to its successor `{}`", &[name, successor]);
            let help = "remove it; it is deprecated, and nothing is lost";
            BorrowedDiagnostic::new(Code::RedundantScope, Level::Warning, message, help).with_removal(context, entry)
        }
        (Some(successor), None) => diagnostic(fill("grant `{}` instead", &[successor]).into()).with_successor(context, entry, successor),
        (Some(successor), Some((count, first))) => {
            let first = quoted(context.catalog.operation_id(first));
            let granted = fill("grant `{}` instead", &[successor]);
            let then = if context.names(successor) { "remove it" } else { &granted };
            let keep = "keep it while something calls ";
            let help = if count == 1 {
                fill("{}{}, which `{}` does not open; then {}", &[keep, &first, successor, then])
            } else {
                fill(
                    "{}one of the {} operations that `{}` does not open, such as {}; then {}",
                    &[keep, &digits(count), successor, &first, then],
                )
            };
            diagnostic(help.into())
        }
    };
    diagnostic.at(entry.index, entry.text)
}
