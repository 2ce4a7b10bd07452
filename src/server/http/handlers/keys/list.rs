//! `project.listKeys`.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{KeyDetailsList, KeyList},
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
    let details = call.params.flag("details", false)?;
    let keys = call.app.store.keys(&call.project()?.id);
    let page = listed(&call, &KEYS, DEFAULT_LIMIT, keys).await?;
    let total = page.total;
    Ok(if details {
        let keys = page.rows.into_iter().map(|key| models::key_details(key, call.now())).collect();
        json(StatusCode::OK, &KeyDetailsList { total, keys })
    } else {
        json(StatusCode::OK, &KeyList { total, keys: page.rows.into_iter().map(models::key).collect() })
    })
}
