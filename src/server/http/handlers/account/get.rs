//! `account.get`.

use axum::{http::StatusCode, response::Response};

use crate::server::{
    http::{
        error::{ApiError, json},
        extract::arguments::Session,
    },
    models,
};

pub(in crate::server::http) async fn handle(Session { account, session }: Session) -> Result<Response, ApiError> {
    Ok(json(StatusCode::OK, &models::account(account, Some(session.last_used_at))))
}
