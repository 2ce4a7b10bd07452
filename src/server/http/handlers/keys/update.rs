//! `project.updateKey`: replaces name, scopes and expiry; without `expire` the key never expires.

use axum::response::Response;

use super::KeyParams;
use crate::server::{
    http::{call::Call, error::ApiError},
    store::Action,
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let (id, params) = (call.path("keyId"), KeyParams::read(&call)?);
    let changed = super::keys(&call, &|version| call.check_seen(version))?.update(id, params.input()).await;
    super::key(changed.map_err(|error| call.refused(Action::KeyUpdate, id, error.into()))?)
}
