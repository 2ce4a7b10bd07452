//! `health.getVersion`.

use axum::{http::StatusCode, response::Response};
use serde_json::json as object;

use crate::{
    api::CONTRACT_VERSION,
    server::http::error::{ApiError, json},
};

pub(in crate::server::http) async fn handle() -> Result<Response, ApiError> {
    Ok(json(StatusCode::OK, &object!({ "version": CONTRACT_VERSION })))
}
