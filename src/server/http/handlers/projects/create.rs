//! `organization.createProject`.

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    api::ErrorType,
    key::MAX_NAME_CHARACTERS,
    server::{
        http::{
            error::ApiError,
            extract::arguments::{Parameters, Request, State},
        },
        service::{caller::Caller, projects::create_project},
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::http) struct CreateProject {
    /// The id, or `unique()` for a new one
    #[schemars(length(min = 1, max = 36))]
    project_id: String,
    #[schemars(length(min = 1, max = MAX_NAME_CHARACTERS))]
    name: String,
}

impl Parameters for CreateProject {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    caller: Caller,
    Request(project): Request<CreateProject>,
) -> Result<Response, ApiError> {
    let CreateProject { project_id, name } = project;
    if project_id == "console" {
        return Err(ApiError::new(ErrorType::ReservedProject));
    }
    let project = create_project(app.store.as_ref(), app.clock.as_ref(), app.random.as_ref(), &project_id, &name, &caller).await?;
    Ok(super::answer(StatusCode::CREATED, project))
}
