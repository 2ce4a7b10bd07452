//! `account.getSession`.

use axum::{http::StatusCode, response::Response};

use super::{living, wanted};
use crate::{
    api::ErrorType,
    server::{
        http::{
            error::{ApiError, json},
            extract::arguments::{Session, SessionPath, State},
        },
        models,
    },
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    Session { account, session: current }: Session,
    SessionPath(named): SessionPath,
) -> Result<Response, ApiError> {
    let id = wanted(&named, &current);
    let found = living(&app, app.store.sessions(&account.id).await?).into_iter().find(|session| session.id == id);
    let found = found.ok_or_else(|| ApiError::new(ErrorType::SessionNotFound))?;
    let is_current = found.id == current.id;
    Ok(json(StatusCode::OK, &models::session(found, is_current)))
}
