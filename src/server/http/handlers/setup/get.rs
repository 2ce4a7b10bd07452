//! `setup.get`: whether there is an account yet, whether the client is signed in, and whether the catalog is a custom one.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::SetupState,
    server::http::{
        error::{ApiError, json},
        extract::arguments::{Session, State},
    },
};

pub(in crate::server::http) async fn handle(State(app): State, session: Option<Session>) -> Result<Response, ApiError> {
    let catalog = app.custom_catalog_tag()?.map(str::to_owned);
    let needed = !app.store.has_account().await?;
    Ok(json(StatusCode::OK, &SetupState { needed, signed_in: session.is_some(), catalog }))
}
