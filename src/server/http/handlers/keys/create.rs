//! `project.createKey`.

use axum::{http::StatusCode, response::Response};

use super::KeyParams;
use crate::{
    api::Key,
    server::{
        admin::{UNIQUE, described},
        http::{
            call::Call,
            error::{ApiError, json},
        },
        models,
        store::Action,
    },
};

/// A key that holds `keys.write` may create keys, too, as the announcement of the Keys API has it, unless the policy says otherwise.
pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let id = match call.params.maybe_text("keyId")? {
        Some(id) => id,
        None if call.format.is_before(1, 9, 0) => UNIQUE,
        None => return Err(ApiError::missing("keyId")),
    };
    let params = KeyParams::read(&call)?;
    let made = super::keys(&call)?.create(id, params.input()).await;
    let (record, secret) = made.map_err(|error| call.refused(Action::KeyCreate, "", error.into()))?;
    call.done(Action::KeyCreate, &record.id, described(&record.scopes, record.expire)).await;
    Ok(json(StatusCode::CREATED, &Key { secret: secret.expose().to_owned(), ..models::key(record) }))
}
