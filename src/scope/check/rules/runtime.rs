//! Rules about where the key is going to be.

use alloc::vec::Vec;

use super::apart::apart;
use crate::scope::{
    Code, Edit, Level, Runtime, Scope,
    check::{
        context::{Context, Resolved},
        diagnostic::BorrowedDiagnostic,
    },
    support::{
        gather::Gather,
        text::{fill, listed},
    },
};

/// The one scope that server-side rendering needs of a key.
const SESSIONS: &str = "sessions.write";
/// Whoever deploys functions has a platform that gives each of them a key.
const FUNCTIONS: &str = "functions.write";

pub(super) fn exposed_in_client<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let place = match context.request.runs_in {
        Some(Runtime::Browser) => "a web page",
        Some(Runtime::Mobile) => "a mobile app",
        _ => return,
    };
    diagnostics.push(BorrowedDiagnostic::new(
        Code::ExposedInClient,
        Level::Error,
        fill("anyone can extract an API key from {} and use it", &[place]),
        "use the user's session there; in development, a dev key lifts rate limits and CORS",
    ));
}

/// The names of the sensitive scopes on the key.
pub(super) fn sensitive<'a>(context: &Context<'a>) -> Vec<&'a str> {
    let names = context
        .grantable()
        .filter(|(_, position, scope)| context.sensitivity(*position, scope).is_some())
        .map(|(_, _, scope): (_, _, &'a Scope)| scope.id.as_str());
    names.gathered()
}

pub(super) fn sensitive_in_ci<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    if context.request.runs_in != Some(Runtime::Ci) {
        return;
    }
    let names = sensitive(context);
    if !names.is_empty() {
        diagnostics.push(BorrowedDiagnostic::new(
            Code::SensitiveInCi,
            Level::Warning,
            fill("every job and dependency of the pipeline could use {}", &[&listed(names)]),
            "create an ephemeral key for each run, or move the steps that need this to a server that you trust",
        ));
    }
}

/// Silent in a catalog that knows no sessions.
pub(super) fn ssr_beyond_sessions<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    if context.request.runs_in == Some(Runtime::Ssr) && context.catalog.scope_position(SESSIONS).is_some() {
        apart(&mut || beyond_sessions(context, diagnostics));
    }
}

fn beyond_sessions<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let extra: Vec<_> = context.entries.iter().filter(|entry| entry.text != SESSIONS).gathered();
    if extra.is_empty() {
        return;
    }
    let names = extra.iter().filter(|entry| !entry.repeats && !matches!(entry.resolved, Resolved::Malformed(_))).map(|entry| entry.text);
    let names = listed(names);
    let message = if names.is_empty() {
        fill("a key for server-side rendering needs `{}` alone", &[SESSIONS])
    } else {
        fill("a key for server-side rendering needs `{}` alone, not {}", &[SESSIONS, &names])
    };
    let help = "fetch data with the user's session, so that permissions apply; use the key only to sign users in and out";
    let mut diagnostic = BorrowedDiagnostic::new(Code::SsrBeyondSessions, Level::Warning, message, help);
    // Where something is called that needs more, a person has to decide.
    if context.names(SESSIONS) && context.wanted.is_empty() {
        let edits = extra.iter().map(|entry| Edit::Remove { index: entry.index }).collect();
        diagnostic = diagnostic.with_fix(fill("keep `{}` alone", &[SESSIONS]), edits);
    }
    diagnostics.push(diagnostic);
}

/// Silent in a catalog that knows no functions.
pub(super) fn injected_key_available<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    if context.request.runs_in == Some(Runtime::Function) && context.catalog.scope_position(FUNCTIONS).is_some() {
        diagnostics.push(BorrowedDiagnostic::new(
            Code::InjectedKeyAvailable,
            Level::Hint,
            "each execution of a function receives its own key",
            "give the function these scopes, and use the key from the `x-appwrite-key` header",
        ));
    }
}
