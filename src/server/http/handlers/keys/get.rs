//! `project.getKey`.

use axum::response::Response;

use crate::server::http::{error::ApiError, extract::context::RequestContext};

pub(in crate::server::http) async fn handle(context: RequestContext) -> Result<Response, ApiError> {
    let details = context.params.flag("details", false)?;
    let key = context.app.store.key(&context.project()?.id, context.path("keyId")).await?;
    if details { super::details(&context, key) } else { super::key(key) }
}
