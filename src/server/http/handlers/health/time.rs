//! `health.getTime`. This server asks no other for the time: the two are the same.

use axum::{http::StatusCode, response::Response};
use serde_json::json as object;

use crate::server::http::{
    error::{ApiError, json},
    extract::arguments::State,
};

pub(in crate::server::http) async fn handle(State(app): State) -> Result<Response, ApiError> {
    let seconds = app.clock.now().unix_milliseconds().div_euclid(1000);
    Ok(json(StatusCode::OK, &object!({ "remoteTime": seconds, "localTime": seconds, "diff": 0 })))
}
