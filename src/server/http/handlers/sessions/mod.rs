//! Console sessions (contract §1.5).

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod delete_all;
pub(in crate::server::http) mod delete_others;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod list;
pub(in crate::server::http) mod second_factor;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::server::{
    app::App,
    http::extract::{authorize::session_cookie, client::Client},
    service::{
        accounts::own::{OwnAccount, is_live},
        caller::Caller,
    },
    store::{AccountRecord, SessionRecord},
};

/// What stands for the session of the request in a path.
const CURRENT: &str = "current";

/// The account that is signed in, as the service changes it.
fn own<'a>(app: &'a App, account: &'a AccountRecord, caller: Caller) -> OwnAccount<'a> {
    OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller, account }
}

/// The id of the session that the path names.
fn wanted<'a>(named: &'a str, current: &'a SessionRecord) -> &'a str {
    match named {
        CURRENT => &current.id,
        id => id,
    }
}

fn living(app: &App, sessions: Vec<SessionRecord>) -> Vec<SessionRecord> {
    let now = app.clock.now();
    sessions.into_iter().filter(|session| is_live(session, now)).collect()
}

/// Takes the cookie and everything else of this origin out of the browser (ASVS 5, 14.3.1).
fn signed_out(client: &Client) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(value) = HeaderValue::from_str(&session_cookie("", 0, client.https)) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}
