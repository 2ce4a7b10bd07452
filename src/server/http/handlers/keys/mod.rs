//! Project keys (contract §1.1).

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod ephemeral;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod list;
pub(in crate::server::http) mod overlap;
pub(in crate::server::http) mod rotate;
pub(in crate::server::http) mod status;
pub(in crate::server::http) mod update;

use std::borrow::Cow;

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use crate::{
    api::ErrorType,
    server::{
        http::{
            error::{ApiError, json},
            extract::context::{RequestContext, with_etag},
        },
        models,
        service::{
            KeyInput,
            keys::{Keys, Seen},
        },
        store::KeyRecord,
    },
};

/// The keys of the request's project, and who acts on them. `seen` decides by the version that the key has.
fn keys<'a>(context: &'a RequestContext, seen: Seen<'a>) -> Result<Keys<'a>, ApiError> {
    Ok(Keys {
        store: context.app.store.as_ref(),
        clock: context.app.clock.as_ref(),
        random: context.app.random.as_ref(),
        catalog: context.app.catalog,
        project: context.project()?,
        grantor: context.identity.grantor(),
        caller: context.caller(),
        seen,
    })
}

/// The answer that is this key, with its version; without a key, that there is none.
fn key(key: Option<KeyRecord>) -> Result<Response, ApiError> {
    answer(key, models::key)
}

/// As [`key`], with what the contract's model has no place for.
fn details(context: &RequestContext, key: Option<KeyRecord>) -> Result<Response, ApiError> {
    answer(key, |key| models::key_details(key, context.now()))
}

fn answer<T: Serialize>(key: Option<KeyRecord>, model: impl FnOnce(KeyRecord) -> T) -> Result<Response, ApiError> {
    let key = key.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let version = key.version();
    Ok(with_etag(json(StatusCode::OK, &model(key)), version))
}

/// What create and update have in common, read in the contract's order.
struct KeyParams<'a> {
    name: &'a str,
    description: Option<&'a str>,
    scopes: Vec<String>,
    expire: Option<Cow<'a, str>>,
}

impl<'a> KeyParams<'a> {
    fn read(context: &'a RequestContext) -> Result<Self, ApiError> {
        let params = &context.params;
        let name = params.text("name")?;
        // Before 1.9.1, `null` was a way to write an empty list (contract §1.1).
        let scopes = if context.format.is_before(1, 9, 1) && params.is_null("scopes") { Vec::new() } else { params.texts("scopes")? };
        let description = params.maybe_text("description")?;
        // As answers write "never".
        let expire = params.maybe_date("expire")?.filter(|text| !text.is_empty());
        Ok(Self { name, description, scopes, expire })
    }

    fn input(&self) -> KeyInput<'_> {
        KeyInput { name: self.name, description: self.description, scopes: &self.scopes, expire: self.expire.as_deref() }
    }
}
