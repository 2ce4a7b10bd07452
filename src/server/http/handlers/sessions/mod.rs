//! Console sessions (contract §1.5).

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod delete_all;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod list;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::server::{
    http::extract::{authorize::session_cookie, context::RequestContext},
    service::accounts::own::{OwnAccount, is_live},
    store::{AccountRecord, SessionRecord},
};

/// What stands for the session of the request in a path.
const CURRENT: &str = "current";

/// The account that is signed in, as the service changes it.
fn own<'a>(context: &'a RequestContext, account: &'a AccountRecord) -> OwnAccount<'a> {
    OwnAccount { store: context.app.store.as_ref(), clock: context.app.clock.as_ref(), caller: context.caller(), account }
}

/// The id of the session that the path names.
fn wanted<'a>(context: &'a RequestContext, current: &'a SessionRecord) -> &'a str {
    match context.path("sessionId") {
        CURRENT => &current.id,
        id => id,
    }
}

fn living(context: &RequestContext, sessions: Vec<SessionRecord>) -> Vec<SessionRecord> {
    let now = context.now();
    sessions.into_iter().filter(|session| is_live(session, now)).collect()
}

/// Takes the cookie and everything else of this origin out of the browser (ASVS 5, 14.3.1).
fn signed_out(context: &RequestContext) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(value) = HeaderValue::from_str(&session_cookie("", 0, context.client.https)) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}
