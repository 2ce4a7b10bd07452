//! `project.updateKey`: replaces name, scopes and expiry; without `expire` the key never expires.

use std::borrow::Cow;

use axum::response::Response;

use super::{key_parameters, with_scopes};
use crate::server::{
    http::{
        error::ApiError,
        extract::{
            arguments::{IfMatch, KeyPath, Parameters, Request},
            params::Params,
            response_format::Format,
            services::ProjectKeys,
        },
    },
    store::Action,
};

key_parameters!(UpdateKey {} scopes: "Names of scopes, such as `rows.read`");

impl Parameters for UpdateKey {
    fn upgraded(params: &Params, format: Format) -> Cow<'_, Params> {
        with_scopes(params, format)
    }
}

pub(in crate::server::http) async fn handle(
    keys: ProjectKeys,
    KeyPath(id): KeyPath,
    if_match: IfMatch,
    Request(key): Request<UpdateKey>,
) -> Result<Response, ApiError> {
    let changed = keys.service(&|version| if_match.check(version)).update(&id, key.input()).await;
    super::key(changed.map_err(|error| keys.refused(Action::KeyUpdate, &id, error.into()))?)
}
