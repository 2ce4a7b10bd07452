//! `project.getKey`.

use std::collections::BTreeMap;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    api::{ErrorType, OperationUse, USE_DAYS, UseReport, UsedKey, WireDate},
    scope::DateTime,
    server::{
        http::{
            error::{ApiError, json},
            etag::with_etag,
            extract::arguments::{KeyPath, Parameters, Project, Request, State},
        },
        recorder::{DAY_MILLISECONDS, day},
        store::OperationCount,
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct GetKey {
    /// Whether to answer with status, rotation and exposure as well
    details: Option<bool>,
    /// Whether to answer with these details, and with the requests of the last 30 days by operation
    #[serde(rename = "use")]
    used: Option<bool>,
}

impl Parameters for GetKey {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    project: Project,
    KeyPath(id): KeyPath,
    Request(wanted): Request<GetKey>,
) -> Result<Response, ApiError> {
    let key = app.store.key(&project.id, &id).await?;
    if !wanted.used.unwrap_or(false) {
        return if wanted.details.unwrap_or(false) { super::details(&app, key).await } else { super::key(key) };
    }
    let key = key.ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let (sequence, version) = (key.sequence, key.version());
    let today = day(app.clock.now());
    // What this server has counted is in the answer.
    app.operations.settle().await;
    let counts = app.store.operation_counts(sequence, today - USE_DAYS + 1).await?;
    let details = super::detailed(&app, vec![key]).await?.pop().ok_or_else(|| ApiError::new(ErrorType::KeyNotFound))?;
    let answer = UsedKey { details, used: report(&counts, today) };
    Ok(with_etag(json(StatusCode::OK, &answer), version))
}

/// The counts of [`USE_DAYS`] days, of which the last one is today.
fn report(counts: &[OperationCount], today: i64) -> UseReport {
    let begin = |day: i64| WireDate(Some(DateTime::from_unix_milliseconds(day.saturating_mul(DAY_MILLISECONDS))));
    let first = today - USE_DAYS + 1;
    let mut days = vec![0_u64; usize::try_from(USE_DAYS).unwrap_or_default()];
    let mut operations: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
    for OperationCount { day, operation, requests, .. } in counts {
        // A server whose clock is ahead may have counted tomorrow's.
        let day = (*day).min(today);
        let requests = u64::try_from(*requests).unwrap_or_default();
        if let Some(all) = usize::try_from(day - first).ok().and_then(|at| days.get_mut(at)) {
            *all = all.saturating_add(requests);
        }
        let (all, last) = operations.entry(operation).or_insert((0, day));
        *all = all.saturating_add(requests);
        *last = day.max(*last);
    }
    let use_of = |(operation, (requests, last)): (&str, (u64, i64))| OperationUse {
        operation: operation.to_owned(),
        requests,
        last_day: begin(last),
    };
    let mut operations: Vec<OperationUse> = operations.into_iter().map(use_of).collect();
    operations.sort_by_key(|used| std::cmp::Reverse(used.requests));
    UseReport { since: begin(first), days, operations }
}
