//! `project.updateKey`: replaces name, scopes and expiry; without `expire` the key never expires.

use axum::response::Response;

use super::KeyParams;
use crate::server::{
    http::{error::ApiError, extract::context::RequestContext},
    store::Action,
};

pub(in crate::server::http) async fn handle(context: RequestContext) -> Result<Response, ApiError> {
    let (id, params) = (context.path("keyId"), KeyParams::read(&context)?);
    let changed = super::keys(&context, &|version| context.check_seen(version))?.update(id, params.input()).await;
    super::key(changed.map_err(|error| context.refused(Action::KeyUpdate, id, error.into()))?)
}
