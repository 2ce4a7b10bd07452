//! `console.inviteAccount`: creates an account without a password, and the link with which its owner sets one.

use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{accounts, invited};
use crate::{
    key::MAX_NAME_CHARACTERS,
    server::{
        http::{
            error::ApiError,
            extract::arguments::{Parameters, Request, Session, State},
        },
        service::{MAX_EMAIL_BYTES, caller::Caller},
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct InviteAccount {
    /// The address that the person signs in with
    #[schemars(length(min = 3, max = MAX_EMAIL_BYTES))]
    email: String,
    #[schemars(length(max = MAX_NAME_CHARACTERS))]
    name: Option<String>,
}

impl Parameters for InviteAccount {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    _: Session,
    caller: Caller,
    Request(InviteAccount { email, name }): Request<InviteAccount>,
) -> Result<Response, ApiError> {
    let (account, token) = accounts(&app, caller).invite(app.random.as_ref(), &email, name.as_deref().unwrap_or_default()).await?;
    tracing::info!(account = account.id, "a person was invited");
    Ok(invited(account, &token))
}
