//! `project.getPolicy`.

use axum::response::Response;

use crate::server::http::{error::ApiError, extract::arguments::Project};

pub(in crate::server::http) async fn handle(project: Project) -> Result<Response, ApiError> {
    Ok(super::answer(&project))
}
