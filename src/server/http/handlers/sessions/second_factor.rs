//! `account.createSecondFactorSession`: signs in with the code of a second factor, after the password was right.

use std::sync::Arc;

use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    super::second_factor::{MAX_CODE_CHARACTERS, codes, refused},
    create::open,
};
use crate::server::{
    auth::Devices,
    http::{
        error::ApiError,
        extract::{
            arguments::{Parameters, Request, SignedOut, State},
            client::Client,
        },
    },
    limits::Who,
    store::Action,
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct CreateSecondFactorSession {
    challenge: String,
    #[schemars(length(max = MAX_CODE_CHARACTERS))]
    code: String,
}

impl Parameters for CreateSecondFactorSession {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    devices: Devices,
    _: SignedOut,
    Request(request): Request<CreateSecondFactorSession>,
) -> Result<Response, ApiError> {
    let (account, factor) = codes(&app).pending_sign_in(&request.challenge).await?;
    let device = devices.known_to(&app.root_key, &account.id).map(str::to_owned);
    let who = match &device {
        Some(device) => Who::Known { account_id: &account.id, device },
        None => Who::Stranger { email: &account.email, network: client.network() },
    };
    app.codes.attempt(who, app.clock.monotonic())?;
    let code = codes(&app).judge(&account, &factor, &request.code);
    let code = code.inspect_err(|error| refused(&app, &client, &account, Action::SessionCreate, error))?;
    let opened = open(&app, &client, devices, &account, Some(code)).await;
    // Another request has used the code up, or changed the account: this one is judged again.
    let answer = opened.inspect_err(|_| app.codes.take_back(who))?;
    app.codes.succeeded(who);
    app.sign_in.succeeded(who);
    Ok(answer)
}
