//! `project.rotateKey`: a new secret for the same key, while the old one stays valid for a chosen time. A door of our own.

use axum::response::Response;

use crate::{
    api::ErrorType,
    server::{
        http::{call::Call, error::ApiError},
        keys::RotationInput,
        models,
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let id = call.path("keyId");
    let overlap_seconds = call.params.maybe_integer("overlapSeconds")?.unwrap_or(0);
    let expire = call.params.maybe_date("expire")?;
    let input = RotationInput { overlap_seconds, expire: expire.as_deref() };
    let rotated = super::keys(&call, &|version| call.check_seen(version))?.rotate(id, input).await;
    let rotated = rotated.map_err(|error| call.refused(Action::KeyRotate, id, error.into()))?;
    let (record, secret) = rotated.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    super::answer(Some(record), |record| {
        let mut details = models::key_details(record, call.now());
        secret.expose().clone_into(&mut details.key.secret);
        details
    })
}
