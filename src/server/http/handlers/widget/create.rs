//! `widget.createKey`.

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    key::{MAX_DESCRIPTION_CHARACTERS, MAX_NAME_CHARACTERS},
    server::{
        http::{
            error::{ApiError, json},
            etag::with_etag,
            extract::{
                arguments::{Parameters, Request},
                field_types::DateText,
                services::Widget,
            },
            handlers::keys::{MAX_SCOPES, expiry},
        },
        models,
        service::{KeyInput, UNIQUE, keys::ANY},
        store::Action,
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct CreateWidgetKey {
    #[schemars(length(min = 1, max = MAX_NAME_CHARACTERS))]
    name: String,
    /// Names of scopes, such as `rows.read`, that the token covers
    #[schemars(length(max = MAX_SCOPES))]
    scopes: Vec<String>,
    /// What the key is for
    #[schemars(length(max = MAX_DESCRIPTION_CHARACTERS))]
    description: Option<String>,
    /// A date and time of ISO 8601, or as mail and HTTP write it; null and the empty text are never
    expire: Option<DateText>,
}

impl Parameters for CreateWidgetKey {}

pub(in crate::server::http) async fn handle(widget: Widget, Request(key): Request<CreateWidgetKey>) -> Result<Response, ApiError> {
    let input =
        KeyInput { name: &key.name, description: key.description.as_deref(), scopes: &key.scopes, expire: expiry(key.expire.as_ref()) };
    let created = widget.service(ANY).create(UNIQUE, input).await;
    let (record, secret) = created.map_err(|error| widget.keys.refused(Action::KeyCreate, "", error.into()))?;
    let version = record.version();
    let mut details = models::key_details(record, widget.keys.now());
    secret.expose().clone_into(&mut details.key.secret);
    Ok(with_etag(json(StatusCode::CREATED, &details), version))
}
