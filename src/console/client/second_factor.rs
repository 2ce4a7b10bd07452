//! The second factor of the own account.

use gloo_net::http::Method;

use super::{Answer, NO_BODY, read, send};
use crate::api::{self, paths};

/// Whether the account has a second factor.
pub(in crate::console) async fn get() -> Answer<api::SecondFactor> {
    read(send(Method::GET, paths::SECOND_FACTOR, None, NO_BODY).await)
}

/// Creates a second factor, which is not on yet; only this response contains its secret.
pub(in crate::console) async fn create(body: &api::CreateSecondFactor) -> Answer<api::NewSecondFactor> {
    read(send(Method::POST, paths::SECOND_FACTOR, None, Some(body)).await)
}

/// Turns the second factor on; only this response contains the recovery codes.
pub(in crate::console) async fn enable(body: &api::EnableSecondFactor) -> Answer<api::RecoveryCodes> {
    read(send(Method::PUT, paths::SECOND_FACTOR, None, Some(body)).await)
}

/// Turns the second factor off.
pub(in crate::console) async fn disable(body: &api::ConfirmSecondFactor) -> Answer<()> {
    send(Method::POST, paths::SECOND_FACTOR_OFF, None, Some(body)).await.map(drop)
}

/// Replaces the recovery codes; only this response contains them.
pub(in crate::console) async fn renew_codes(body: &api::ConfirmSecondFactor) -> Answer<api::RecoveryCodes> {
    read(send(Method::POST, paths::RECOVERY_CODES, None, Some(body)).await)
}
