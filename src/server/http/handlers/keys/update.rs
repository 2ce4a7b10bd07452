//! `project.updateKey`: replaces name, scopes and expiry; without `expire` the key never expires.

use axum::{http::StatusCode, response::Response};

use super::KeyParams;
use crate::{
    api::ErrorType,
    server::{
        http::{
            call::{Call, with_etag},
            error::{ApiError, json},
        },
        models,
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let (id, params) = (call.path("keyId"), KeyParams::read(&call)?);
    let changed = super::keys(&call, &|version| call.check_seen(version))?.update(id, params.input()).await;
    let changed = changed.map_err(|error| call.refused(Action::KeyUpdate, id, error.into()))?;
    let record = changed.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let version = record.version();
    Ok(with_etag(json(StatusCode::OK, &models::key(record)), version))
}
