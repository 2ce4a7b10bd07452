//! `project.createKey`.

use std::borrow::Cow;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::{MAX_SCOPES, expiry, with_scopes};
use crate::{
    api::Key,
    key::{MAX_DESCRIPTION_CHARACTERS, MAX_NAME_CHARACTERS},
    server::{
        http::{
            error::{ApiError, json},
            etag::with_etag,
            extract::{
                arguments::{Parameters, Request},
                field_types::DateText,
                params::Params,
                response_format::Format,
                services::ProjectKeys,
            },
        },
        models,
        service::{KeyInput, UNIQUE, keys::ANY},
        store::Action,
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::http) struct CreateKey {
    /// The id, or `unique()` for a new one
    #[schemars(length(min = 1, max = 36))]
    key_id: String,
    #[schemars(length(min = 1, max = MAX_NAME_CHARACTERS))]
    name: String,
    /// Names of scopes, such as `rows.read`
    #[schemars(length(max = MAX_SCOPES))]
    scopes: Vec<String>,
    /// What the key is for
    #[schemars(length(max = MAX_DESCRIPTION_CHARACTERS))]
    description: Option<String>,
    /// A date and time of ISO 8601, or as mail and HTTP write it; null and the empty text are never
    expire: Option<DateText>,
}

impl Parameters for CreateKey {
    /// Before 1.9.0 a key had no id of the client's choice (contract §1.1).
    fn upgraded(params: &Params, format: Format) -> Cow<'_, Params> {
        let params = with_scopes(params, format);
        if format.is_before(1, 9, 0) && params.is_absent("keyId") { Cow::Owned(params.with("keyId", Value::from(UNIQUE))) } else { params }
    }
}

/// A key that holds `keys.write` may create keys, too, as the announcement of the Keys API has it, unless the policy says otherwise.
pub(in crate::server::http) async fn handle(keys: ProjectKeys, Request(key): Request<CreateKey>) -> Result<Response, ApiError> {
    let input =
        KeyInput { name: &key.name, description: key.description.as_deref(), scopes: &key.scopes, expire: expiry(key.expire.as_ref()) };
    let created = keys.service(ANY).create(&key.key_id, input).await;
    let (record, secret) = created.map_err(|error| keys.refused(Action::KeyCreate, "", error.into()))?;
    let version = record.version();
    let key = Key { secret: secret.expose().to_owned(), ..models::key(record) };
    Ok(with_etag(json(StatusCode::CREATED, &key), version))
}
