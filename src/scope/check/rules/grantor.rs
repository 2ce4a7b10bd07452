//! The rule about whoever creates the key.

use alloc::vec::Vec;

use crate::scope::{
    Catalog, Code, Level, Strictness,
    access::plan,
    check::{context::View, diagnostic::Finding},
    support::{bit_set::Bits, text::row},
};

/// Judges what is newly granted: a scope that the key had before is kept, not granted.
pub(super) fn exceeds_grantor<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    let Some(grantor) = &view.request.grantor else { return };
    let held: Bits = grantor.iter().filter_map(|scope| view.catalog.scope_position(scope)).chain(plan::implied(view.catalog)).collect();
    let level = match view.request.beyond_grantor {
        Strictness::Report => Level::Warning,
        Strictness::Reject => Level::Error,
    };
    // What this key cannot hold is told by another rule.
    for (entry, position, _) in view.holdable() {
        if view.had(entry) || covers(view.catalog, &held, position) {
            continue;
        }
        let message = row(&["whoever creates the key does not hold `", entry.text, "`"]);
        let help = "remove it, or let somebody create the key who holds it";
        let finding = Finding::new(Code::ExceedsGrantor, level, message, help).with_removal(view, entry);
        findings.push(finding.at(entry.index, entry.text));
    }
}

/// Whether the scope is held, or its earlier or later spelling that opens at least the same operations.
fn covers(catalog: &Catalog, held: &Bits, scope: u16) -> bool {
    let is_pair = |a: u16, b: u16| catalog.successor(a) == Some(b);
    let opens_as_much = |other: u16| catalog.opens_beyond(scope, other).next().is_none();
    held.contains(scope) || held.iter().any(|other| (is_pair(scope, other) || is_pair(other, scope)) && opens_as_much(other))
}
