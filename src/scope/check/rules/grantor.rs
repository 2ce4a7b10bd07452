//! The rule about the key's creator.

use alloc::vec::Vec;

use crate::scope::{
    Catalog, Code, Enforcement, Level,
    access::held,
    check::{context::Context, diagnostic::BorrowedDiagnostic},
    support::{bit_set::BitSet, text::fill},
};

/// Judges what is newly granted: a scope that the key had before is kept, not granted.
pub(super) fn exceeds_grantor<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let Some(grantor) = &context.request.grantor else { return };
    let held = held(context.catalog, &grantor.iter().map(AsRef::as_ref).collect::<Vec<_>>());
    let level = match context.request.beyond_grantor {
        Enforcement::Warn => Level::Warning,
        Enforcement::Deny => Level::Error,
    };
    // Another rule reports what this key cannot hold.
    for (entry, position, _) in context.grantable() {
        if context.had(entry) || covers(context.catalog, &held, position) {
            continue;
        }
        let message = fill("the key's creator does not hold `{}`", &[entry.text]);
        let help = "remove it, or ask someone who holds it to create the key";
        let diagnostic = BorrowedDiagnostic::new(Code::ExceedsGrantor, level, message, help).with_removal(context, entry);
        diagnostics.push(diagnostic.at(entry.index, entry.text));
    }
}

/// Whether the scope is held, or its earlier or later spelling that opens at least the same operations.
fn covers(catalog: &Catalog, held: &BitSet, scope: u16) -> bool {
    let is_pair = |a: u16, b: u16| catalog.successor(a) == Some(b);
    let opens_as_much = |other: u16| catalog.opens_beyond(scope, other).is_empty();
    held.contains(scope) || held.iter().any(|other| (is_pair(scope, other) || is_pair(other, scope)) && opens_as_much(other))
}
