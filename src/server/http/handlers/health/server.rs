//! `health.get`, and `server.getLive`: the process answers.

use axum::{http::StatusCode, response::Response};

use crate::server::http::error::{ApiError, json};

pub(in crate::server::http) async fn handle() -> Result<Response, ApiError> {
    Ok(json(StatusCode::OK, &super::passing("http")))
}
