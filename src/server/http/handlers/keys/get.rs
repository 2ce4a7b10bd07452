//! `project.getKey`.

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
    let details = call.params.flag("details", false)?;
    let key = call.app.store.key(&call.project()?.id, call.path("keyId")).await?;
    let key = key.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let version = key.version();
    let answer =
        if details { json(StatusCode::OK, &models::key_details(key, call.now())) } else { json(StatusCode::OK, &models::key(key)) };
    Ok(with_etag(answer, version))
}
