//! `project.updateKeyStatus`: disables or enables a key. Not in the contract.

use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::server::{
    http::{
        error::ApiError,
        extract::{
            context::Context,
            handler::{Parameters, Project, Request},
        },
    },
    store::Action,
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct UpdateKeyStatus {
    enabled: bool,
}

impl Parameters for UpdateKeyStatus {}

pub(in crate::server::http) async fn handle(
    context: Context,
    project: Project,
    Request(status): Request<UpdateKeyStatus>,
) -> Result<Response, ApiError> {
    let id = context.path("keyId");
    let action = if status.enabled { Action::KeyEnable } else { Action::KeyDisable };
    let changed = super::keys(&context, &project, &|version| context.check_seen(version)).set_enabled(id, status.enabled).await;
    super::details(&context, changed.map_err(|error| context.refused(action, id, error.into()))?)
}
