//! `project.createKey`.

use axum::{http::StatusCode, response::Response};

use super::KeyParams;
use crate::{
    api::Key,
    server::{
        http::{
            error::{ApiError, json},
            extract::context::{RequestContext, with_etag},
        },
        models,
        service::{UNIQUE, keys::ANY},
        store::Action,
    },
};

/// A key that holds `keys.write` may create keys, too, as the announcement of the Keys API has it, unless the policy says otherwise.
pub(in crate::server::http) async fn handle(context: RequestContext) -> Result<Response, ApiError> {
    let id = match context.params.maybe_text("keyId")? {
        Some(id) => id,
        None if context.format.is_before(1, 9, 0) => UNIQUE,
        None => return Err(ApiError::missing("keyId")),
    };
    let params = KeyParams::read(&context)?;
    let made = super::keys(&context, ANY)?.create(id, params.input()).await;
    let (record, secret) = made.map_err(|error| context.refused(Action::KeyCreate, "", error.into()))?;
    let version = record.version();
    let key = Key { secret: secret.expose().to_owned(), ..models::key(record) };
    Ok(with_etag(json(StatusCode::CREATED, &key), version))
}
