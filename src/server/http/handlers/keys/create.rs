//! `project.createKey`.

use std::borrow::Cow;

use axum::{http::StatusCode, response::Response};
use serde_json::Value;

use super::{key_parameters, with_scopes};
use crate::{
    api::Key,
    server::{
        http::{
            error::{ApiError, json},
            etag::with_etag,
            extract::{
                arguments::{Parameters, Request},
                params::Params,
                response_format::Format,
                services::ProjectKeys,
            },
        },
        models,
        service::{UNIQUE, keys::ANY},
        store::Action,
    },
};

key_parameters!(CreateKey {
    /// The id, or `unique()` for a new one
    #[schemars(length(min = 1, max = 36))]
    key_id: String,
} scopes: "Names of scopes, such as `rows.read`");

impl Parameters for CreateKey {
    /// Before 1.9.0 a key had no id of the client's choice (contract §1.1).
    fn upgraded(params: &Params, format: Format) -> Cow<'_, Params> {
        let params = with_scopes(params, format);
        if format.is_before(1, 9, 0) && params.is_absent("keyId") { Cow::Owned(params.with("keyId", Value::from(UNIQUE))) } else { params }
    }
}

/// A key that holds `keys.write` may create keys, too, as the announcement of the Keys API has it, unless the policy says otherwise.
pub(in crate::server::http) async fn handle(keys: ProjectKeys, Request(key): Request<CreateKey>) -> Result<Response, ApiError> {
    let created = keys.service(ANY).create(&key.key_id, key.input()).await;
    let (record, secret) = created.map_err(|error| keys.refused(Action::KeyCreate, "", error.into()))?;
    let version = record.version();
    let key = Key { secret: secret.expose().to_owned(), ..models::key(record) };
    Ok(with_etag(json(StatusCode::CREATED, &key), version))
}
