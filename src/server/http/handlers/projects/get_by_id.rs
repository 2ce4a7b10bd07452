//! `organization.getProject`.

use axum::{http::StatusCode, response::Response};

use crate::server::http::{error::ApiError, extract::context::Context};

pub(in crate::server::http) async fn handle(context: Context) -> Result<Response, ApiError> {
    Ok(super::answer(StatusCode::OK, super::found(&context).await?))
}
