//! `account.deleteSession`: signs out, here or elsewhere.

use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{own, signed_out, wanted};
use crate::{
    api::ErrorType,
    server::{
        http::{
            error::ApiError,
            extract::{
                arguments::{Session, SessionPath, State},
                client::Client,
            },
        },
        service::caller::Caller,
    },
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    Session { account, session: current }: Session,
    caller: Caller,
    SessionPath(named): SessionPath,
) -> Result<Response, ApiError> {
    let id = wanted(&named, &current);
    if !own(&app, &account, caller).end_session(id).await? {
        return Err(ApiError::new(ErrorType::SessionNotFound));
    }
    tracing::info!(account = account.id, session = id, "session ended");
    Ok(if id == current.id { signed_out(&client) } else { StatusCode::NO_CONTENT.into_response() })
}
