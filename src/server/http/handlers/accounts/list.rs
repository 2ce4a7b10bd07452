//! `console.listAccounts`.

use axum::{http::StatusCode, response::Response};

use super::accounts;
use crate::{
    api::ListedAccounts,
    server::{
        http::{
            error::{ApiError, json},
            extract::arguments::{Session, State},
        },
        service::caller::Caller,
    },
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    Session { account, .. }: Session,
    caller: Caller,
) -> Result<Response, ApiError> {
    let list = accounts(&app, caller).listed(&account.id).await?;
    Ok(json(StatusCode::OK, &ListedAccounts { total: list.len(), accounts: list }))
}
