//! `projects.getDevKey`.

use axum::response::Response;

use crate::server::http::{
    error::ApiError,
    extract::arguments::{KeyPath, Project, State},
};

pub(in crate::server::http) async fn handle(State(app): State, project: Project, KeyPath(id): KeyPath) -> Result<Response, ApiError> {
    super::key(app.store.dev_key(&project.id, &id).await?)
}
