//! Projects (contract §1.6).

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod delete_by_id;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod get_by_id;
pub(in crate::server::http) mod list;
pub(in crate::server::http) mod update;

use axum::{http::StatusCode, response::Response};

use crate::{
    api::ErrorType,
    server::{
        app::App,
        http::{
            error::{ApiError, json},
            etag::with_etag,
        },
        models,
        store::ProjectRecord,
    },
};

/// The project that the path names.
async fn found(app: &App, id: &str) -> Result<ProjectRecord, ApiError> {
    app.store.project(id).await?.ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))
}

fn answer(status: StatusCode, project: ProjectRecord) -> Response {
    let version = project.version();
    with_etag(json(status, &models::project(project)), version)
}
