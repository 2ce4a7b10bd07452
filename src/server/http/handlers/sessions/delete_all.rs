//! `account.deleteSessions`: signs out everywhere.

use std::sync::Arc;

use axum::response::Response;

use super::{own, signed_out};
use crate::server::{
    http::{
        error::ApiError,
        extract::{
            arguments::{Session, State},
            client::Client,
        },
    },
    service::caller::Caller,
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    Session { account, .. }: Session,
    caller: Caller,
) -> Result<Response, ApiError> {
    own(&app, &account, caller).end_sessions(None).await?;
    tracing::info!(account = account.id, "all sessions ended");
    Ok(signed_out(&client))
}
