//! `project.endKeyOverlap`: ends the secret before the last rotation at once. Not in the contract.

use axum::response::Response;

use crate::server::http::{
    error::ApiError,
    extract::{
        arguments::{IfMatch, KeyPath},
        services::ProjectKeys,
    },
};

pub(in crate::server::http) async fn handle(keys: ProjectKeys, KeyPath(id): KeyPath, if_match: IfMatch) -> Result<Response, ApiError> {
    let ended = keys.service(&|version| if_match.check(version)).end_overlap(&id).await?;
    super::details(keys.app(), ended).await
}
