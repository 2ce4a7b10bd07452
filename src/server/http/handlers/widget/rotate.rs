//! `widget.rotateKey`: a new secret for the same key, while the old one stays valid for a chosen time.

use axum::response::Response;

use crate::{
    api::ErrorType,
    server::{
        http::{
            error::ApiError,
            extract::{
                arguments::{IfMatch, KeyPath, Request},
                services::Widget,
            },
            handlers::keys::{answer, rotate::RotateKey},
        },
        models,
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(
    widget: Widget,
    KeyPath(id): KeyPath,
    if_match: IfMatch,
    Request(rotation): Request<RotateKey>,
) -> Result<Response, ApiError> {
    let rotated = widget.service(&|version| if_match.check(version)).rotate(&id, rotation.input()).await;
    let rotated = rotated.map_err(|error| widget.keys.refused(Action::KeyRotate, &id, error.into()))?;
    let (record, secret) = rotated.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    answer(Some(record), |record| {
        let mut details = models::key_details(record, widget.keys.now());
        secret.expose().clone_into(&mut details.key.secret);
        details
    })
}
