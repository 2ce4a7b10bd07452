//! `project.getKey`.

use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::server::http::{
    error::ApiError,
    extract::arguments::{KeyPath, Parameters, Project, Request, State},
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct GetKey {
    /// Whether to answer with status, rotation and exposure as well
    details: Option<bool>,
}

impl Parameters for GetKey {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    project: Project,
    KeyPath(id): KeyPath,
    Request(wanted): Request<GetKey>,
) -> Result<Response, ApiError> {
    let key = app.store.key(&project.id, &id).await?;
    if wanted.details.unwrap_or(false) { super::details(&app, key).await } else { super::key(key) }
}
