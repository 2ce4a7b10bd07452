//! `console.renewInvitation`: a new link for an invited person. The earlier one ends.

use axum::response::Response;

use super::{accounts, invited};
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
    let (account, token) = accounts(&app, caller).invite_again(app.random.as_ref(), Named::Id(&id)).await?;
    tracing::info!(account = account.id, "the invitation link was replaced");
    Ok(invited(account, &token))
}
