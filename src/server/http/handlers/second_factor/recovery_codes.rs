//! `account.createRecoveryCodes`, with password and code. The earlier codes end.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};

use super::{ConfirmSecondFactor, both, recovery_codes_answer};
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
    let (account, code) = both(&app, &client, &session, Action::RecoveryCodesRenew, request).await?;
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller, account: &account };
    let codes = own.renew_recovery_codes(app.random.as_ref(), code).await?;
    tracing::info!(account = account.id, "new recovery codes were created");
    Ok(recovery_codes_answer(StatusCode::CREATED, &codes))
}
