//! `account.deleteOtherSessions`: signs out everywhere but here. Not in the contract.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::own;
use crate::server::{
    http::{
        error::ApiError,
        extract::arguments::{Session, State},
    },
    service::caller::Caller,
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    Session { account, session }: Session,
    caller: Caller,
) -> Result<Response, ApiError> {
    own(&app, &account, caller).end_sessions(Some(&session)).await?;
    tracing::info!(account = account.id, kept = session.id, "all other sessions ended");
    Ok(StatusCode::NO_CONTENT.into_response())
}
