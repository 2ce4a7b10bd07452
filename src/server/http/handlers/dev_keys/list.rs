//! `projects.listDevKeys`.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::DevKeyList,
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{Project, Request, State},
                list_query::{ListParams, listed},
            },
        },
        models,
    },
};

/// How many dev keys a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 5000;

pub(in crate::server::http) async fn handle(
    State(app): State,
    project: Project,
    Request(list): Request<ListParams>,
) -> Result<Response, ApiError> {
    let page = listed(app.random.as_ref(), list, DEFAULT_LIMIT, app.store.dev_keys(&project.id)).await?;
    Ok(json(StatusCode::OK, &DevKeyList { total: page.total, dev_keys: page.rows.into_iter().map(models::dev_key).collect() }))
}
