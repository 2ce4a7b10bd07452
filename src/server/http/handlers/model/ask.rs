//! What is asked of the model with a body, and needs no clock.

use std::{pin::Pin, sync::Arc};

use axum::response::Response;

use super::{answered, text};
use crate::{
    scope::{Query, answer},
    server::http::{
        error::ApiError,
        extract::{
            arguments::{RawBody, State},
            client::Client,
        },
    },
};

/// The handler of `scopes.allows`, `scopes.suggest`, `scopes.reach`, `scopes.compare`, `scopes.migrate` or `scopes.catalog`.
pub(in crate::server::http) fn handle(query: Query) -> impl FnOnce(State, Arc<Client>, RawBody) -> Asked + Send + 'static {
    move |State(app), client, RawBody(body)| {
        Box::pin(async move {
            let catalog = app.catalog;
            answered(&app, &client, move || answer(catalog, query, text(&body)?).map_err(ApiError::from)).await
        })
    }
}

type Asked = Pin<Box<dyn Future<Output = Result<Response, ApiError>> + Send>>;
