//! `project.getKey`.

use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::server::http::{
    error::ApiError,
    extract::{
        context::Context,
        handler::{Parameters, Project, Request},
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct GetKey {
    /// Whether to answer with status, rotation and exposure as well
    details: Option<bool>,
}

impl Parameters for GetKey {}

pub(in crate::server::http) async fn handle(
    context: Context,
    project: Project,
    Request(wanted): Request<GetKey>,
) -> Result<Response, ApiError> {
    let key = context.app.store.key(&project.id, context.path("keyId")).await?;
    if wanted.details.unwrap_or(false) { super::details(&context, key) } else { super::key(key) }
}
