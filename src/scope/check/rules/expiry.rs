//! Rules about how long the key lives.

use alloc::{borrow::ToOwned, vec::Vec};

use super::{apart::apart, runtime::sensitive};
use crate::scope::{
    Code, DateTime, Expiry, Level,
    check::{context::Context, diagnostic::BorrowedDiagnostic},
    support::{
        date_time::EXAMPLE,
        text::{counted, fill, listed, quoted},
    },
};

/// From how many days before its end a key is said to expire soon.
pub const EXPIRES_SOON_DAYS: i64 = 14;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

pub(super) fn expiry_malformed<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    if let (Some(Err(_)), Expiry::At(text)) = (&context.expire, &context.request.expire) {
        diagnostics.push(BorrowedDiagnostic::new(
            Code::ExpiryMalformed,
            Level::Error,
            fill("the expiry {} is not a date and time between the years 0000 and 9999", &[&quoted(text)]),
            fill("write it as `{}`", &[EXAMPLE]),
        ));
    }
}

/// The expiry and the milliseconds until it, where both it and the present are known.
fn remaining(context: &Context<'_>) -> Option<(DateTime, i64)> {
    let (Some(Ok(expire)), Some(now)) = (&context.expire, context.request.now) else { return None };
    Some((*expire, expire.milliseconds_since(now)))
}

pub(super) fn expiry_in_past<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    if let Some((expire, ..=0)) = remaining(context) {
        apart(&mut || {
            diagnostics.push(BorrowedDiagnostic::new(
                Code::ExpiryInPast,
                Level::Warning,
                fill("the expiry `{}` has already passed", &[&expire.text()]),
                "choose a later one; the server refuses an expired key",
            ));
        });
    }
}

pub(super) fn expires_soon<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    let Some((_, left)) = remaining(context).filter(|(_, left)| (1..EXPIRES_SOON_DAYS * DAY).contains(left)) else { return };
    let whole = |unit: i64| usize::try_from(left / unit).unwrap_or(0);
    let left = match (whole(DAY), whole(HOUR)) {
        (0, 0) => "less than an hour".to_owned(),
        (0, hours) => counted(hours, "hour"),
        (days, _) => counted(days, "day"),
    };
    let help = "plan its rotation before then, unless it is meant to be short-lived";
    diagnostics.push(BorrowedDiagnostic::new(Code::ExpiresSoon, Level::Hint, fill("the key expires in {}", &[&left]), help));
}

pub(super) fn sensitive_without_expiry<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    if context.request.expire != Expiry::Never {
        return;
    }
    let names = sensitive(context);
    if !names.is_empty() {
        diagnostics.push(BorrowedDiagnostic::new(
            Code::SensitiveWithoutExpiry,
            Level::Warning,
            fill("the key never expires, and it holds {}", &[&listed(names)]),
            "set an expiry, so that a leaked key stops working",
        ));
    }
}

/// Silent where `sensitive-without-expiry` says the same, and more.
pub(super) fn never_expires<'a>(context: &Context<'a>, diagnostics: &mut Vec<BorrowedDiagnostic<'a>>) {
    if context.request.expire == Expiry::Never && sensitive(context).is_empty() {
        diagnostics.push(BorrowedDiagnostic::new(
            Code::NeverExpires,
            Level::Hint,
            "the key never expires",
            "set an expiry, so that a forgotten or leaked key stops working",
        ));
    }
}
