//! `project.deleteKey`.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::ErrorType,
    server::http::{error::ApiError, extract::context::RequestContext},
};

pub(in crate::server::http) async fn handle(context: RequestContext) -> Result<Response, ApiError> {
    if !super::keys(&context, &|version| context.check_seen(version))?.delete(context.path("keyId")).await? {
        return Err(ApiError::new(ErrorType::KeyNotFound));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
