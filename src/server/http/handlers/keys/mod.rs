//! Project keys (contract §1.1).

pub(in crate::server::http) mod count;
pub(in crate::server::http) mod create;
pub(in crate::server::http) mod create_ephemeral;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod end_all_ephemeral;
pub(in crate::server::http) mod end_ephemeral;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod list;
pub(in crate::server::http) mod overlap;
pub(in crate::server::http) mod rotate;
pub(in crate::server::http) mod search;
pub(in crate::server::http) mod status;
pub(in crate::server::http) mod update;

use std::{borrow::Cow, collections::HashMap};

use axum::{http::StatusCode, response::Response};
use serde::Serialize;
use serde_json::Value;

use crate::{
    api::{ErrorType, KeyDetails},
    server::{
        app::App,
        http::{
            error::{ApiError, json},
            etag::with_etag,
            extract::{field_types::DateText, params::Params, response_format::Format},
        },
        models,
        store::{Actor, KeyRecord},
    },
};

/// A struct of parameters with the fields that a client sets of a key, after its own fields. `scopes` describes the list of scopes.
macro_rules! key_parameters {
    ($name:ident { $($own:tt)* } scopes: $scopes:literal) => {
        #[derive(serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "camelCase")]
        pub(in crate::server::http) struct $name {
            $($own)*
            #[schemars(length(min = 1, max = $crate::key::MAX_NAME_CHARACTERS))]
            name: String,
            #[doc = $scopes]
            #[schemars(length(max = $crate::server::http::handlers::keys::MAX_SCOPES))]
            scopes: Vec<String>,
            /// What the key is for
            #[schemars(length(max = $crate::key::MAX_DESCRIPTION_CHARACTERS))]
            description: Option<String>,
            /// A date and time of ISO 8601, or as mail and HTTP write it; null and the empty text are never
            expire: Option<$crate::server::http::extract::field_types::DateText>,
        }

        impl $name {
            fn input(&self) -> $crate::server::service::KeyInput<'_> {
                $crate::server::service::KeyInput {
                    name: &self.name,
                    description: self.description.as_deref(),
                    scopes: &self.scopes,
                    expire: $crate::server::http::handlers::keys::expiry(self.expire.as_ref()),
                }
            }
        }
    };
}
pub(super) use key_parameters;

/// The answer that is this key, with its version; without a key, that there is none.
fn key(key: Option<KeyRecord>) -> Result<Response, ApiError> {
    answer(key, models::key)
}

/// As [`key`], with what the contract's model has no place for.
async fn details(app: &App, key: Option<KeyRecord>) -> Result<Response, ApiError> {
    let version = key.as_ref().map(KeyRecord::version);
    let detailed = detailed(app, key.into_iter().collect()).await?;
    let (Some(key), Some(version)) = (detailed.first(), version) else { return Err(ApiError::new(ErrorType::KeyNotFound)) };
    Ok(with_etag(json(StatusCode::OK, key), version))
}

/// Keys with what the contract's model has no place for.
async fn detailed(app: &App, keys: Vec<KeyRecord>) -> Result<Vec<KeyDetails>, ApiError> {
    let sequences: Vec<i64> = keys.iter().map(|key| key.sequence).collect();
    let mut creators: HashMap<i64, Actor> = app.store.key_creators(&sequences).await?.into_iter().collect();
    let now = app.clock.now();
    let with_creator = |key: KeyRecord| {
        let created_by = creators.remove(&key.sequence).map(models::creator);
        KeyDetails { created_by, ..models::key_details(key, now) }
    };
    Ok(keys.into_iter().map(with_creator).collect())
}

pub(super) fn answer<T: Serialize>(key: Option<KeyRecord>, model: impl FnOnce(KeyRecord) -> T) -> Result<Response, ApiError> {
    let key = key.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let version = key.version();
    Ok(with_etag(json(StatusCode::OK, &model(key)), version))
}

/// The most scopes of a key (contract §1.1).
pub(super) const MAX_SCOPES: usize = 200;

/// When a key expires; answers write "never" as an empty text.
pub(super) fn expiry(expire: Option<&DateText>) -> Option<&str> {
    expire.map(DateText::as_str).filter(|text| !text.is_empty())
}

/// Before 1.9.1, `null` was a way to write an empty list (contract §1.1).
fn with_scopes(params: &Params, format: Format) -> Cow<'_, Params> {
    if format.is_before(1, 9, 1) && params.is_null("scopes") {
        return Cow::Owned(params.with("scopes", Value::Array(Vec::new())));
    }
    Cow::Borrowed(params)
}
