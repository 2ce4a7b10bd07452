//! `project.createWidgetToken`: what a page gets to show a key manager with. Signed, never stored.

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    api::WidgetToken,
    key::MAX_EPHEMERAL_SECONDS,
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{Parameters, Request, State},
                field_types::DateText,
                services::ProjectKeys,
            },
            handlers::keys::{MAX_SCOPES, expiry},
        },
        service::{
            keys::ANY,
            widget::{MAX_ORIGINS, WidgetInput},
        },
        store::Action,
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::http) struct CreateWidgetToken {
    /// The most that a key may hold that the page creates, sees, rotates or deletes
    #[schemars(length(max = MAX_SCOPES))]
    scopes: Vec<String>,
    /// How long the token is valid, in seconds
    #[schemars(range(min = 1, max = MAX_EPHEMERAL_SECONDS))]
    duration: i64,
    /// Whether the page may create keys; false without it
    may_create: Option<bool>,
    /// Whether the page may rotate keys; false without it
    may_rotate: Option<bool>,
    /// Whether the page may delete keys; false without it
    may_revoke: Option<bool>,
    /// The latest expiry of a key that the page creates or rotates: a date and time of ISO 8601, or as mail and HTTP write it; null and the empty text are any
    key_expire: Option<DateText>,
    /// The origins whose pages may send the token, such as `https://app.example.com`; without it, any
    #[schemars(length(max = MAX_ORIGINS))]
    origins: Option<Vec<String>>,
}

impl Parameters for CreateWidgetToken {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    keys: ProjectKeys,
    Request(asked): Request<CreateWidgetToken>,
) -> Result<Response, ApiError> {
    let input = WidgetInput {
        scopes: &asked.scopes,
        may_create: asked.may_create.unwrap_or(false),
        may_rotate: asked.may_rotate.unwrap_or(false),
        may_revoke: asked.may_revoke.unwrap_or(false),
        key_expire: expiry(asked.key_expire.as_ref()),
        origins: asked.origins.as_deref().unwrap_or_default(),
        duration_seconds: asked.duration,
    };
    let made = keys.service(ANY).issue_widget_token(input, &app.root_key).await;
    let (token, secret) = made.map_err(|error| keys.refused(Action::WidgetTokenCreate, "", error.into()))?;
    Ok(json(StatusCode::CREATED, &WidgetToken { secret, ..super::model(token) }))
}
