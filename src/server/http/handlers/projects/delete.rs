//! `project.delete`: the project of the request, with its keys.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::server::{
    http::{
        error::ApiError,
        extract::arguments::{IfMatch, Project, State},
    },
    service::{caller::Caller, projects::delete_project},
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    project: Project,
    if_match: IfMatch,
    caller: Caller,
) -> Result<Response, ApiError> {
    if_match.check(project.version())?;
    delete_project(app.store.as_ref(), app.clock.as_ref(), &project, &caller).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
