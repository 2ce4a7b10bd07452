//! `project.listKeys`.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::KeyList,
    server::{
        http::{
            call::Call,
            error::{ApiError, json},
            list::{KEYS, listed},
        },
        models,
    },
};

/// How many keys a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 5000;

pub(in crate::server::http) async fn handle(call: Call) -> Result<Response, ApiError> {
    let keys = call.app.store.keys(&call.project()?.id);
    let page = listed(&call, &KEYS, DEFAULT_LIMIT, keys).await?;
    Ok(json(StatusCode::OK, &KeyList { total: page.total, keys: page.rows.into_iter().map(models::key).collect() }))
}
