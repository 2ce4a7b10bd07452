//! What a dev key lifts (contract §7): the origin check, for client requests of its project. It lifts no limit and opens
//! nothing: the rest of the request says who sends it, as without a dev key.

use axum::http::{HeaderMap, request::Parts};

use super::client::{Client, text};
use crate::{
    api::ErrorType,
    key::{Secret, SecretError, SecretKind},
    server::{
        app::App,
        auth::SecretHash,
        http::{error::ApiError, names},
    },
};

/// Refuses an API key that was sent as a dev key, in the belief that it is harmless. Its form alone decides: nothing is looked up, so
/// the answer does not reveal whether a secret is a key.
///
/// # Errors
/// [`ApiError`] with the reason.
pub(in crate::server::http) fn refuse_api_key(headers: &HeaderMap) -> Result<(), ApiError> {
    if sent(headers).is_some_and(is_api_key) { Err(mistaken()) } else { Ok(()) }
}

/// Whether the request carries a dev key of the project that it names. An expired one is ignored (contract §7), and so is an
/// unknown one or one of another project, until one network sends too many of them.
///
/// # Errors
/// [`ApiError`] where there are.
pub(in crate::server::http) async fn find(app: &App, parts: &Parts, project: &str, client: &Client) -> Result<bool, ApiError> {
    let Some(secret) = sent(&parts.headers) else { return Ok(false) };
    if matches!(Secret::parse(secret), Err(SecretError::Damaged)) {
        return Ok(false);
    }
    let (network, now) = (client.network(), app.clock.now());
    let turn = app.unknown_keys.turn(&network, app.clock.monotonic()).await;
    let found = app.store.dev_key_by_secret(&SecretHash::of(secret)).await?;
    drop(turn);
    let Some(key) = found.filter(|key| key.project_id == project) else {
        app.unknown_keys.not_found(&network, app.clock.monotonic())?;
        return Ok(false);
    };
    if key.expire <= now {
        return Ok(false);
    }
    app.usage.dev_key(&key, text(&parts.headers, &names::SDK_NAME), now);
    Ok(true)
}

fn sent(headers: &HeaderMap) -> Option<&str> {
    text(headers, &names::DEV_KEY).filter(|secret| !secret.is_empty())
}

/// Whether the form alone shows that it is an API key.
fn is_api_key(secret: &str) -> bool {
    [SecretKind::Key, SecretKind::Organization].iter().any(|kind| secret.starts_with(kind.prefix()))
        || matches!(secret.split_once('_'), Some(("standard" | "ephemeral" | "dynamic" | "organization" | "account", _)))
}

fn mistaken() -> ApiError {
    let message = "An API key was sent as a dev key. The two are never interchangeable: an API key belongs on a server, in the \
                   X-Appwrite-Key header. If this came from an app or a web page, rotate the key, and create a dev key for it.";
    ApiError::because(ErrorType::Unauthorized, message)
}
