//! `project.listAudit`: what happened to the project and its keys.

use std::sync::Arc;

use axum::response::Response;

use super::ListAudit;
use crate::server::http::{
    error::ApiError,
    extract::{
        arguments::{Project, Request, State},
        client::Client,
    },
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    project: Project,
    Request(wanted): Request<ListAudit>,
) -> Result<Response, ApiError> {
    super::page(&app, &client, Some(project.sequence), wanted).await
}
