//! `project.rotateKey`: a new secret for the same key, while the old one stays valid for a chosen time. A door of our own.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{ErrorType, KeyDetails},
    server::{
        http::{
            call::Call,
            error::{ApiError, json},
        },
        models,
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let id = call.path("keyId");
    let overlap_seconds = call.params.maybe_integer("overlapSeconds")?.unwrap_or(0);
    let rotated = super::keys(&call)?.rotate(id, overlap_seconds).await;
    let rotated = rotated.map_err(|error| call.refused(Action::KeyRotate, id, error.into()))?;
    let (record, secret) = rotated.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let ends = record.overlap_until.map_or_else(|| "at once".to_owned(), |until| until.to_string());
    call.done(Action::KeyRotate, id, format!("the old secret ends {ends}")).await;
    let mut details: KeyDetails = models::key_details(record, call.now());
    secret.expose().clone_into(&mut details.key.secret);
    Ok(json(StatusCode::OK, &details))
}
