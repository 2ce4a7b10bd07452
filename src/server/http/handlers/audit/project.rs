//! `project.listAudit`: what happened to the project and its keys.

use axum::response::Response;

use super::ListAudit;
use crate::server::http::{
    error::ApiError,
    extract::{
        context::Context,
        handler::{Project, Request},
    },
};

pub(in crate::server::http) async fn handle(
    context: Context,
    project: Project,
    Request(wanted): Request<ListAudit>,
) -> Result<Response, ApiError> {
    super::page(&context, Some(project.sequence), wanted).await
}
