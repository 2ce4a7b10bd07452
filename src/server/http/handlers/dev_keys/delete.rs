//! `projects.deleteDevKey`.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::ErrorType,
    server::http::{
        error::ApiError,
        extract::{context::Context, handler::Project},
    },
};

pub(in crate::server::http) async fn handle(context: Context, project: Project) -> Result<Response, ApiError> {
    if !super::dev_keys(&context, &project, &|version| context.check_seen(version)).delete(context.path("keyId")).await? {
        return Err(ApiError::new(ErrorType::KeyNotFound));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
