//! The rules, one group a file. Each looks at the whole request and adds what it finds.

mod context;
mod expiry;
mod names;
mod standing;

use super::{Diagnostic, check::View};

type Rule = fn(&View<'_>, &mut Vec<Diagnostic>);

/// Every rule, in the order in which findings of equal level and place are told.
pub(super) const ALL: &[Rule] = &[
    names::malformed_scope,
    names::unknown_scope,
    names::too_many_scopes,
    names::duplicate_scope,
    standing::wrong_tier,
    standing::not_in_edition,
    standing::deprecated_scope,
    standing::sensitive_scope,
    context::exposed_in_client,
    expiry::expiry_malformed,
    expiry::expiry_in_past,
    expiry::never_expires,
];
