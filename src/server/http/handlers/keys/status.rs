//! `project.updateKeyStatus`: disables or enables a key. Not in the contract.

use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::server::{
    http::{
        error::ApiError,
        extract::{
            arguments::{IfMatch, KeyPath, Parameters, Request},
            services::ProjectKeys,
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
    keys: ProjectKeys,
    KeyPath(id): KeyPath,
    if_match: IfMatch,
    Request(status): Request<UpdateKeyStatus>,
) -> Result<Response, ApiError> {
    let action = if status.enabled { Action::KeyEnable } else { Action::KeyDisable };
    let changed = keys.service(&|version| if_match.check(version)).set_enabled(&id, status.enabled).await;
    super::details(keys.app(), changed.map_err(|error| keys.refused(action, &id, error.into()))?).await
}
