//! `account.updatePassword`, with the old password. All other sessions end: one of them may be the reason for the change.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::confirmed::confirmed;
use crate::server::{
    http::{
        error::{ApiError, json},
        extract::{
            arguments::{Parameters, Request, Session, State},
            client::Client,
        },
    },
    models,
    service::{MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS, accounts::own::OwnAccount, caller::Caller, check_password},
    store::Action,
};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::http) struct UpdatePassword {
    #[schemars(length(min = MIN_PASSWORD_CHARACTERS, max = MAX_PASSWORD_CHARACTERS))]
    password: String,
    // Without it, the answer is the one to a wrong password.
    #[schemars(required)]
    old_password: Option<String>,
}

impl Parameters for UpdatePassword {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    session: Session,
    caller: Caller,
    Request(passwords): Request<UpdatePassword>,
) -> Result<Response, ApiError> {
    let (new, old) = (passwords.password, passwords.old_password.unwrap_or_default());
    check_password(&new)?;
    if old.chars().count() > MAX_PASSWORD_CHARACTERS {
        return Err(ApiError::invalid("oldPassword", format!("must have at most {MAX_PASSWORD_CHARACTERS} characters")));
    }
    let account = confirmed(&app, &client, &session, Action::AccountPassword, old).await?;
    app.old_passwords.forget(session.session.id.as_str());
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller, account: &account };
    let changed = own.set_password(&app.passwords, app.random.as_ref(), &new, &session.session).await?;
    tracing::info!(account = account.id, "the password was changed, and all other sessions ended");
    Ok(json(StatusCode::OK, &models::account(changed, Some(session.session.last_used_at))))
}
