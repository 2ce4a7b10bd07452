//! `widget.get`: what the token of the page allows.

use axum::{http::StatusCode, response::Response};

use crate::{
    api,
    server::http::{
        error::{ApiError, json},
        extract::{arguments::State, services::Widget},
        handlers::policy,
    },
};

pub(in crate::server::http) async fn handle(State(app): State, widget: Widget) -> Result<Response, ApiError> {
    let policy = policy::model(widget.project());
    let catalog = app.custom_catalog_tag()?.map(str::to_owned);
    let project_name = widget.project().name.clone().into();
    Ok(json(StatusCode::OK, &api::Widget { token: super::model(widget.token), project_name, policy, catalog }))
}
