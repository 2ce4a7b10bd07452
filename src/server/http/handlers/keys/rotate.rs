//! `project.rotateKey`: a new secret for the same key, while the old one stays valid for a chosen time. A door of our own.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{ErrorType, KeyDetails},
    server::{
        http::{
            call::{Call, with_etag},
            error::{ApiError, json},
        },
        keys::RotationInput,
        models,
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let id = call.path("keyId");
    let overlap_seconds = call.params.maybe_integer("overlapSeconds")?.unwrap_or(0);
    let input = RotationInput { overlap_seconds, expire: call.params.maybe_text("expire")? };
    let rotated = super::keys(&call, &|version| call.check_seen(version))?.rotate(id, input).await;
    let rotated = rotated.map_err(|error| call.refused(Action::KeyRotate, id, error.into()))?;
    let (record, secret) = rotated.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let version = record.version();
    let mut details: KeyDetails = models::key_details(record, call.now());
    secret.expose().clone_into(&mut details.key.secret);
    Ok(with_etag(json(StatusCode::OK, &details), version))
}
