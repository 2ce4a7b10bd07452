//! `projects.getDevKey`.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::ErrorType,
    server::{
        http::{
            error::{ApiError, json},
            extract::{context::Context, handler::Project},
        },
        models,
    },
};

pub(in crate::server::http) async fn handle(context: Context, project: Project) -> Result<Response, ApiError> {
    let key = context.app.store.dev_key(&project.id, context.path("keyId")).await?;
    key.map(|key| json(StatusCode::OK, &models::dev_key(key))).ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))
}
