//! `project.rotateKey`: a new secret for the same key, while the old one stays valid for a chosen time. Not in the contract.

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    api::ErrorType,
    key::MAX_OVERLAP_SECONDS,
    server::{
        http::{
            error::{ApiError, json},
            etag::with_etag,
            extract::{
                arguments::{IfMatch, KeyPath, Parameters, Request},
                field_types::DateText,
                services::ProjectKeys,
            },
        },
        models,
        service::keys::RotationInput,
        store::Action,
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::http) struct RotateKey {
    /// How long the old secret stays valid; 0 without it
    #[schemars(range(min = 0, max = MAX_OVERLAP_SECONDS))]
    overlap_seconds: Option<i64>,
    /// A new expiry of the key: a date and time of ISO 8601, or as mail and HTTP write it; the empty text is never, null leaves it
    expire: Option<DateText>,
}

impl Parameters for RotateKey {}

impl RotateKey {
    pub(in crate::server::http) fn input(&self) -> RotationInput<'_> {
        RotationInput { overlap_seconds: self.overlap_seconds.unwrap_or(0), expire: self.expire.as_ref().map(DateText::as_str) }
    }
}

pub(in crate::server::http) async fn handle(
    keys: ProjectKeys,
    KeyPath(id): KeyPath,
    if_match: IfMatch,
    Request(rotation): Request<RotateKey>,
) -> Result<Response, ApiError> {
    let rotated = keys.service(&|version| if_match.check(version)).rotate(&id, rotation.input()).await;
    let rotated = rotated.map_err(|error| keys.refused(Action::KeyRotate, &id, error.into()))?;
    let (record, secret) = rotated.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let version = record.version();
    // The new secret is in this answer or in none: where the creator cannot be read any more, the answer goes without.
    let detailed = super::detailed(keys.app(), vec![record.clone()]).await.ok().and_then(|mut keys| keys.pop());
    let mut details = detailed.unwrap_or_else(|| models::key_details(record, keys.app().clock.now()));
    secret.expose().clone_into(&mut details.key.secret);
    Ok(with_etag(json(StatusCode::OK, &details), version))
}
