//! `account.disableSecondFactor`, with password and code. All other sessions end.

use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{ConfirmSecondFactor, both};
use crate::server::{
    http::{
        error::ApiError,
        extract::{
            arguments::{Request, Session, State},
            client::Client,
        },
    },
    service::{accounts::own::OwnAccount, caller::Caller},
    store::Action,
};

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    session: Session,
    caller: Caller,
    Request(request): Request<ConfirmSecondFactor>,
) -> Result<Response, ApiError> {
    let (account, code) = both(&app, &client, &session, Action::SecondFactorOff, request).await?;
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller, account: &account };
    own.turn_second_factor_off(code, &session.session).await?;
    tracing::info!(account = account.id, "the second factor was turned off, and all other sessions ended");
    Ok(StatusCode::NO_CONTENT.into_response())
}
