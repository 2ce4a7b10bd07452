//! `account.listSessions`: those that live, newest first.

use axum::{http::StatusCode, response::Response};

use super::living;
use crate::{
    api::SessionList,
    server::{
        http::{
            error::{ApiError, json},
            extract::arguments::{Session, State},
        },
        models,
    },
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    Session { account, session: current }: Session,
) -> Result<Response, ApiError> {
    let sessions = living(&app, app.store.sessions(&account.id).await?);
    let sessions: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let is_current = session.id == current.id;
            models::session(session, is_current)
        })
        .collect();
    Ok(json(StatusCode::OK, &SessionList { total: sessions.len(), sessions }))
}
