//! Console sessions (contract §1.5).

pub(in crate::server::http) mod create;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    api::{ErrorType, SessionList},
    server::{
        http::{
            error::{ApiError, json},
            extract::{authorize::session_cookie, context::RequestContext},
        },
        models,
        service::accounts::own::{OwnAccount, is_live},
        store::{AccountRecord, SessionRecord},
    },
};

/// What stands for the session of the request in a path.
const CURRENT: &str = "current";

/// `account.listSessions`: those that live, newest first.
pub(in crate::server::http) async fn list(context: RequestContext) -> Result<Response, ApiError> {
    let (account, current) = context.session()?;
    let sessions = living(&context, context.app.store.sessions(&account.id).await?);
    let sessions: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let is_current = session.id == current.id;
            models::session(session, is_current)
        })
        .collect();
    Ok(json(StatusCode::OK, &SessionList { total: sessions.len(), sessions }))
}

/// `account.getSession`.
pub(in crate::server::http) async fn get(context: RequestContext) -> Result<Response, ApiError> {
    let (account, current) = context.session()?;
    let id = wanted(&context, current);
    let found = living(&context, context.app.store.sessions(&account.id).await?).into_iter().find(|session| session.id == id);
    let found = found.ok_or_else(|| ApiError::new(ErrorType::SessionNotFound))?;
    let is_current = found.id == current.id;
    Ok(json(StatusCode::OK, &models::session(found, is_current)))
}

/// `account.deleteSession`: signs out, here or elsewhere.
pub(in crate::server::http) async fn delete(context: RequestContext) -> Result<Response, ApiError> {
    let (account, current) = context.session()?;
    let id = wanted(&context, current);
    if !own(&context, account).end_session(id).await? {
        return Err(ApiError::new(ErrorType::SessionNotFound));
    }
    tracing::info!(account = account.id, session = id, "session ended");
    Ok(if id == current.id { signed_out(&context) } else { StatusCode::NO_CONTENT.into_response() })
}

/// `account.deleteSessions`: signs out everywhere.
pub(in crate::server::http) async fn delete_all(context: RequestContext) -> Result<Response, ApiError> {
    let (account, _) = context.session()?;
    own(&context, account).end_all_sessions().await?;
    tracing::info!(account = account.id, "all sessions ended");
    Ok(signed_out(&context))
}

fn own<'a>(context: &'a RequestContext, account: &'a AccountRecord) -> OwnAccount<'a> {
    OwnAccount { store: context.app.store.as_ref(), clock: context.app.clock.as_ref(), caller: context.caller(), account }
}

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
