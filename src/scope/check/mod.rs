//! The check: what is wrong, risky or good to know about the scopes of a key.

pub(super) mod context;
pub(super) mod diagnostic;
mod explain;
mod report;
pub(super) mod request;
pub(super) mod rules;

use alloc::{borrow::Cow, vec::Vec};
use core::mem::swap;

pub use diagnostic::{Code, Diagnostic, Edit, Fix, Level};
pub use explain::Explanation;
pub use report::{Report, apply_edits};
pub use request::{CheckRequest, Enforcement, Expiry, Runtime};
pub use rules::EXPIRES_SOON_DAYS;

use super::{
    Catalog,
    support::{gather::Gather, nearest::Patience},
};
use context::Context;
use report::Diagnostics;
use request::{CheckInput, borrowed};

/// Judges a key's scopes. Never fails: whatever is wrong with the request is part of the report.
///
/// ```
/// use scopewise::scope::{Catalog, CheckRequest, Code, check};
/// let request = CheckRequest { scopes: vec!["user.read".into()], ..CheckRequest::default() };
/// let report = check(Catalog::appwrite(), &request);
/// assert!(!report.valid);
/// assert_eq!(report.errors[0].code, Code::UnknownScope);
/// assert_eq!(report.errors[0].help, "did you mean `users.read`?");
/// ```
pub fn check(catalog: &Catalog, request: &CheckRequest) -> Report {
    Report::new(judge(catalog, &CheckInput::from(request)))
}

/// The same report for a request that does not say what the code will call; `operations` is not read. Its code is smaller, where both are
/// not in one program.
pub fn check_scopes(catalog: &Catalog, request: &CheckRequest) -> Report {
    let request = CheckInput::from(request);
    Report::new(found(rules::WITHOUT_OPERATIONS, |_| {}, catalog, &request, &mut Patience::default()))
}

/// What [`check`] finds, before it becomes a report.
pub(in crate::scope) fn judge<'a>(catalog: &'a Catalog, request: &'a CheckInput<'a>) -> Diagnostics<'a> {
    found(rules::ALL, Context::read_operations, catalog, request, &mut Patience::default())
}

fn found<'a>(
    rules: &[rules::Rule],
    read_more: impl FnOnce(&mut Context<'a>),
    catalog: &'a Catalog,
    request: &'a CheckInput<'a>,
    patience: &mut Patience,
) -> Diagnostics<'a> {
    let mut context = Context::new(catalog, request);
    read_more(&mut context);
    swap(&mut context.patience, patience);
    let mut diagnostics = Vec::new();
    for rule in rules {
        rule(&context, &mut diagnostics);
    }
    swap(&mut context.patience, patience);
    Diagnostics::new(diagnostics, request.scopes.len())
}

/// What is wrong with a list of scopes as names, and with the edition that is named, for the functions other than [`check`]. Misspelt names
/// take from the request's patience, which all its lists share.
pub(in crate::scope) fn name_problems(
    catalog: &Catalog,
    scopes: &[&str],
    edition: Option<&str>,
    patience: &mut Patience,
) -> Vec<Diagnostic> {
    let is_known = edition.is_none() || catalog.known_edition(edition).is_some();
    if is_known && scopes.iter().all(|scope| catalog.scope_position(scope).is_some()) {
        return Vec::new();
    }
    let request = CheckInput { scopes: borrowed(scopes), edition: edition.map(Cow::Borrowed), ..CheckInput::default() };
    problems(rules::NAMES, catalog, &request, patience)
}

/// What some of the rules find, for the functions other than [`check`].
pub(in crate::scope) fn problems(
    rules: &[rules::Rule],
    catalog: &Catalog,
    request: &CheckInput<'_>,
    patience: &mut Patience,
) -> Vec<Diagnostic> {
    found(rules, Context::read_operations, catalog, request, patience).into_owned().gathered()
}
