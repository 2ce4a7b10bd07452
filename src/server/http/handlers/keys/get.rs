//! `project.getKey`.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::ErrorType,
    server::{
        http::{
            call::Call,
            error::{ApiError, json},
        },
        models,
    },
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let key = call.app.store.key(&call.project()?.id, call.path("keyId")).await?;
    key.map(|key| json(StatusCode::OK, &models::key(key))).ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))
}
