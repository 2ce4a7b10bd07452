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
    server::{
        http::extract::{
            context::RequestContext,
            field_types::{DateText, date},
            handler::Parameters,
        },
        service::{dev_keys::DevKeys, keys::VersionCheck},
        store::ProjectRecord,
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

/// The dev keys of the request's project, and who acts on them. `seen` decides by the version that the key has.
fn dev_keys<'a>(context: &'a RequestContext, project: &'a ProjectRecord, seen: VersionCheck<'a>) -> DevKeys<'a> {
    DevKeys {
        store: context.app.store.as_ref(),
        clock: context.app.clock.as_ref(),
        random: context.app.random.as_ref(),
        project,
        caller: context.caller(),
        seen,
    }
}
