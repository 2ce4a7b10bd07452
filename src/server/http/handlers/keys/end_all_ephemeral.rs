//! `project.endEphemeralKeys`: gives the project a new signing key, so that no ephemeral key of it is accepted any more.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::server::{
    http::{error::ApiError, extract::services::ProjectKeys},
    service::keys::ANY,
};

pub(in crate::server::http) async fn handle(keys: ProjectKeys) -> Result<Response, ApiError> {
    keys.service(ANY).end_all_ephemeral().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
