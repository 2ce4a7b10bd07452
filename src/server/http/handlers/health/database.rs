//! `health.getDB`, and `server.getReady`: the database can be read and written.

use axum::{http::StatusCode, response::Response};
use serde_json::json as object;

use crate::{
    api::ErrorType,
    server::http::{
        error::{ApiError, json},
        extract::arguments::State,
    },
};

pub(in crate::server::http) async fn handle(State(app): State) -> Result<Response, ApiError> {
    if !app.is_ready().await {
        return Err(ApiError::new(ErrorType::Unavailable));
    }
    Ok(json(StatusCode::OK, &object!({ "total": 1, "statuses": [super::passing("database")] })))
}
