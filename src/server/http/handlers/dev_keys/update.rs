//! `projects.updateDevKey`: replaces name and expiry.

use axum::{http::StatusCode, response::Response};

use super::WriteDevKey;
use crate::{
    api::ErrorType,
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{IfMatch, KeyPath, Request},
                services::ProjectDevKeys,
            },
        },
        models,
    },
};

pub(in crate::server::http) async fn handle(
    keys: ProjectDevKeys,
    KeyPath(id): KeyPath,
    if_match: IfMatch,
    Request(key): Request<WriteDevKey>,
) -> Result<Response, ApiError> {
    let changed = keys.service(&|version| if_match.check(version)).update(&id, key.name, key.expire).await?;
    changed.map(|key| json(StatusCode::OK, &models::dev_key(key))).ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))
}
