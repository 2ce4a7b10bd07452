//! `widget.rotateKey`: a new secret for the same key, while the old one stays valid for a chosen time.

use axum::response::Response;

use crate::{
    api::ErrorType,
    server::{
        http::{
            error::ApiError,
            extract::{
                context::Context,
                handler::{Request, Widget},
            },
            handlers::keys::{answer, rotate::RotateKey},
        },
        models,
        store::Action,
    },
};

pub(in crate::server::http) async fn handle(
    context: Context,
    widget: Widget,
    Request(rotation): Request<RotateKey>,
) -> Result<Response, ApiError> {
    let id = context.path("keyId");
    let rotated = super::widget_keys(&context, &widget, &|version| context.check_seen(version)).rotate(id, rotation.input()).await;
    let rotated = rotated.map_err(|error| context.refused(Action::KeyRotate, id, error.into()))?;
    let (record, secret) = rotated.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    answer(Some(record), |record| {
        let mut details = models::key_details(record, context.now());
        secret.expose().clone_into(&mut details.key.secret);
        details
    })
}
