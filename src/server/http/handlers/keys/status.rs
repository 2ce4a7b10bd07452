//! `project.updateKeyStatus`: switches a key off and on. A door of our own.

use axum::{http::StatusCode, response::Response};

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
    let id = call.path("keyId");
    let enabled = call.params.required_flag("enabled")?;
    let action = if enabled { Action::KeyEnable } else { Action::KeyDisable };
    let changed = super::keys(&call, &|version| call.check_seen(version))?.set_enabled(id, enabled).await;
    let changed = changed.map_err(|error| call.refused(action, id, error.into()))?;
    let record = changed.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let version = record.version();
    Ok(with_etag(json(StatusCode::OK, &models::key_details(record, call.now())), version))
}
