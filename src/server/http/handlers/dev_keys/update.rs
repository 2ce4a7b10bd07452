//! `projects.updateDevKey`: replaces name and expiry.

use axum::{http::StatusCode, response::Response};

use super::WriteDevKey;
use crate::{
    api::ErrorType,
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                context::Context,
                handler::{Project, Request},
            },
        },
        models,
    },
};

pub(in crate::server::http) async fn handle(
    context: Context,
    project: Project,
    Request(key): Request<WriteDevKey>,
) -> Result<Response, ApiError> {
    let seen = |version| context.check_seen(version);
    let changed = super::dev_keys(&context, &project, &seen).update(context.path("keyId"), key.name, key.expire).await?;
    changed.map(|key| json(StatusCode::OK, &models::dev_key(key))).ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))
}
