//! `project.deleteKey`.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::ErrorType,
    server::http::{call::Call, error::ApiError},
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    if !super::keys(&call, &|version| call.check_seen(version))?.delete(call.path("keyId")).await? {
        return Err(ApiError::new(ErrorType::KeyNotFound));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
