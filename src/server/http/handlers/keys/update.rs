//! `project.updateKey`: replaces name, scopes and expiry; without `expire` the key never expires.

use axum::{http::StatusCode, response::Response};

use super::KeyParams;
use crate::{
    api::ErrorType,
    server::{
        admin,
        http::{
            call::Call,
            error::{ApiError, json},
        },
    },
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let params = KeyParams::read(&call.params)?;
    let app = &call.app;
    let project = &call.project()?.id;
    let key = admin::update_key(app.store.as_ref(), app.clock.as_ref(), project, call.path("keyId"), params.input()).await?;
    key.map(|key| json(StatusCode::OK, &key)).ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))
}
