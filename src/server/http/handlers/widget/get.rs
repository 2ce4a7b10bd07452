//! `widget.get`: what the token of the page allows.

use axum::{http::StatusCode, response::Response};

use crate::{
    api,
    server::http::{
        error::{ApiError, json},
        extract::handler::Widget,
        handlers::policy,
    },
};

pub(in crate::server::http) async fn handle(widget: Widget) -> Result<Response, ApiError> {
    let policy = policy::model(&widget.project);
    Ok(json(StatusCode::OK, &api::Widget { token: super::model(widget.token), project_name: widget.project.name.into(), policy }))
}
