//! `project.createKey`.

use axum::{http::StatusCode, response::Response};

use super::KeyParams;
use crate::{
    api::Key,
    server::{
        admin::UNIQUE,
        http::{
            call::{Call, with_etag},
            error::{ApiError, json},
        },
        keys::ANY,
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
    let made = super::keys(&call, ANY)?.create(id, params.input()).await;
    let (record, secret) = made.map_err(|error| call.refused(Action::KeyCreate, "", error.into()))?;
    let version = record.version();
    let key = Key { secret: secret.expose().to_owned(), ..models::key(record) };
    Ok(with_etag(json(StatusCode::CREATED, &key), version))
}
