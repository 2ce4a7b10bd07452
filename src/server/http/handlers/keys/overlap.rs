//! `project.endKeyOverlap`: ends the secret before the last rotation at once. A door of our own.

use axum::response::Response;

use crate::server::http::{call::Call, error::ApiError};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let ended = super::keys(&call, &|version| call.check_seen(version))?.end_overlap(call.path("keyId")).await?;
    super::details(&call, ended)
}
