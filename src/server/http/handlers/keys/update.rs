//! `project.updateKey`: replaces name, scopes and expiry; without `expire` the key never expires.

use axum::{http::StatusCode, response::Response};

use super::KeyParams;
use crate::{
    api::ErrorType,
    server::{
        http::{
            audit::changed,
            call::Call,
            error::{ApiError, json},
        },
        models,
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let (id, params) = (call.path("keyId"), KeyParams::read(&call)?);
    let changes = super::keys(&call)?.update(id, params.input()).await;
    let changes = changes.map_err(|error| call.refused(Action::KeyUpdate, id, error.into()))?;
    let (before, after) = changes.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    call.done(Action::KeyUpdate, id, changed(&before, &after)).await;
    Ok(json(StatusCode::OK, &models::key(after)))
}
