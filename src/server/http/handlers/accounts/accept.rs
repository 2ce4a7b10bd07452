//! `account.acceptInvitation`: sets the first password of an invited account, and signs it in.

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
                arguments::{Parameters, Request, SignedOut, State},
                client::Client,
                field_types::Later,
            },
            handlers::sessions,
        },
        service::{
            MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS,
            accounts::{JoinInput, invited, join},
            caller::Caller,
        },
        store::{Action, Actor, ActorKind},
    },
};

// Only the token is read before it is right.
#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct AcceptInvitation {
    #[schemars(with = "String")]
    token: Later<String>,
    #[schemars(with = "String", length(min = MIN_PASSWORD_CHARACTERS, max = MAX_PASSWORD_CHARACTERS))]
    password: Later<String>,
    #[schemars(with = "Option<String>", length(max = MAX_NAME_CHARACTERS))]
    name: Later<Option<String>>,
}

impl Parameters for AcceptInvitation {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    devices: Devices,
    _: SignedOut,
    Request(request): Request<AcceptInvitation>,
) -> Result<Response, ApiError> {
    // The right token always opens; wrong ones are counted.
    let Some(account) = invited(app.store.as_ref(), app.clock.now(), request.token.get()?).await? else {
        app.wrong_invitations.attempt(&client.network(), app.clock.monotonic())?;
        tracing::warn!(ip = client.ip_text(), "invitation refused: wrong or old token");
        app.audit_refused_person(Actor::only(ActorKind::Guest), Action::AccountJoin, ErrorType::InvitationInvalid, &client);
        return Err(ApiError::new(ErrorType::InvitationInvalid));
    };
    let input = JoinInput { password: request.password.get()?, name: request.name.get()?.as_deref().unwrap_or_default() };
    let caller = Caller::only(account.actor(), client.ip_text());
    let (store, clock, random) = (app.store.as_ref(), app.clock.as_ref(), app.random.as_ref());
    let joined = join(store, clock, random, &app.passwords, &account, input, &caller).await?;
    tracing::info!(account = joined.id, "an invited person joined");
    sessions::create::admit(&app, &client, devices, &joined).await
}
