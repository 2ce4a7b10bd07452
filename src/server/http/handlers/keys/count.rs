//! `project.countKeys`: how many keys each filter of the console's table finds. Not in the contract.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{KeyCounts, KeyFilter},
    server::{
        http::{
            error::{ApiError, json},
            extract::arguments::{Project, State},
        },
        store::filtered,
    },
};

const COUNTED: [KeyFilter; 8] = [
    KeyFilter::All,
    KeyFilter::Active,
    KeyFilter::Expiring,
    KeyFilter::Expired,
    KeyFilter::Disabled,
    KeyFilter::Exposed,
    KeyFilter::NeverUsed,
    KeyFilter::NeverExpires,
];

pub(in crate::server::http) async fn handle(State(app): State, project: Project) -> Result<Response, ApiError> {
    let queries = COUNTED.iter().map(|filter| filtered(*filter, app.clock.now())).collect();
    let counts = app.store.count_keys(&project.id, queries).await?;
    let [all, active, expiring, expired, disabled, exposed, never_used, never_expires] = counts.try_into().unwrap_or([0; COUNTED.len()]);
    Ok(json(StatusCode::OK, &KeyCounts { all, active, expiring, expired, disabled, exposed, never_used, never_expires }))
}
