//! `console.deleteAccount`: deletes an account with its sessions; never the last one that can sign in.

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
    service::{
        accounts::{Last, Named},
        caller::Caller,
    },
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    _: Session,
    caller: Caller,
    AccountPath(id): AccountPath,
) -> Result<Response, ApiError> {
    let account = accounts(&app, caller).delete(Named::Id(&id), Last::Stays).await?;
    tracing::info!(account = account.id, "an account was deleted");
    Ok(StatusCode::NO_CONTENT.into_response())
}
