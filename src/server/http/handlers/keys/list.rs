//! `project.listKeys`.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{KeyDetailsList, KeyList},
    server::{
        http::{
            error::{ApiError, json},
            extract::{context::RequestContext, list_query::asked},
            middleware::response_memory,
        },
        models,
    },
};

/// How many keys a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 5000;

pub(in crate::server::http) async fn handle(context: RequestContext) -> Result<Response, ApiError> {
    let details = context.params.flag("details", false)?;
    let (asked, options) = asked(&context, DEFAULT_LIMIT)?;
    let (store, project) = (&context.app.store, context.project()?);
    let row = match asked.cursor() {
        Some(id) => store.key(&project.id, id).await?,
        None => None,
    };
    let query = asked.resolve(row, options)?;
    let room = response_memory::reserve(&context.app, Some(project.sequence), query.limit).await?;
    let page = store.list_keys(&project.id, query).await?;
    let total = page.total;
    let response = if details {
        let keys = page.rows.into_iter().map(|key| models::key_details(key, context.now())).collect();
        json(StatusCode::OK, &KeyDetailsList { total, keys })
    } else {
        json(StatusCode::OK, &KeyList { total, keys: page.rows.into_iter().map(models::key).collect() })
    };
    Ok(room.hold(response).await)
}
