//! `project.deleteKey`.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::ErrorType,
    server::http::{
        error::ApiError,
        extract::{
            arguments::{IfMatch, KeyPath},
            services::ProjectKeys,
        },
    },
};

pub(in crate::server::http) async fn handle(keys: ProjectKeys, KeyPath(id): KeyPath, if_match: IfMatch) -> Result<Response, ApiError> {
    if !keys.service(&|version| if_match.check(version)).delete(&id).await? {
        return Err(ApiError::new(ErrorType::KeyNotFound));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
