//! Rules about where the key is going to be.

use crate::scope::{Code, Context, Diagnostic, Level, check::View};

pub(super) fn exposed_in_client(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let place = match view.request.runs_in {
        Some(Context::Browser) => "a page in a browser",
        Some(Context::Mobile) => "an app on a phone",
        _ => return,
    };
    findings.push(Diagnostic::new(
        Code::ExposedInClient,
        Level::Error,
        format!("an API key in {place} will be extracted and used by others"),
        "use the session of the user there; in development, a dev key lifts rate limits and CORS",
    ));
}
