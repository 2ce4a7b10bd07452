//! `project.rotateKey`: a new secret for the same key, while the old one stays valid for a chosen time. Not in the contract.

use axum::response::Response;

use crate::{
    api::ErrorType,
    server::{
        http::{error::ApiError, extract::context::RequestContext},
        models,
        service::keys::RotationInput,
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(context: RequestContext) -> Result<Response, ApiError> {
    let id = context.path("keyId");
    let overlap_seconds = context.params.maybe_integer("overlapSeconds")?.unwrap_or(0);
    let expire = context.params.maybe_date("expire")?;
    let input = RotationInput { overlap_seconds, expire: expire.as_deref() };
    let rotated = super::keys(&context, &|version| context.check_seen(version))?.rotate(id, input).await;
    let rotated = rotated.map_err(|error| context.refused(Action::KeyRotate, id, error.into()))?;
    let (record, secret) = rotated.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    super::answer(Some(record), |record| {
        let mut details = models::key_details(record, context.now());
        secret.expose().clone_into(&mut details.key.secret);
        details
    })
}
