//! `project.getKey`.

use axum::response::Response;

use crate::server::http::{call::Call, error::ApiError};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let details = call.params.flag("details", false)?;
    let key = call.app.store.key(&call.project()?.id, call.path("keyId")).await?;
    if details { super::details(&call, key) } else { super::key(key) }
}
