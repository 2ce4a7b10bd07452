//! `setup.create`: makes the first account and signs it in.

use std::sync::Arc;

use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    api::ErrorType,
    key::MAX_NAME_CHARACTERS,
    server::{
        auth::Devices,
        http::{
            error::ApiError,
            extract::{
                arguments::{Parameters, Request, State},
                client::Client,
                field_types::Later,
            },
            handlers::sessions,
        },
        service::{
            MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS, ServiceError,
            accounts::{AccountInput, keep_account},
            caller::Caller,
        },
        store::{Action, Actor, ActorKind},
    },
};

// No field is read before it is clear that there is no account yet, and only the token before the token is right.
#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct SetupRequest {
    #[schemars(with = "String")]
    token: Later<String>,
    #[schemars(with = "String")]
    email: Later<String>,
    #[schemars(with = "String", length(min = MIN_PASSWORD_CHARACTERS, max = MAX_PASSWORD_CHARACTERS))]
    password: Later<String>,
    #[schemars(with = "Option<String>", length(max = MAX_NAME_CHARACTERS))]
    name: Later<Option<String>>,
}

impl Parameters for SetupRequest {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    devices: Devices,
    Request(account): Request<SetupRequest>,
) -> Result<Response, ApiError> {
    if app.store.has_account().await? {
        return Err(ApiError::new(ErrorType::SetupDone));
    }
    // The right token always opens; wrong ones are counted.
    if !app.is_setup_token(account.token.get()?).await? {
        app.wrong_setup_tokens.attempt(&client.network(), app.clock.monotonic())?;
        tracing::warn!(ip = client.ip_text(), "set-up refused: wrong token");
        app.audit_refused_person(Actor::only(ActorKind::Guest), Action::AccountCreate, ErrorType::SetupTokenInvalid, &client);
        return Err(ApiError::new(ErrorType::SetupTokenInvalid));
    }
    let input = AccountInput {
        email: account.email.get()?,
        password: account.password.get()?,
        name: account.name.get()?.as_deref().unwrap_or_default(),
    };
    let caller = Caller::only(Actor::only(ActorKind::Setup), client.ip_text());
    let (store, clock, random) = (app.store.as_ref(), app.clock.as_ref(), app.random.as_ref());
    let made = keep_account(store, clock, random, &app.passwords, input, &caller, true).await;
    let account = made.map_err(|error| match error {
        ServiceError::AccountExists => ApiError::new(ErrorType::SetupDone),
        other => other.into(),
    })?;
    sessions::create::admit(&app, &client, devices, &account).await
}
