//! Asks for the password again, before a change that a stolen session must not make.

use crate::{
    api::ErrorType,
    server::{
        app::App,
        http::{
            error::ApiError,
            extract::{arguments::Session, client::Client},
        },
        service::MAX_PASSWORD_CHARACTERS,
        store::{AccountRecord, Action},
    },
};

/// The account as it is now, if this is its password. Each attempt counts for the session; if all is right, the caller forgets them.
pub(in crate::server::http) async fn confirmed(
    app: &App,
    client: &Client,
    session: &Session,
    action: Action,
    password: String,
) -> Result<AccountRecord, ApiError> {
    if password.chars().count() > MAX_PASSWORD_CHARACTERS {
        return Err(ApiError::invalid("password", format!("must have at most {MAX_PASSWORD_CHARACTERS} characters")));
    }
    app.old_passwords.attempt(session.session.id.as_str(), app.clock.monotonic())?;
    // The version is of the same moment as the hash: a change of the password in the meantime is not undone.
    let Some((account, stored)) =
        app.store.account_by_email(&session.account.email).await?.filter(|(found, _)| found.id == session.account.id)
    else {
        return Err(ApiError::new(ErrorType::Unauthorized));
    };
    if !app.passwords.verify(client.network(), password, stored).await? {
        tracing::warn!(ip = client.ip_text(), account = account.id, action = action.as_str(), "a wrong password was refused");
        app.audit_refused_person(account.actor(), action, ErrorType::InvalidCredentials, client);
        return Err(ApiError::because(ErrorType::InvalidCredentials, "The current password is wrong."));
    }
    Ok(account)
}
