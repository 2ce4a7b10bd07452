//! `organization.updateProject`: changes the name of a project.

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    key::{KeyName, MAX_NAME_CHARACTERS},
    server::{
        http::{
            error::ApiError,
            extract::arguments::{IfMatch, Parameters, ProjectPath, Request, State},
        },
        service::{caller::Caller, projects::rename_project},
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct UpdateProject {
    #[schemars(with = "String", length(min = 1, max = MAX_NAME_CHARACTERS))]
    name: KeyName,
}

impl Parameters for UpdateProject {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    ProjectPath(id): ProjectPath,
    if_match: IfMatch,
    caller: Caller,
    Request(change): Request<UpdateProject>,
) -> Result<Response, ApiError> {
    let project = super::found(&app, &id).await?;
    if_match.check(project.version())?;
    let (store, clock) = (app.store.as_ref(), app.clock.as_ref());
    let changed = rename_project(store, clock, &project, &change.name, &caller).await?;
    Ok(super::answer(StatusCode::OK, changed))
}
