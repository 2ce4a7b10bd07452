//! `account.updatePassword`, with the old password. All other sessions end: one of them may be the reason for the change.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    api::ErrorType,
    server::{
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
    },
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
    app.old_passwords.attempt(session.session.id.as_str(), app.clock.monotonic())?;
    // The version is of the same moment as the hash: a change of the password in the meantime is not undone.
    let Some((account, stored)) =
        app.store.account_by_email(&session.account.email).await?.filter(|(found, _)| found.id == session.account.id)
    else {
        return Err(ApiError::new(ErrorType::Unauthorized));
    };
    if !app.passwords.verify(client.network(), old, stored).await? {
        tracing::warn!(ip = client.ip_text(), account = account.id, "a change of the password was refused");
        app.audit_refused_person(account.actor(), Action::AccountPassword, ErrorType::InvalidCredentials, &client);
        return Err(ApiError::because(ErrorType::InvalidCredentials, "The current password is wrong."));
    }
    app.old_passwords.forget(session.session.id.as_str());
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller, account: &account };
    let changed = own.set_password(&app.passwords, app.random.as_ref(), &new, &session.session).await?;
    tracing::info!(account = account.id, "the password was changed, and all other sessions ended");
    Ok(json(StatusCode::OK, &models::account(changed, Some(session.session.last_used_at))))
}
