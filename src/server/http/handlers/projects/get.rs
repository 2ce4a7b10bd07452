//! `project.get`: the project of the request.

use axum::{http::StatusCode, response::Response};

use crate::server::http::{error::ApiError, extract::arguments::Project};

pub(in crate::server::http) async fn handle(project: Project) -> Result<Response, ApiError> {
    Ok(super::answer(StatusCode::OK, project.clone()))
}
