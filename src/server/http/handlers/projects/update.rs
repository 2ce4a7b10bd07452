//! `organization.updateProject`: changes the name of a project.

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    key::{KeyName, MAX_NAME_CHARACTERS},
    server::{
        http::{
            error::ApiError,
            extract::{
                context::Context,
                handler::{Parameters, Request},
            },
        },
        service::projects::rename_project,
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct UpdateProject {
    #[schemars(with = "String", length(min = 1, max = MAX_NAME_CHARACTERS))]
    name: KeyName,
}

impl Parameters for UpdateProject {}

pub(in crate::server::http) async fn handle(context: Context, Request(change): Request<UpdateProject>) -> Result<Response, ApiError> {
    let project = super::found(&context).await?;
    context.check_seen(project.version())?;
    let (store, clock) = (context.app.store.as_ref(), context.app.clock.as_ref());
    let changed = rename_project(store, clock, &project, &change.name, &context.caller()).await?;
    Ok(super::answer(StatusCode::OK, changed))
}
