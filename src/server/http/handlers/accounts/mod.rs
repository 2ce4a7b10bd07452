//! The accounts of the server, for everybody who is signed in: all accounts have the same rights. Not in the contract.

pub(in crate::server::http) mod accept;
pub(in crate::server::http) mod delete;
pub(in crate::server::http) mod invite;
pub(in crate::server::http) mod invite_again;
pub(in crate::server::http) mod list;
pub(in crate::server::http) mod sign_out;
pub(in crate::server::http) mod status;

use axum::{http::StatusCode, response::Response};

use crate::{
    api::{ErrorType, InvitedAccount},
    server::{
        app::App,
        auth::SessionToken,
        http::error::{ApiError, json},
        models,
        service::{
            accounts::{AccountError, Accounts},
            caller::Caller,
        },
        store::AccountRecord,
    },
};

/// The service that changes accounts.
fn accounts(app: &App, caller: Caller) -> Accounts<'_> {
    Accounts { store: app.store.as_ref(), clock: app.clock.as_ref(), caller }
}

impl From<AccountError> for ApiError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Missing(_) => Self::new(ErrorType::AccountNotFound),
            AccountError::Last(_) => Self::new(ErrorType::LastAccount),
            AccountError::Joined(_) => Self::new(ErrorType::AccountHasPassword),
            AccountError::Full => Self::new(ErrorType::TooManyAccounts),
            AccountError::Service(error) => error.into(),
            AccountError::Store(error) => error.into(),
        }
    }
}

/// The answer that alone has the token of the link.
fn invited(account: AccountRecord, token: &SessionToken) -> Response {
    let account = models::listed_account(account, None, 0, false);
    json(StatusCode::CREATED, &InvitedAccount { account, token: token.expose().to_owned() })
}
