//! The account (contract §1.5).

use axum::{http::StatusCode, response::Response};

use crate::{
    api::ErrorType,
    server::{
        http::{
            error::{ApiError, json},
            extract::context::RequestContext,
        },
        models,
        service::{MAX_PASSWORD_CHARACTERS, caller::Done, check_name, check_password},
        store::{AccountChange, AccountRecord, Action},
    },
};

/// `account.get`.
pub(in crate::server::http) async fn get(context: RequestContext) -> Result<Response, ApiError> {
    let (account, session) = context.session()?;
    Ok(json(StatusCode::OK, &models::account(account.clone(), Some(session.last_used_at))))
}

/// `account.create`: nobody makes an account for himself here. The first one comes from the set-up link, others from the command line.
pub(in crate::server::http) async fn create(_: RequestContext) -> Result<Response, ApiError> {
    Err(ApiError::new(ErrorType::AccountsClosed))
}

/// `account.updateName`.
pub(in crate::server::http) async fn update_name(context: RequestContext) -> Result<Response, ApiError> {
    let (account, _) = context.session()?;
    let name = context.params.text("name")?;
    check_name(name)?;
    change(&context, account, Action::AccountUpdate, AccountChange::Name(name.to_owned())).await
}

/// `account.updatePassword`: whoever knows the old one. All other sessions end: one of them may be why it is changed.
pub(in crate::server::http) async fn update_password(context: RequestContext) -> Result<Response, ApiError> {
    let (app, (account, session)) = (&context.app, context.session()?);
    let (new, old) = (context.params.text("password")?, context.params.maybe_text("oldPassword")?.unwrap_or_default());
    check_password(new)?;
    if old.chars().count() > MAX_PASSWORD_CHARACTERS {
        return Err(ApiError::invalid("oldPassword", format!("must have at most {MAX_PASSWORD_CHARACTERS} characters")));
    }
    app.old_passwords.attempt(session.id.as_str(), app.clock.monotonic())?;
    // The version is of the same moment as the hash: who has changed the password meanwhile is not overruled.
    let Some((account, stored)) = app.store.account_by_email(&account.email).await?.filter(|(found, _)| found.id == account.id) else {
        return Err(ApiError::new(ErrorType::Unauthorized));
    };
    if !app.passwords.verify(context.client.network(), old.to_owned(), Some(stored)).await? {
        tracing::warn!(ip = context.client.ip_text(), account = account.id, "a change of the password was refused");
        context.refused_person(account.actor(), Action::AccountPassword, ErrorType::InvalidCredentials);
        return Err(ApiError::because(ErrorType::InvalidCredentials, "The old password is not right."));
    }
    app.old_passwords.forget(session.id.as_str());
    let hash = app.passwords.hash(new.to_owned(), app.random.as_ref()).await?;
    let password = AccountChange::Password { hash, keep_session: Some(session.id.clone()) };
    let answer = change(&context, &account, Action::AccountPassword, password).await?;
    tracing::info!(account = account.id, "the password was changed, and all other sessions ended");
    Ok(answer)
}

async fn change(context: &RequestContext, account: &AccountRecord, action: Action, change: AccountChange) -> Result<Response, ApiError> {
    let (now, (_, session)) = (context.now(), context.session()?);
    let write = context.caller().write_on(vec![account.version()], now, Done::new(action, &account.id));
    let changed = context.app.store.update_account(&account.id, change, now, write).await?;
    Ok(json(StatusCode::OK, &models::account(changed, Some(session.last_used_at))))
}
