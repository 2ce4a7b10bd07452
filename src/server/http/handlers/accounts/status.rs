//! `console.updateAccountStatus`: disables an account, which ends its sessions, or enables it.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::accounts;
use crate::server::{
    http::{
        error::ApiError,
        extract::arguments::{AccountPath, Parameters, Request, Session, State},
    },
    service::{
        accounts::{Last, Named},
        caller::Caller,
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct UpdateAccountStatus {
    /// Whether the owner may sign in
    enabled: bool,
}

impl Parameters for UpdateAccountStatus {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    _: Session,
    caller: Caller,
    AccountPath(id): AccountPath,
    Request(UpdateAccountStatus { enabled }): Request<UpdateAccountStatus>,
) -> Result<Response, ApiError> {
    let accounts = accounts(&app, caller);
    let changed = if enabled { accounts.enable(Named::Id(&id)).await? } else { accounts.disable(Named::Id(&id), Last::Stays).await? };
    if let Some(account) = changed {
        tracing::info!(account = account.id, enabled, "an account was enabled or disabled");
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
