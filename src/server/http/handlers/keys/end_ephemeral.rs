//! `project.endEphemeralKey`: ends one ephemeral key before its time. No ephemeral key is stored, so an id that never existed gets the
//! same answer.

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
    super::keys(&context, &project, ANY).end_ephemeral(context.path("keyId")).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
