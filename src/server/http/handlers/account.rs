//! The account (contract §1.5).

use axum::{http::StatusCode, response::Response};

use crate::{
    api::ErrorType,
    server::{
        acting::Done,
        admin::{MAX_PASSWORD_CHARACTERS, check_name, check_password},
        http::{
            call::Call,
            error::{ApiError, json},
        },
        models,
        store::{AccountChange, AccountRecord, Action},
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

/// `account.updateName`.
pub(in crate::server::http) async fn update_name(call: Call) -> Result<Response, ApiError> {
    let (account, _) = call.session()?;
    let name = call.params.text("name")?;
    check_name(name)?;
    change(&call, account, Action::AccountUpdate, AccountChange::Name(name.to_owned())).await
}

/// `account.updatePassword`: whoever knows the old one. All other sessions end: one of them may be why it is changed.
pub(in crate::server::http) async fn update_password(call: Call) -> Result<Response, ApiError> {
    let (app, (account, session)) = (&call.app, call.session()?);
    let (new, old) = (call.params.text("password")?, call.params.maybe_text("oldPassword")?.unwrap_or_default());
    check_password(new)?;
    if old.chars().count() > MAX_PASSWORD_CHARACTERS {
        return Err(ApiError::invalid("oldPassword", format!("must have at most {MAX_PASSWORD_CHARACTERS} characters")));
    }
    app.old_passwords.attempt(session.id.as_str(), app.clock.monotonic())?;
    // The version is of the same moment as the hash: who has changed the password meanwhile is not overruled.
    let Some((account, stored)) = app.store.account_by_email(&account.email).await?.filter(|(found, _)| found.id == account.id) else {
        return Err(ApiError::new(ErrorType::Unauthorized));
    };
    if !app.passwords.verify(call.client.network(), old.to_owned(), Some(stored)).await? {
        tracing::warn!(ip = call.client.ip_text(), account = account.id, "a change of the password was refused");
        call.refused_person(account.actor(), Action::AccountPassword, ErrorType::InvalidCredentials);
        return Err(ApiError::because(ErrorType::InvalidCredentials, "The old password is not right."));
    }
    app.old_passwords.forget(session.id.as_str());
    let hash = app.passwords.hash(new.to_owned(), app.random.as_ref()).await?;
    let password = AccountChange::Password { hash, keep_session: Some(session.id.clone()) };
    let answer = change(&call, &account, Action::AccountPassword, password).await?;
    tracing::info!(account = account.id, "the password was changed, and all other sessions ended");
    Ok(answer)
}

async fn change(call: &Call, account: &AccountRecord, action: Action, change: AccountChange) -> Result<Response, ApiError> {
    let (now, (_, session)) = (call.now(), call.session()?);
    let write = call.acting().write_on(vec![account.version()], now, Done::new(action, &account.id));
    let changed = call.app.store.update_account(&account.id, change, now, write).await?;
    Ok(json(StatusCode::OK, &models::account(changed, Some(session.last_used_at))))
}
