//! `project.searchKeys`: the console's table of keys. Not in the contract.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error};

use crate::{
    api::{KeyFilter, KeySearchResult, KeySort, MAX_SEARCHED_KEYS, SECRET_HASH_PREFIX},
    key::EditionId,
    server::{
        app::App,
        auth::SecretHash,
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{Parameters, Project, Request, State},
                client::Client,
                field_types,
            },
            middleware::response_memory,
        },
        store::{KeyRecord, KeySearch, ProjectRecord},
    },
};

/// The most characters of a search: more than a name has.
const MAX_TEXT: usize = 256;

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct SearchKeys {
    /// Words of the name, the ID, the hint or the scopes, or `sha256:` with the hash of a secret
    #[serde(deserialize_with = "text")]
    #[schemars(with = "Option<String>")]
    search: Option<String>,
    /// Which keys
    #[serde(deserialize_with = "filter")]
    #[schemars(with = "Option<String>")]
    filter: Option<KeyFilter>,
    /// What they are sorted by
    #[serde(deserialize_with = "sort")]
    #[schemars(with = "Option<String>")]
    sort: Option<KeySort>,
    /// Whether the last comes first
    descending: Option<bool>,
    /// How many keys to skip
    #[serde(deserialize_with = "offset")]
    #[schemars(with = "Option<u32>")]
    offset: u32,
    /// How many keys to return
    #[serde(deserialize_with = "limit")]
    #[schemars(with = "Option<u32>", range(min = 1, max = MAX_SEARCHED_KEYS))]
    limit: usize,
}

impl Parameters for SearchKeys {}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    match text {
        Some(text) if text.chars().count() > MAX_TEXT => Err(D::Error::custom(format_args!("must have at most {MAX_TEXT} characters"))),
        text => Ok(text),
    }
}

fn filter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<KeyFilter>, D::Error> {
    field_types::one_of(deserializer, KeyFilter::ALL.iter().map(|(_, name)| *name))
}

fn sort<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<KeySort>, D::Error> {
    field_types::one_of(deserializer, KeySort::ALL.iter().map(|(_, name)| *name))
}

fn offset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let offset = Option::<i64>::deserialize(deserializer)?.unwrap_or(0);
    u32::try_from(offset).map_err(|_| D::Error::custom("must be a whole number, not negative"))
}

fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let limit = Option::<i64>::deserialize(deserializer)?.unwrap_or(100);
    let limit = usize::try_from(limit).ok().filter(|limit| (1..=MAX_SEARCHED_KEYS).contains(limit));
    limit.ok_or_else(|| D::Error::custom(format_args!("must be a whole number from 1 to {MAX_SEARCHED_KEYS}")))
}

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    project: Project,
    Request(wanted): Request<SearchKeys>,
) -> Result<Response, ApiError> {
    let catalog = app.catalog;
    let edition = catalog.edition_of_keys(project.policy.edition.as_ref().map(EditionId::as_str));
    let text = wanted.search.as_deref().unwrap_or_default().trim();
    if let Some(hash) = text.strip_prefix(SECRET_HASH_PREFIX).and_then(SecretHash::from_hex) {
        let key = of_secret(&app, &project, &hash).await?;
        return answer(&app, edition, usize::from(key.is_some()), false, key.into_iter().collect()).await;
    }
    let sensitive: Vec<String> = catalog
        .scopes()
        .iter()
        .filter(|scope| catalog.sensitivity_of(scope.id.as_str(), edition).is_some())
        .map(|scope| scope.id.to_string())
        .collect();
    let query = KeySearch {
        text,
        filter: wanted.filter.unwrap_or_default(),
        sort: wanted.sort.unwrap_or_default(),
        descending: wanted.descending.unwrap_or(false),
        offset: usize::try_from(wanted.offset).unwrap_or(usize::MAX),
        limit: wanted.limit,
        sensitive: &sensitive,
        now: app.clock.now(),
    }
    .query();
    let max_total = query.max_total;
    let room = response_memory::reserve(&app, Some(project.sequence), query.limit).await?;
    let page = app.store.list_keys(&project.id, query).await?;
    let response = answer(&app, edition, page.total, page.total == max_total, page.rows).await?;
    Ok(room.hold(response, &client).await)
}

/// The key of the project with this secret.
async fn of_secret(app: &App, project: &ProjectRecord, hash: &SecretHash) -> Result<Option<KeyRecord>, ApiError> {
    let key = app.store.key_by_secret(hash, app.clock.now()).await?;
    Ok(key.filter(|key| key.project_id == project.id))
}

async fn answer(app: &App, edition: Option<&str>, total: usize, has_more: bool, rows: Vec<KeyRecord>) -> Result<Response, ApiError> {
    let keys = super::detailed(app, rows).await?;
    Ok(json(StatusCode::OK, &KeySearchResult { total, has_more, edition: edition.map(str::to_owned), keys }))
}
