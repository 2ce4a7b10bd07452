//! `project.endKeyOverlap`: ends the secret before the last rotation at once. Not in the contract.

use axum::response::Response;

use crate::server::http::{
    error::ApiError,
    extract::{context::Context, handler::Project},
};

pub(in crate::server::http) async fn handle(context: Context, project: Project) -> Result<Response, ApiError> {
    let ended = super::keys(&context, &project, &|version| context.check_seen(version)).end_overlap(context.path("keyId")).await?;
    super::details(&context, ended)
}
