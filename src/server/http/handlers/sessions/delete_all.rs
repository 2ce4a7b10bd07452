//! `account.deleteSessions`: signs out everywhere.

use axum::response::Response;

use super::{own, signed_out};
use crate::server::http::{
    error::ApiError,
    extract::{context::Context, handler::Session},
};

pub(in crate::server::http) async fn handle(context: Context, Session { account, .. }: Session) -> Result<Response, ApiError> {
    own(&context, &account).end_all_sessions().await?;
    tracing::info!(account = account.id, "all sessions ended");
    Ok(signed_out(&context))
}
