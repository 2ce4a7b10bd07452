//! `account.createSecondFactor`: a secret for an authenticator app, with the password. It is on once its first code was right.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::super::account::confirmed::confirmed;
use crate::{
    api::{ErrorType, NewSecondFactor, WireDate},
    server::{
        auth::qr_code,
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{Parameters, Request, Session, State},
                client::Client,
            },
        },
        service::{MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS, accounts::own::OwnAccount, caller::Caller},
        store::Action,
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct CreateSecondFactor {
    #[schemars(length(min = MIN_PASSWORD_CHARACTERS, max = MAX_PASSWORD_CHARACTERS))]
    password: String,
}

impl Parameters for CreateSecondFactor {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    session: Session,
    caller: Caller,
    Request(CreateSecondFactor { password }): Request<CreateSecondFactor>,
) -> Result<Response, ApiError> {
    let account = confirmed(&app, &client, &session, Action::SecondFactorOn, password).await?;
    app.old_passwords.forget(session.session.id.as_str());
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller, account: &account };
    let prepared = own.prepare_second_factor(&app.root_key, app.random.as_ref())?;
    // An app lists the codes of several servers.
    let issuer = app.public_url.as_ref().map_or_else(|| "Scopewise".to_owned(), |url| format!("Scopewise ({})", url.authority()));
    let uri = prepared.secret.uri(&issuer, &account.email);
    let qr = qr_code(&uri).ok_or_else(|| ApiError::new(ErrorType::Unknown))?;
    let expire = WireDate(Some(prepared.until));
    let answer = NewSecondFactor { secret: prepared.secret.expose(), uri, qr, token: prepared.token, expire };
    Ok(json(StatusCode::CREATED, &answer))
}
