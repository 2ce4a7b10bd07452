//! `widget.createKey`.

use axum::{http::StatusCode, response::Response};

use crate::server::{
    http::{
        error::{ApiError, json},
        etag::with_etag,
        extract::{
            arguments::{Parameters, Request},
            services::Widget,
        },
        handlers::keys::key_parameters,
    },
    models,
    service::{UNIQUE, keys::ANY},
    store::Action,
};

key_parameters!(CreateWidgetKey {} scopes: "Names of scopes, such as `rows.read`, that the token covers");

impl Parameters for CreateWidgetKey {}

pub(in crate::server::http) async fn handle(widget: Widget, Request(key): Request<CreateWidgetKey>) -> Result<Response, ApiError> {
    let created = widget.service(ANY).create(UNIQUE, key.input()).await;
    let (record, secret) = created.map_err(|error| widget.keys.refused(Action::KeyCreate, "", error.into()))?;
    let version = record.version();
    let mut details = models::key_details(record, widget.keys.now());
    secret.expose().clone_into(&mut details.key.secret);
    Ok(with_etag(json(StatusCode::CREATED, &details), version))
}
