//! Ephemeral keys (contract §1.1 `createEphemeralKey`): signed, never stored, and ended all at once.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::{EphemeralKeyBefore193, ErrorType, Key, WireDate},
    server::{
        admin::described,
        http::{
            call::Call,
            error::{ApiError, json},
        },
        random::unique_id,
        store::Action,
    },
};

/// `project.createEphemeralKey`.
pub(in crate::server::http) async fn create(call: Call) -> Result<Response, ApiError> {
    let scopes = call.params.texts("scopes")?;
    let duration = call.params.integer("duration")?;
    let actor = call.identity.actor();
    let made_by = format!("{} {}", actor.kind.as_str(), actor.id);
    let made = super::keys(&call)?.mint(scopes, duration, made_by, &call.app.root_key).await;
    let (key, secret) = made.map_err(|error| call.refused(Action::EphemeralCreate, "", error.into()))?;
    call.done(Action::EphemeralCreate, &key.id, described(&key.scopes, Some(key.expire))).await;
    if call.format.is_before(1, 9, 3) {
        let older = EphemeralKeyBefore193 { scopes: key.scopes, project_id: key.project_id, jwt: secret };
        return Ok(json(StatusCode::CREATED, &older));
    }
    let created_at = WireDate(Some(key.created_at));
    let key = Key {
        id: key.id,
        created_at,
        updated_at: created_at,
        name: String::new(),
        expire: WireDate(Some(key.expire)),
        scopes: key.scopes,
        secret,
        accessed_at: WireDate(None),
        sdks: Vec::new(),
    };
    Ok(json(StatusCode::CREATED, &key))
}

/// `project.endEphemeralKeys`: gives the project a new signing key, so that no ephemeral key of it is accepted any more.
pub(in crate::server::http) async fn end(call: Call) -> Result<Response, ApiError> {
    let new_id = unique_id(call.now(), call.app.random.as_ref())?;
    if !call.app.store.rotate_signing_key(&call.project()?.id, &new_id).await? {
        return Err(ApiError::new(ErrorType::ProjectNotFound));
    }
    call.done(Action::SigningKeyRotate, "", String::new()).await;
    Ok(StatusCode::NO_CONTENT.into_response())
}
