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
        service::{MAX_PASSWORD_CHARACTERS, accounts::own::OwnAccount, check_password},
        store::Action,
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
    let (app, (account, session)) = (&context.app, context.session()?);
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller: context.caller(), account };
    let changed = own.rename(context.params.text("name")?).await?;
    Ok(json(StatusCode::OK, &models::account(changed, Some(session.last_used_at))))
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
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller: context.caller(), account: &account };
    let changed = own.set_password(&app.passwords, app.random.as_ref(), new, session).await?;
    tracing::info!(account = account.id, "the password was changed, and all other sessions ended");
    Ok(json(StatusCode::OK, &models::account(changed, Some(session.last_used_at))))
}
