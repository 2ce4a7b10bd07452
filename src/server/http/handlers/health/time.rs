//! `health.getTime`. This server asks no other for the time: the two are the same.

use axum::{http::StatusCode, response::Response};
use serde_json::json as object;

use crate::server::http::{
    error::{ApiError, json},
    extract::context::Context,
};

pub(in crate::server::http) async fn handle(context: Context) -> Result<Response, ApiError> {
    let seconds = context.now().unix_milliseconds().div_euclid(1000);
    Ok(json(StatusCode::OK, &object!({ "remoteTime": seconds, "localTime": seconds, "diff": 0 })))
}
