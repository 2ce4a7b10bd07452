//! Dev keys (contract §1.2), managed by a console session alone. Unlike the contract's newest server, this one creates them.

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod list;
pub(in crate::server::http) mod update;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    api::ErrorType,
    key::{KeyName, MAX_NAME_CHARACTERS},
    scope::DateTime,
    server::{
        http::{
            error::{ApiError, json},
            etag::with_etag,
            extract::{
                arguments::Parameters,
                field_types::{DateText, date},
            },
        },
        models,
        store::DevKeyRecord,
    },
};

// What create and update have in common.
#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct WriteDevKey {
    #[schemars(with = "String", length(min = 1, max = MAX_NAME_CHARACTERS))]
    name: KeyName,
    /// In the future, at most 30 days from now
    #[serde(deserialize_with = "date")]
    #[schemars(with = "DateText")]
    expire: DateTime,
}

impl Parameters for WriteDevKey {}

/// The answer with a dev key, and with the tag of its version.
fn key(key: Option<DevKeyRecord>) -> Result<Response, ApiError> {
    let key = key.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let version = key.version();
    Ok(with_etag(json(StatusCode::OK, &models::dev_key(key)), version))
}
