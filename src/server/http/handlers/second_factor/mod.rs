//! The second factor of the account that is signed in. Not in the contract.

pub(in crate::server::http) mod create;
pub(in crate::server::http) mod disable;
pub(in crate::server::http) mod enable;
pub(in crate::server::http) mod get;
pub(in crate::server::http) mod recovery_codes;

use axum::{http::StatusCode, response::Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::account::confirmed::confirmed;
use crate::{
    api::{ErrorType, RecoveryCodes},
    server::{
        app::App,
        auth::RecoveryCode,
        http::{
            error::{ApiError, json},
            extract::{
                arguments::{Parameters, Session},
                client::Client,
            },
        },
        service::{
            MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS,
            accounts::second_factor::{Codes, FactorError},
        },
        store::{AccountRecord, Action, UsedCode},
    },
};

/// The longest code that is read, in characters: a recovery code with spaces.
pub(in crate::server::http) const MAX_CODE_CHARACTERS: usize = 64;

/// The password, and a code of the app or a recovery code.
#[derive(Deserialize, JsonSchema)]
pub(in crate::server::http) struct ConfirmSecondFactor {
    #[schemars(length(min = MIN_PASSWORD_CHARACTERS, max = MAX_PASSWORD_CHARACTERS))]
    password: String,
    #[schemars(length(max = MAX_CODE_CHARACTERS))]
    code: String,
}

impl Parameters for ConfirmSecondFactor {}

/// What judges codes.
pub(in crate::server::http) fn codes(app: &App) -> Codes<'_> {
    Codes { store: app.store.as_ref(), clock: app.clock.as_ref(), root_key: &app.root_key }
}

/// Checks password and code: the account as it is now, and the code that the change uses up. Wrong ones of either kind count for the session.
async fn both(
    app: &App,
    client: &Client,
    session: &Session,
    action: Action,
    ConfirmSecondFactor { password, code }: ConfirmSecondFactor,
) -> Result<(AccountRecord, UsedCode), ApiError> {
    let account = confirmed(app, client, session, action.clone(), password).await?;
    let (account, factor) = codes(app).of(&account).await?;
    let used = codes(app).judge(&account, &factor, &code).inspect_err(|error| refused(app, client, &account, action, error))?;
    app.old_passwords.forget(session.session.id.as_str());
    Ok((account, used))
}

/// Writes down that a code was refused.
pub(in crate::server::http) fn refused(app: &App, client: &Client, account: &AccountRecord, action: Action, error: &FactorError) {
    tracing::warn!(ip = client.ip_text(), account = account.id, reason = %error, "a code of a second factor was refused");
    app.audit_refused_person(account.actor(), action, ErrorType::CodeInvalid, client);
}

/// The answer that alone has the codes.
fn recovery_codes_answer(status: StatusCode, codes: &[RecoveryCode]) -> Response {
    json(status, &RecoveryCodes { recovery_codes: codes.iter().map(RecoveryCode::expose).collect() })
}

impl From<FactorError> for ApiError {
    fn from(error: FactorError) -> Self {
        match error {
            FactorError::On => Self::new(ErrorType::SecondFactorOn),
            FactorError::Off => Self::new(ErrorType::SecondFactorOff),
            FactorError::Code => Self::new(ErrorType::CodeInvalid),
            FactorError::Pending => Self::new(ErrorType::ChallengeInvalid),
            FactorError::Unreadable => Self::because(
                ErrorType::CodeInvalid,
                "The server cannot check codes of your app, because its root key was replaced. Enter a recovery code, or ask the operator \
                 of the server to run `scopewise admin reset-second-factor`.",
            ),
            FactorError::Service(error) => error.into(),
        }
    }
}
