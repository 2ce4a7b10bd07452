//! Ephemeral keys (contract §1.1 `createEphemeralKey`): signed, never stored, and ended all at once.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    api::{EphemeralKeyBefore193, Key, WireDate},
    server::{
        http::{
            error::{ApiError, json},
            extract::context::RequestContext,
        },
        models::scope_texts,
        service::keys::ANY,
        store::Action,
    },
};

/// `project.createEphemeralKey`.
pub(in crate::server::http) async fn create(context: RequestContext) -> Result<Response, ApiError> {
    let scopes = context.params.texts("scopes")?;
    let duration = context.params.integer("duration")?;
    let actor = context.identity.actor();
    let made_by = format!("{} {}", actor.kind.as_str(), actor.id);
    let made = super::keys(&context, ANY)?.issue_ephemeral(scopes, duration, made_by, &context.app.root_key).await;
    let (key, secret) = made.map_err(|error| context.refused(Action::EphemeralCreate, "", error.into()))?;
    if context.format.is_before(1, 9, 3) {
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

/// `project.endEphemeralKey`: ends one of them before its time. There is no telling whether there ever was one of that id, since none is
/// stored.
pub(in crate::server::http) async fn end_one(context: RequestContext) -> Result<Response, ApiError> {
    super::keys(&context, ANY)?.end_ephemeral(context.path("keyId")).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `project.endEphemeralKeys`: gives the project a new signing key, so that no ephemeral key of it is accepted any more.
pub(in crate::server::http) async fn end(context: RequestContext) -> Result<Response, ApiError> {
    super::keys(&context, ANY)?.end_all_ephemeral().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
