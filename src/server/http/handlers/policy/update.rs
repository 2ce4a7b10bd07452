//! `project.updatePolicy`: changes the rules that the request names. Only a person can do it, whatever a key holds.

use std::borrow::Cow;

use axum::response::Response;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny},
};

use crate::{
    key::{BrowserUse, KeyCreation, MAX_LIFETIME_SECONDS, MIN_LIFETIME_SECONDS, Policy},
    scope::Catalog,
    server::{
        http::{
            error::ApiError,
            extract::{
                arguments::{Parameters, Request, SeenProject, Session, State},
                field_types::{Change, choices, one_of},
            },
        },
        service::{caller::Caller, projects::set_policy},
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::http) struct UpdatePolicy {
    #[serde(deserialize_with = "key_creation")]
    #[schemars(with = "Option<KeyCreationWord>")]
    key_creation: Option<KeyCreation>,
    #[serde(deserialize_with = "lifetime")]
    #[schemars(with = "Option<i64>", range(min = MIN_LIFETIME_SECONDS, max = MAX_LIFETIME_SECONDS))]
    max_lifetime_seconds: Change<i64>,
    require_expiry: Option<bool>,
    #[serde(deserialize_with = "browser_use")]
    #[schemars(with = "Option<BrowserUseWord>")]
    browser_use: Option<BrowserUse>,
    /// The id of an edition of the catalog; null is any
    #[schemars(with = "Option<String>")]
    edition: Change<String>,
    // A part of the answer, which clients send back; it changes nothing.
    #[serde(rename = "$updatedAt")]
    #[schemars(skip)]
    _updated_at: IgnoredAny,
}

impl Parameters for UpdatePolicy {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    _: Session,
    SeenProject(project): SeenProject,
    caller: Caller,
    Request(change): Request<UpdatePolicy>,
) -> Result<Response, ApiError> {
    let policy = changed(change, project.policy, app.catalog)?;
    let (store, clock) = (app.store.as_ref(), app.clock.as_ref());
    Ok(super::answer(&set_policy(store, clock, &project, policy, &caller).await?))
}

fn changed(change: UpdatePolicy, before: Policy, catalog: &Catalog) -> Result<Policy, ApiError> {
    Ok(Policy {
        key_creation: change.key_creation.unwrap_or(before.key_creation),
        max_lifetime_seconds: match change.max_lifetime_seconds {
            Change::Keep => before.max_lifetime_seconds,
            Change::Clear => None,
            Change::Set(seconds) => Some(seconds),
        },
        require_expiry: change.require_expiry.unwrap_or(before.require_expiry),
        browser_use: change.browser_use.unwrap_or(before.browser_use),
        edition: match change.edition {
            Change::Keep => before.edition,
            Change::Clear => None,
            Change::Set(id) if catalog.edition(&id).is_none() => {
                return Err(ApiError::invalid("edition", choices(catalog.editions.iter().map(|edition| edition.id.as_str()))));
            }
            Change::Set(id) => Some(id.parse().map_err(|error| ApiError::invalid("edition", error))?),
        },
    })
}

fn key_creation<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<KeyCreation>, D::Error> {
    one_of(deserializer, KeyCreation::ALL.iter().map(|choice| choice.as_str()))
}

fn browser_use<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<BrowserUse>, D::Error> {
    one_of(deserializer, BrowserUse::ALL.iter().map(|choice| choice.as_str()))
}

fn lifetime<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Change<i64>, D::Error> {
    match Change::deserialize(deserializer)? {
        Change::Set(seconds) if !(MIN_LIFETIME_SECONDS..=MAX_LIFETIME_SECONDS).contains(&seconds) => {
            Err(D::Error::custom(format_args!("must be null, or a whole number from {MIN_LIFETIME_SECONDS} to {MAX_LIFETIME_SECONDS}")))
        }
        change => Ok(change),
    }
}

/// The schema of a word.
struct KeyCreationWord;

impl JsonSchema for KeyCreationWord {
    fn schema_name() -> Cow<'static, str> {
        "KeyCreation".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": KeyCreation::ALL.iter().map(|choice| choice.as_str()).collect::<Vec<_>>() })
    }
}

/// The schema of a word.
struct BrowserUseWord;

impl JsonSchema for BrowserUseWord {
    fn schema_name() -> Cow<'static, str> {
        "BrowserUse".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": BrowserUse::ALL.iter().map(|choice| choice.as_str()).collect::<Vec<_>>() })
    }
}
