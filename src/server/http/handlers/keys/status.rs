//! `project.updateKeyStatus`: switches a key off and on. Not in the contract.

use axum::response::Response;

use crate::server::{
    http::{error::ApiError, extract::context::RequestContext},
    store::Action,
};

pub(in crate::server::http) async fn handle(context: RequestContext) -> Result<Response, ApiError> {
    let id = context.path("keyId");
    let enabled = context.params.required_flag("enabled")?;
    let action = if enabled { Action::KeyEnable } else { Action::KeyDisable };
    let changed = super::keys(&context, &|version| context.check_seen(version))?.set_enabled(id, enabled).await;
    super::details(&context, changed.map_err(|error| context.refused(action, id, error.into()))?)
}
