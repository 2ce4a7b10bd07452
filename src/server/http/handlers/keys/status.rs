//! `project.updateKeyStatus`: switches a key off and on. A door of our own.

use axum::response::Response;

use crate::server::{
    http::{call::Call, error::ApiError},
    store::Action,
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let id = call.path("keyId");
    let enabled = call.params.required_flag("enabled")?;
    let action = if enabled { Action::KeyEnable } else { Action::KeyDisable };
    let changed = super::keys(&call, &|version| call.check_seen(version))?.set_enabled(id, enabled).await;
    super::details(&call, changed.map_err(|error| call.refused(action, id, error.into()))?)
}
