//! `project.createKey`.

use axum::{http::StatusCode, response::Response};

use super::KeyParams;
use crate::server::{
    admin,
    http::{
        call::Call,
        error::{ApiError, json},
    },
};

/// A key that holds `keys.write` may create keys, too, as the announcement of the Keys API has it.
pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let id = call.params.text("keyId")?;
    let params = KeyParams::read(&call.params)?;
    let app = &call.app;
    let project = &call.project()?.id;
    let key = admin::create_key(app.store.as_ref(), app.clock.as_ref(), app.random.as_ref(), project, id, params.input()).await?;
    Ok(json(StatusCode::CREATED, &key))
}
