//! The rules, one group a file. Each looks at the whole request and adds what it finds.

mod aliases;
mod apart;
mod catalog;
mod count;
mod expiry;
mod grantor;
mod names;
mod operations;
mod runtime;
mod suggestion;

use alloc::vec::Vec;

pub(in crate::scope) use catalog::unknown_edition;
pub use expiry::EXPIRES_SOON_DAYS;
pub(in crate::scope) use operations::{missing_scope, unknown_operation};

use super::{
    context::{Context, Entry},
    diagnostic::BorrowedDiagnostic,
};
use crate::scope::support::text::fill;

/// The diagnostics borrow from the catalog and the request.
pub(in crate::scope) type Rule = for<'a> fn(&Context<'a>, &mut Vec<BorrowedDiagnostic<'a>>);

macro_rules! rules {
    ($($before:path,)*; $($of_operations:path,)*; $($after:path,)*) => {
        /// Every rule, in the order in which diagnostics of equal level and place are reported.
        pub(in crate::scope) const ALL: &[Rule] = &[$($before,)* $($of_operations,)* $($after,)*];

        /// The rules that say something where it is unknown what the code will call.
        pub(in crate::scope) const WITHOUT_OPERATIONS: &[Rule] = &[$($before,)* $($after,)*];
    };
}

rules! {
    names::malformed_scope,
    names::unknown_scope,
    names::duplicate_scope,
    count::too_many_scopes,
    count::no_scopes,
    count::every_scope,
    catalog::wrong_tier,
    unknown_edition,
    catalog::not_in_edition,
    catalog::sensitive_scope,
    aliases::deprecated_scope,
    ;
    unknown_operation,
    missing_scope,
    operations::unused_scope,
    ;
    grantor::exceeds_grantor,
    runtime::exposed_in_client,
    runtime::sensitive_in_ci,
    runtime::ssr_beyond_sessions,
    runtime::injected_key_available,
    expiry::expiry_malformed,
    expiry::expiry_in_past,
    expiry::expires_soon,
    expiry::sensitive_without_expiry,
    expiry::never_expires,
}

impl<'a> BorrowedDiagnostic<'a> {
    /// With the fix that takes the scope out of the list.
    #[inline(never)]
    fn with_removal(self, context: &Context<'a>, entry: &Entry<'a>) -> Self {
        self.with_fix(fill("remove `{}`", &[entry.text]), context.remove(entry))
    }

    /// With the fix that replaces it with another scope.
    #[inline(never)]
    fn with_successor(self, context: &Context<'a>, entry: &Entry<'a>, successor: &'a str) -> Self {
        self.with_fix(fill("replace with `{}`", &[successor]), context.replace(entry, successor))
    }
}

/// The rules that look at names alone.
pub(in crate::scope) const NAMES: &[Rule] = &[names::malformed_scope, names::unknown_scope, names::duplicate_scope, unknown_edition];
