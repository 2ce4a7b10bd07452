//! `widget.get`: what the token of the page allows.

use axum::{http::StatusCode, response::Response};

use crate::{
    api,
    server::http::{
        error::{ApiError, json},
        extract::{context::Context, handler::Widget},
        handlers::policy,
    },
};

pub(in crate::server::http) async fn handle(context: Context, widget: Widget) -> Result<Response, ApiError> {
    let policy = policy::model(&widget.project);
    let catalog = context.app.custom_catalog_tag()?.map(str::to_owned);
    Ok(json(StatusCode::OK, &api::Widget { token: super::model(widget.token), project_name: widget.project.name.into(), policy, catalog }))
}
