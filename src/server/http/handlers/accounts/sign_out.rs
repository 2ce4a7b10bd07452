//! `console.deleteAccountSessions`: ends all sessions of an account.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::accounts;
use crate::server::{
    http::{
        error::ApiError,
        extract::arguments::{AccountPath, Session, State},
    },
    service::{accounts::Named, caller::Caller},
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    _: Session,
    caller: Caller,
    AccountPath(id): AccountPath,
) -> Result<Response, ApiError> {
    let account = accounts(&app, caller).sign_out(Named::Id(&id)).await?;
    tracing::info!(account = account.id, "all sessions of an account ended");
    Ok(StatusCode::NO_CONTENT.into_response())
}
