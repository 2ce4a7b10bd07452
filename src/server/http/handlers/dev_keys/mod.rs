//! Dev keys (contract §1.2), managed by a console session alone. Unlike the contract's newest server, this one creates them.

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod list;
pub(in crate::server::http) mod update;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    key::{KeyName, MAX_NAME_CHARACTERS},
    scope::DateTime,
    server::http::extract::{
        arguments::Parameters,
        field_types::{DateText, date},
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
