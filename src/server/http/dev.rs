//! Owns what a dev key lifts (contract §7): the origin check and the limits by address, for client requests of its project. It
//! opens nothing: whoever sends one is still nobody, or whoever the rest of the request says.

use axum::http::{HeaderMap, request::Parts};

use super::{client::text, error::ApiError, gate::named_project};
use crate::{
    api::{ErrorType, headers},
    key::{Secret, SecretKind},
    server::{app::App, auth::SecretHash},
};

/// Among the extensions of a request: it carries a dev key that lives, of the project that it names.
#[derive(Clone, Copy)]
pub(super) struct DevKeyed;

/// Whether the request carries a dev key. One that is unknown, expired or of another project is passed over (contract §7).
///
/// # Errors
/// An API key that was sent as a dev key is refused: whoever does that believes that it is harmless.
pub(super) async fn find(app: &App, parts: &Parts) -> Result<bool, ApiError> {
    let Some(secret) = sent(&parts.headers) else { return Ok(false) };
    if is_api_key(secret) {
        return Err(mistaken());
    }
    let (hash, now) = (SecretHash::of(secret), app.clock.now());
    let Some(key) = app.store.dev_key_by_secret(&hash).await? else {
        // A secret of the contract's older form tells nothing of its kind.
        let is_own = Secret::parse(secret).is_ok();
        return if !is_own && app.store.key_by_secret(&hash, now).await?.is_some() { Err(mistaken()) } else { Ok(false) };
    };
    if key.expire <= now || named_project(parts).is_none_or(|project| project != key.project_id) {
        return Ok(false);
    }
    app.usage.dev_key(&key, text(&parts.headers, headers::SDK_NAME), now);
    Ok(true)
}

fn sent(headers: &HeaderMap) -> Option<&str> {
    text(headers, headers::DEV_KEY).filter(|secret| !secret.is_empty())
}

/// Whether the form alone tells that it is an API key.
fn is_api_key(secret: &str) -> bool {
    secret.starts_with(SecretKind::Key.prefix())
        || matches!(secret.split_once('_'), Some(("standard" | "ephemeral" | "dynamic" | "organization" | "account", _)))
}

fn mistaken() -> ApiError {
    let message = "An API key was sent as a dev key. The two are never interchangeable: an API key belongs on a server, in the \
                   X-Appwrite-Key header. If this came from an app or a web page, rotate the key, and create a dev key for it.";
    ApiError::because(ErrorType::Unauthorized, message)
}
