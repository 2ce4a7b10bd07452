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
    let gone = call.app.store.delete_key(&call.project()?.id, call.path("keyId")).await?;
    if gone { Ok(StatusCode::NO_CONTENT.into_response()) } else { Err(ApiError::new(ErrorType::KeyNotFound)) }
}
