//! `organization.deleteProject`.

use axum::response::Response;

use super::delete::remove;
use crate::server::http::{error::ApiError, extract::context::Context};

pub(in crate::server::http) async fn handle(context: Context) -> Result<Response, ApiError> {
    remove(&context, &super::found(&context).await?).await
}
