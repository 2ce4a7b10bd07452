//! Rules about how long the key lives.

use crate::scope::{Code, Diagnostic, Expiry, Level, check::View};

pub(super) fn expiry_malformed(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    if let (Some(Err(error)), Expiry::At(text)) = (&view.expire, &view.request.expire) {
        findings.push(Diagnostic::new(
            Code::ExpiryMalformed,
            Level::Error,
            format!("the expiry {} is {error}", super::names::quoted(text)),
            "write it as `2030-12-31T23:59:59.000+00:00`",
        ));
    }
}

pub(super) fn expiry_in_past(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    if let (Some(Ok(expire)), Some(now)) = (&view.expire, view.request.now)
        && *expire <= now
    {
        findings.push(Diagnostic::new(
            Code::ExpiryInPast,
            Level::Warning,
            format!("the expiry `{expire}` has passed already"),
            "choose a later one; a key that has expired is refused from its first request on",
        ));
    }
}

pub(super) fn never_expires(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    if view.never_expires() {
        findings.push(Diagnostic::new(
            Code::NeverExpires,
            Level::Hint,
            "the key never expires",
            "set an expiry, so that a forgotten or leaked key dies by itself",
        ));
    }
}
