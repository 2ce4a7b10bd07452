//! `account.enableSecondFactor`, with the first code. All other sessions end.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{MAX_CODE_CHARACTERS, recovery_codes_answer};
use crate::{
    api::ErrorType,
    server::{
        http::{
            error::ApiError,
            extract::{
                arguments::{Parameters, Request, Session, State},
                client::Client,
            },
        },
        service::{
            accounts::{own::OwnAccount, second_factor::FactorError},
            caller::Caller,
        },
        store::Action,
    },
};

#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct EnableSecondFactor {
    token: String,
    #[schemars(length(max = MAX_CODE_CHARACTERS))]
    code: String,
}

impl Parameters for EnableSecondFactor {}

pub(in crate::server::http) async fn handle(
    State(app): State,
    client: Arc<Client>,
    Session { account, session }: Session,
    caller: Caller,
    Request(EnableSecondFactor { token, code }): Request<EnableSecondFactor>,
) -> Result<Response, ApiError> {
    let own = OwnAccount { store: app.store.as_ref(), clock: app.clock.as_ref(), caller, account: &account };
    let made = own.turn_second_factor_on(&app.root_key, app.random.as_ref(), &token, &code, &session).await;
    if let Err(error @ FactorError::Code) = &made {
        super::refused(&app, &client, &account, Action::SecondFactorOn, error);
        let message = "The code is wrong. Enter the code that your app shows now. If it stays wrong, check the time of your phone.";
        return Err(ApiError::because(ErrorType::CodeInvalid, message));
    }
    let codes = made?;
    tracing::info!(account = account.id, "the second factor was turned on, and all other sessions ended");
    Ok(recovery_codes_answer(StatusCode::OK, &codes))
}
