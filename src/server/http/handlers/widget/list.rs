//! `widget.listKeys`: the keys that the page sees, the newest first.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    api::WidgetKeyList,
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{Parameters, Request, State},
                client::Client,
                services::Widget,
            },
            middleware::response_memory,
        },
        models,
        query::{PageOptions, parse},
        service::keys::ANY,
        store::{KeyRecord, Store},
    },
};

/// How many keys a page holds.
const PAGE: usize = 25;
/// How many keys are read at once, and how often: the token covers only some of them.
const READ: usize = 100;
const READS: usize = 5;

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct ListWidgetKeys {
    /// The `nextCursor` of the page before
    cursor: Option<i64>,
}

impl Parameters for ListWidgetKeys {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    widget: Widget,
    Request(asked): Request<ListWidgetKeys>,
) -> Result<Response, ApiError> {
    let room = response_memory::reserve(&app, Some(widget.project().sequence), READ).await?;
    let visible = widget.service(ANY);
    let (mut keys, mut before) = (Vec::new(), asked.cursor);
    for _ in 0..READS {
        let rows = older(app.store.as_ref(), &widget.project().id, before).await?;
        let is_last = rows.len() < READ;
        before = None;
        for key in rows {
            if keys.len() == PAGE {
                break;
            }
            before = Some(key.sequence);
            if visible.sees(&key) {
                keys.push(models::key_details(key, widget.keys.now()));
            }
        }
        if keys.len() == PAGE || is_last {
            before = before.filter(|_| keys.len() == PAGE);
            break;
        }
    }
    let next_cursor = before.map(|sequence| sequence.to_string()).unwrap_or_default();
    Ok(room.hold(json(StatusCode::OK, &WidgetKeyList { keys, next_cursor }), &client).await)
}

/// The newest keys of the project, older than this sequence.
async fn older(store: &dyn Store, project_id: &str, before: Option<i64>) -> Result<Vec<KeyRecord>, ApiError> {
    let mut queries =
        vec![r#"{"method":"orderDesc","attribute":"$sequence"}"#.to_owned(), format!(r#"{{"method":"limit","values":[{READ}]}}"#)];
    queries.extend(before.map(|before| format!(r#"{{"method":"lessThan","attribute":"$sequence","values":[{before}]}}"#)));
    let query = parse(&queries)?.resolve(None, PageOptions { default_limit: READ, with_total: false, seed: 0 })?;
    Ok(store.list_keys(project_id, query).await?.rows)
}
