//! The set-up: the first account, made with the one-time token of the link that the server prints. Not in the contract.

use axum::{http::StatusCode, response::Response};

use super::sessions;
use crate::{
    api::{ErrorType, SetupState},
    server::{
        http::{
            error::{ApiError, json},
            extract::context::RequestContext,
        },
        service::{
            ServiceError,
            accounts::{AccountInput, keep_account},
            caller::Caller,
        },
        store::{Action, Actor, ActorKind},
    },
};

/// `setup.get`: whether the first account is still to be made, and whether somebody is signed in.
pub(in crate::server::http) async fn get(context: RequestContext) -> Result<Response, ApiError> {
    Ok(json(StatusCode::OK, &SetupState { needed: !context.app.store.has_account().await?, signed_in: context.session().is_ok() }))
}

/// `setup.create`: makes the first account and signs it in.
pub(in crate::server::http) async fn create(context: RequestContext) -> Result<Response, ApiError> {
    let app = &context.app;
    if app.store.has_account().await? {
        return Err(ApiError::new(ErrorType::SetupDone));
    }
    // The right token always opens; wrong ones are counted.
    if !app.is_setup_token(context.params.text("token")?).await? {
        app.wrong_setup_tokens.attempt(&context.client.network(), app.clock.monotonic())?;
        tracing::warn!(ip = context.client.ip_text(), "set-up refused: wrong token");
        context.refused_person(Actor::only(ActorKind::Guest), Action::AccountCreate, ErrorType::SetupTokenInvalid);
        return Err(ApiError::new(ErrorType::SetupTokenInvalid));
    }
    let params = &context.params;
    let input = AccountInput {
        email: params.text("email")?,
        password: params.text("password")?,
        name: params.maybe_text("name")?.unwrap_or_default(),
    };
    let caller = Caller::only(Actor::only(ActorKind::Setup), context.client.ip_text());
    let (store, clock, random) = (app.store.as_ref(), app.clock.as_ref(), app.random.as_ref());
    let made = keep_account(store, clock, random, &app.passwords, input, &caller, true).await;
    let account = made.map_err(|error| match error {
        ServiceError::AccountExists => ApiError::new(ErrorType::SetupDone),
        other => other.into(),
    })?;
    sessions::create::open(&context, &account).await
}
