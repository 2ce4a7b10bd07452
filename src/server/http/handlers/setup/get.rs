//! `setup.get`: whether there is an account yet, and whether the client is signed in.

use axum::{http::StatusCode, response::Response};

use crate::{
    api::SetupState,
    server::http::{
        error::{ApiError, json},
        extract::context::Context,
    },
};

pub(in crate::server::http) async fn handle(context: Context) -> Result<Response, ApiError> {
    Ok(json(StatusCode::OK, &SetupState { needed: !context.app.store.has_account().await?, signed_in: context.session().is_ok() }))
}
