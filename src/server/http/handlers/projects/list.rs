//! `organization.listProjects`.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::ProjectList,
    server::{
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{Request, State},
                list_query::{ListParams, listed},
            },
        },
        models,
    },
};

/// How many projects a list without a limit holds (contract §5).
const DEFAULT_LIMIT: usize = 25;

pub(in crate::server::http) async fn handle(State(app): State, Request(list): Request<ListParams>) -> Result<Response, ApiError> {
    let page = listed(app.random.as_ref(), list, DEFAULT_LIMIT, app.store.projects()).await?;
    Ok(json(StatusCode::OK, &ProjectList { total: page.total, projects: page.rows.into_iter().map(models::project).collect() }))
}
