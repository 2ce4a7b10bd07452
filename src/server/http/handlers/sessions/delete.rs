//! `account.deleteSession`: signs out, here or elsewhere.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{own, signed_out, wanted};
use crate::{
    api::ErrorType,
    server::http::{
        error::ApiError,
        extract::{context::Context, handler::Session},
    },
};

pub(in crate::server::http) async fn handle(
    context: Context,
    Session { account, session: current }: Session,
) -> Result<Response, ApiError> {
    let id = wanted(&context, &current);
    if !own(&context, &account).end_session(id).await? {
        return Err(ApiError::new(ErrorType::SessionNotFound));
    }
    tracing::info!(account = account.id, session = id, "session ended");
    Ok(if id == current.id { signed_out(&context) } else { StatusCode::NO_CONTENT.into_response() })
}
