//! `project.updateKey`: replaces name, scopes and expiry; without `expire` the key never expires.

use std::borrow::Cow;

use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{MAX_SCOPES, expiry, with_scopes};
use crate::{
    key::{MAX_DESCRIPTION_CHARACTERS, MAX_NAME_CHARACTERS},
    server::{
        http::{
            error::ApiError,
            extract::{
                arguments::{IfMatch, KeyPath, Parameters, Request},
                field_types::DateText,
                params::Params,
                response_format::Format,
                services::ProjectKeys,
            },
        },
        service::KeyInput,
        store::Action,
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct UpdateKey {
    #[schemars(length(min = 1, max = MAX_NAME_CHARACTERS))]
    name: String,
    /// Names of scopes, such as `rows.read`
    #[schemars(length(max = MAX_SCOPES))]
    scopes: Vec<String>,
    /// What the key is for
    #[schemars(length(max = MAX_DESCRIPTION_CHARACTERS))]
    description: Option<String>,
    /// A date and time of ISO 8601, or as mail and HTTP write it; null and the empty text are never
    expire: Option<DateText>,
}

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
    let input =
        KeyInput { name: &key.name, description: key.description.as_deref(), scopes: &key.scopes, expire: expiry(key.expire.as_ref()) };
    let changed = keys.service(&|version| if_match.check(version)).update(&id, input).await;
    super::key(changed.map_err(|error| keys.refused(Action::KeyUpdate, &id, error.into()))?)
}
