//! The audit log, as JSON and as CSV. Not in the contract.

mod csv;
pub(in crate::server::http) mod project;
pub(in crate::server::http) mod server;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error};

use crate::{
    api::{AuditEntry, AuditList, WireDate},
    scope::DateTime,
    server::{
        app::App,
        http::{
            error::{ApiError, json},
            extract::{
                arguments::Parameters,
                client::Client,
                field_types::{self, DateText},
            },
            middleware::response_memory,
        },
        store::{Action, AuditQuery, AuditRecord, Outcome},
    },
};

/// How many entries a page without a limit holds.
const DEFAULT_LIMIT: u32 = 100;
/// The largest page.
const MAX_LIMIT: u32 = 5000;
/// The longest text of a filter, in characters: more than a name or an email has.
const MAX_TEXT: usize = 256;

// Which part of the log, and in which format.
#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct ListAudit {
    /// The number of entries
    #[serde(deserialize_with = "limit")]
    #[schemars(with = "Option<u32>", range(min = 1, max = MAX_LIMIT))]
    limit: u32,
    /// The `nextCursor` of the page before
    cursor: Option<i64>,
    /// Only entries about this key, or whatever else has this ID
    #[serde(rename = "targetId", deserialize_with = "text")]
    #[schemars(with = "Option<String>")]
    target_id: Option<String>,
    /// Only entries by the person or key with this ID or name
    #[serde(deserialize_with = "text")]
    #[schemars(with = "Option<String>")]
    actor: Option<String>,
    /// Only this action, such as `key.create`, or this group, such as `key.`
    #[serde(deserialize_with = "actions")]
    #[schemars(with = "Option<String>")]
    action: Vec<Action>,
    /// Only entries with this outcome
    #[serde(deserialize_with = "outcome")]
    #[schemars(with = "Option<String>")]
    outcome: Option<Outcome>,
    /// Only entries from this time on
    from: Option<DateText>,
    /// Only entries before this time
    until: Option<DateText>,
    /// `csv` for a table
    #[serde(deserialize_with = "is_csv")]
    #[schemars(with = "Option<String>")]
    format: Option<bool>,
}

impl Parameters for ListAudit {}

fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let Some(limit) = Option::<i64>::deserialize(deserializer)? else { return Ok(DEFAULT_LIMIT) };
    let limit = u32::try_from(limit).ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| D::Error::custom(format_args!("must be a whole number from 1 to {MAX_LIMIT}")))
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(text) if text.chars().count() > MAX_TEXT => Err(D::Error::custom(format_args!("must have at most {MAX_TEXT} characters"))),
        text => Ok(text),
    }
}

/// An action that this version does not know may have been written by a newer one. A group is one that it knows.
fn actions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Action>, D::Error> {
    let Some(text) = text(deserializer)? else { return Ok(Vec::new()) };
    let actions: Vec<Action> = match text.ends_with('.') {
        true => Action::ALL.iter().filter(|action| action.as_str().starts_with(&text)).cloned().collect(),
        false => text.parse().into_iter().collect(),
    };
    if text.is_empty() || actions.is_empty() {
        return Err(D::Error::custom("must be an action such as `key.create`, or a group such as `key.`"));
    }
    Ok(actions)
}

fn outcome<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Outcome>, D::Error> {
    field_types::one_of(deserializer, [Outcome::Success, Outcome::Denied].iter().map(|outcome| outcome.as_str()))
}

/// A point in time of the query.
fn time(name: &'static str, text: Option<&DateText>) -> Result<Option<DateTime>, ApiError> {
    let parse = |text: &DateText| text.as_str().parse().map_err(|error| ApiError::invalid(name, format_args!("is {error}")));
    text.filter(|text| !text.as_str().is_empty()).map(parse).transpose()
}

fn is_csv<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Option::<String>::deserialize(deserializer)?.as_deref() {
        None => Ok(None),
        Some("csv") => Ok(Some(true)),
        Some("json") => Ok(Some(false)),
        Some(_) => Err(D::Error::custom("must be `json` or `csv`")),
    }
}

/// A page of the log of a project, or of the server.
async fn page(app: &App, client: &Client, project: Option<i64>, wanted: ListAudit) -> Result<Response, ApiError> {
    let limit = wanted.limit;
    let (from, until) = (time("from", wanted.from.as_ref())?, time("until", wanted.until.as_ref())?);
    let room = response_memory::reserve(app, project, limit as usize).await?;
    // One more than the page holds shows whether there is another.
    let query = AuditQuery {
        project,
        target: wanted.target_id,
        actor: wanted.actor,
        actions: wanted.action,
        outcome: wanted.outcome,
        from,
        until,
        before: wanted.cursor,
        limit: limit + 1,
    };
    let mut records = app.store.audit(query).await?;
    let more = records.len() > limit as usize;
    records.truncate(limit as usize);
    let next_cursor = records.last().filter(|_| more).map(|record| record.sequence.to_string()).unwrap_or_default();
    let entries: Vec<AuditEntry> = records.into_iter().map(model).collect();
    let response = match wanted.format.unwrap_or(client.accepts_csv) {
        true => csv::csv(&entries, &next_cursor),
        false => json(StatusCode::OK, &AuditList { entries, next_cursor }),
    };
    Ok(room.hold(response, client).await)
}

fn model(record: AuditRecord) -> AuditEntry {
    let entry = record.entry;
    AuditEntry {
        id: record.sequence.to_string(),
        created_at: WireDate(Some(entry.at)),
        actor_type: entry.actor.kind.as_str().to_owned(),
        actor_id: entry.actor.id,
        actor_name: entry.actor.name,
        action: entry.action.as_str().to_owned(),
        target_id: entry.target_id,
        outcome: entry.outcome.as_str().to_owned(),
        detail: entry.detail,
        ip: entry.ip,
    }
}
