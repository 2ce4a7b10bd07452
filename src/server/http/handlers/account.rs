//! The account (contract §1.5).

use axum::{http::StatusCode, response::Response};

use crate::{
    api::ErrorType,
    server::{
        http::{
            call::Call,
            error::{ApiError, json},
        },
        models,
    },
};

/// `account.get`.
pub(in crate::server::http) async fn get(call: Call) -> Result<Response, ApiError> {
    let (account, session) = call.session()?;
    Ok(json(StatusCode::OK, &models::account(account.clone(), Some(session.last_used_at))))
}

/// `account.create`: nobody makes an account for himself here. The first one comes from the set-up link, others from the command line.
pub(in crate::server::http) async fn create(_: Call) -> Result<Response, ApiError> {
    Err(ApiError::new(ErrorType::AccountsClosed))
}
