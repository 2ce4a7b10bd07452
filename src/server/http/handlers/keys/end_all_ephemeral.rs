//! `project.endEphemeralKeys`: gives the project a new signing key, so that no ephemeral key of it is accepted any more.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::server::{
    http::{
        error::ApiError,
        extract::{context::Context, handler::Project},
    },
    service::keys::ANY,
};

pub(in crate::server::http) async fn handle(context: Context, project: Project) -> Result<Response, ApiError> {
    super::keys(&context, &project, ANY).end_all_ephemeral().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
