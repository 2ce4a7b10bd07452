//! `project.listKeys`.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    api::{KeyDetailsList, KeyList},
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{Parameters, Project, Request, State},
                client::Client,
                list_query::{ListParams, asked},
            },
            middleware::response_memory,
        },
        models,
    },
};

/// How many keys a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 5000;

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct ListKeys {
    /// Whether to answer with status, rotation and exposure as well
    details: Option<bool>,
    queries: Option<Vec<String>>,
    total: Option<bool>,
}

impl Parameters for ListKeys {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    project: Project,
    Request(wanted): Request<ListKeys>,
) -> Result<Response, ApiError> {
    let details = wanted.details.unwrap_or(false);
    let (asked, options) = asked(app.random.as_ref(), ListParams { queries: wanted.queries, total: wanted.total }, DEFAULT_LIMIT)?;
    let store = &app.store;
    let row = match asked.cursor() {
        Some(id) => store.key(&project.id, id).await?,
        None => None,
    };
    let query = asked.resolve(row, options)?;
    let room = response_memory::reserve(&app, Some(project.sequence), query.limit).await?;
    let page = store.list_keys(&project.id, query).await?;
    let total = page.total;
    let response = if details {
        let keys = super::detailed(&app, page.rows).await?;
        json(StatusCode::OK, &KeyDetailsList { total, keys })
    } else {
        json(StatusCode::OK, &KeyList { total, keys: page.rows.into_iter().map(models::key).collect() })
    };
    Ok(room.hold(response, &client).await)
}
