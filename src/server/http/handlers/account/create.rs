//! `account.create`: always refused. The first account comes from the set-up link, others from the command line.

use axum::response::Response;

use crate::{api::ErrorType, server::http::error::ApiError};

pub(in crate::server::http) async fn handle() -> Result<Response, ApiError> {
    Err(ApiError::new(ErrorType::AccountsClosed))
}
