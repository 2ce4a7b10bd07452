//! `project.endKeyOverlap`: ends the secret before the last rotation at once. A door of our own.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::ErrorType,
    server::{
        http::{
            call::{Call, with_etag},
            error::{ApiError, json},
        },
        models,
    },
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let ended = super::keys(&call, &|version| call.check_seen(version))?.end_overlap(call.path("keyId")).await?;
    let record = ended.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let version = record.version();
    Ok(with_etag(json(StatusCode::OK, &models::key_details(record, call.now())), version))
}
