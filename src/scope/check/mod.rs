//! The check: what is wrong, risky or good to know about the scopes of a key.

pub(super) mod context;
pub(super) mod diagnostic;
mod explain;
mod report;
pub(super) mod request;
pub(super) mod rules;

use alloc::vec::Vec;

pub use diagnostic::{Code, Diagnostic, Edit, Fix, Level};
pub use explain::Explanation;
pub use report::{Report, apply_edits};
pub use request::{CheckRequest, Enforcement, Expiry, Runtime};
pub use rules::EXPIRES_SOON_DAYS;

use super::Catalog;
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

/// What [`check`] finds, before it becomes a report.
pub(in crate::scope) fn judge<'a>(catalog: &'a Catalog, request: &'a CheckInput<'a>) -> Diagnostics<'a> {
    found(rules::ALL, catalog, request)
}

fn found<'a>(rules: &[rules::Rule], catalog: &'a Catalog, request: &'a CheckInput<'a>) -> Diagnostics<'a> {
    let context = Context::new(catalog, request);
    let mut diagnostics = Vec::new();
    for rule in rules {
        rule(&context, &mut diagnostics);
    }
    Diagnostics::new(diagnostics, request.scopes.len())
}

/// What is wrong with a list of scopes as names, for the functions other than [`check`].
pub(in crate::scope) fn name_problems(catalog: &Catalog, scopes: &[&str]) -> Vec<Diagnostic> {
    if scopes.iter().all(|scope| catalog.scope_position(scope).is_some()) {
        return Vec::new();
    }
    problems(rules::NAMES, catalog, &CheckInput { scopes: borrowed(scopes), ..CheckInput::default() })
}

/// What some of the rules find, for the functions other than [`check`].
pub(in crate::scope) fn problems(rules: &[rules::Rule], catalog: &Catalog, request: &CheckInput<'_>) -> Vec<Diagnostic> {
    found(rules, catalog, request).into_owned().collect()
}
