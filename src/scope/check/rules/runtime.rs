//! Rules about where the key is going to be.

use alloc::{format, vec::Vec};

use crate::scope::{
    Code, Context, Edit, Level, Scope,
    check::{
        context::{Reading, View},
        diagnostic::Finding,
    },
    support::text::listed,
};

/// The one scope that server-side rendering needs of a key.
const SESSIONS: &str = "sessions.write";

pub(super) fn exposed_in_client<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    let place = match view.request.runs_in {
        Some(Context::Browser) => "a page in a browser",
        Some(Context::Mobile) => "an app on a phone",
        _ => return,
    };
    findings.push(Finding::new(
        Code::ExposedInClient,
        Level::Error,
        format!("an API key in {place} will be extracted and used by others"),
        "use the session of the user there; in development, a dev key lifts rate limits and CORS",
    ));
}

/// The names of the sensitive scopes on the key.
pub(super) fn sensitive<'a>(view: &View<'a>) -> Vec<&'a str> {
    let names = view.holdable().filter(|(_, _, scope)| scope.sensitive.is_some()).map(|(_, _, scope): (_, _, &'a Scope)| scope.id.as_str());
    names.collect()
}

pub(super) fn sensitive_in_ci<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    if view.request.runs_in != Some(Context::Ci) {
        return;
    }
    let names = sensitive(view);
    if !names.is_empty() {
        findings.push(Finding::new(
            Code::SensitiveInCi,
            Level::Warning,
            format!("every job and dependency of the pipeline could use {}", listed(names)),
            "create an ephemeral key for each run, or move the steps that need this to a server that you trust",
        ));
    }
}

/// Silent in a catalog that knows no sessions.
pub(super) fn ssr_beyond_sessions<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    if view.request.runs_in != Some(Context::Ssr) || view.catalog.scope_position(SESSIONS).is_none() {
        return;
    }
    let extra: Vec<_> = view.entries.iter().filter(|entry| entry.text != SESSIONS).collect();
    if extra.is_empty() {
        return;
    }
    let names = extra.iter().filter(|entry| !entry.repeats && !matches!(entry.reading, Reading::Malformed(_))).map(|entry| entry.text);
    let names = listed(names);
    let message = if names.is_empty() {
        format!("a key for server-side rendering needs `{SESSIONS}` alone")
    } else {
        format!("a key for server-side rendering needs `{SESSIONS}` alone, not {names}")
    };
    let help = "fetch data with the session of the user, so that permissions hold; keep the key for signing in and out";
    let mut finding = Finding::new(Code::SsrBeyondSessions, Level::Warning, message, help);
    // Where something is called that needs more, a person has to decide.
    if view.names(SESSIONS) && view.wanted.is_empty() {
        let edits = extra.iter().map(|entry| Edit::Remove { index: entry.index }).collect();
        finding = finding.with_fix(format!("keep `{SESSIONS}` alone"), edits);
    }
    findings.push(finding);
}

pub(super) fn injected_key_available<'a>(view: &View<'a>, findings: &mut Vec<Finding<'a>>) {
    if view.request.runs_in == Some(Context::Function) {
        findings.push(Finding::new(
            Code::InjectedKeyAvailable,
            Level::Hint,
            "a function receives a key of its own with every execution",
            "give the function these scopes, and use the key that it receives in the header `x-appwrite-key`",
        ));
    }
}
