//! `project.endEphemeralKey`: ends one ephemeral key before its time. No ephemeral key is stored, so an id that never existed gets the
//! same answer.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::server::{
    http::{
        error::ApiError,
        extract::{arguments::KeyPath, services::ProjectKeys},
    },
    service::keys::ANY,
};

pub(in crate::server::http) async fn handle(keys: ProjectKeys, KeyPath(id): KeyPath) -> Result<Response, ApiError> {
    keys.service(ANY).end_ephemeral(&id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
