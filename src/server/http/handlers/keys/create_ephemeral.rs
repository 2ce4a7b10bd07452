//! `project.createEphemeralKey` (contract §1.1): a key that is signed, and never stored.

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::MAX_SCOPES;

use crate::{
    api::{EphemeralKeyBefore193, Key, WireDate},
    key::MAX_EPHEMERAL_SECONDS,
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{Parameters, Request, State},
                response_format::Format,
                services::ProjectKeys,
            },
        },
        models::scope_texts,
        service::keys::ANY,
        store::Action,
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct CreateEphemeralKey {
    /// Names of scopes, such as `rows.read`
    #[schemars(length(max = MAX_SCOPES))]
    scopes: Vec<String>,
    /// How long the key lives, in seconds
    #[schemars(range(min = 1, max = MAX_EPHEMERAL_SECONDS))]
    duration: i64,
}

impl Parameters for CreateEphemeralKey {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    keys: ProjectKeys,
    format: Format,
    Request(key): Request<CreateEphemeralKey>,
) -> Result<Response, ApiError> {
    let made = keys.service(ANY).issue_ephemeral(key.scopes, key.duration, &app.root_key).await;
    let (key, secret) = made.map_err(|error| keys.refused(Action::EphemeralCreate, "", error.into()))?;
    if format.is_before(1, 9, 3) {
        let older = EphemeralKeyBefore193 { scopes: scope_texts(key.scopes), project_id: key.project_id, jwt: secret };
        return Ok(json(StatusCode::CREATED, &older));
    }
    let created_at = WireDate(Some(key.created_at));
    let key = Key {
        id: key.id,
        created_at,
        updated_at: created_at,
        name: String::new(),
        description: String::new(),
        expire: WireDate(Some(key.expire)),
        scopes: scope_texts(key.scopes),
        secret,
        accessed_at: WireDate(None),
        sdks: Vec::new(),
    };
    Ok(json(StatusCode::CREATED, &key))
}
