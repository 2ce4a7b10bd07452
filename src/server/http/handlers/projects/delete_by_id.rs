//! `organization.deleteProject`.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::server::{
    http::{
        error::ApiError,
        extract::arguments::{IfMatch, ProjectPath, State},
    },
    service::{caller::Caller, projects::delete_project},
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    ProjectPath(id): ProjectPath,
    if_match: IfMatch,
    caller: Caller,
) -> Result<Response, ApiError> {
    let project = super::found(&app, &id).await?;
    if_match.check(project.version())?;
    delete_project(app.store.as_ref(), app.clock.as_ref(), &project, &caller).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
