//! `organization.getProject`.

use axum::{http::StatusCode, response::Response};

use crate::server::http::{
    error::ApiError,
    extract::arguments::{ProjectPath, State},
};

pub(in crate::server::http) async fn handle(State(app): State, ProjectPath(id): ProjectPath) -> Result<Response, ApiError> {
    Ok(super::answer(StatusCode::OK, super::found(&app, &id).await?))
}
