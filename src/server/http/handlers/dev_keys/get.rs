//! `projects.getDevKey`.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::ErrorType,
    server::{
        http::{
            error::{ApiError, json},
            extract::arguments::{KeyPath, Project, State},
        },
        models,
    },
};

pub(in crate::server::http) async fn handle(State(app): State, project: Project, KeyPath(id): KeyPath) -> Result<Response, ApiError> {
    let key = app.store.dev_key(&project.id, &id).await?;
    key.map(|key| json(StatusCode::OK, &models::dev_key(key))).ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))
}
