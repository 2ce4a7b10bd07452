//! The rules, one group a file. Each looks at the whole request and adds what it finds.

mod aliases;
mod amount;
mod context;
mod expiry;
mod grantor;
mod guess;
mod names;
mod operations;
mod standing;

use alloc::vec::Vec;

pub use expiry::EXPIRES_SOON_DAYS;
pub(super) use operations::{missing_scope, unknown_operation};
pub(super) use standing::unknown_edition;

use super::{
    check::{Entry, View},
    finding::Finding,
    text::row,
};

/// The findings borrow from the catalog and the request.
pub(super) type Rule = for<'a> fn(&View<'a>, &mut Vec<Finding<'a>>);

/// Every rule, in the order in which findings of equal level and place are told.
pub(super) const ALL: &[Rule] = &[
    names::malformed_scope,
    names::unknown_scope,
    names::duplicate_scope,
    amount::too_many_scopes,
    amount::no_scopes,
    amount::every_scope,
    standing::wrong_tier,
    unknown_edition,
    standing::not_in_edition,
    standing::sensitive_scope,
    aliases::deprecated_scope,
    unknown_operation,
    missing_scope,
    operations::unused_scope,
    grantor::exceeds_grantor,
    context::exposed_in_client,
    context::sensitive_in_ci,
    context::ssr_beyond_sessions,
    context::injected_key_available,
    expiry::expiry_malformed,
    expiry::expiry_in_past,
    expiry::expires_soon,
    expiry::sensitive_without_expiry,
    expiry::never_expires,
];

impl<'a> Finding<'a> {
    /// With the fix that takes the scope out of the list.
    #[inline(never)]
    fn with_removal(self, view: &View<'a>, entry: &Entry<'a>) -> Self {
        self.with_fix(row(&["remove `", entry.text, "`"]), view.remove(entry))
    }

    /// With the fix that puts another scope in its place.
    #[inline(never)]
    fn with_successor(self, view: &View<'a>, entry: &Entry<'a>, successor: &'a str) -> Self {
        self.with_fix(row(&["replace by `", successor, "`"]), view.replace(entry, successor))
    }
}

/// The rules that look at names alone.
pub(super) const NAMES: &[Rule] = &[names::malformed_scope, names::unknown_scope, names::duplicate_scope];
