//! The answer to nearly all questions: the secret of a stored key, which is in force and opens the operation that the path calls. One walk
//! through the headers reads all that matters.
//!
//! It never refuses. Where anything needs a closer look, the long way gives the answer, and says why.

use std::net::IpAddr;

use axum::{
    http::{HeaderValue, StatusCode, request::Parts},
    response::Response,
};

use super::{
    KEY_ID, OPERATION, PROJECT_ID, answered, bearer,
    forwarded::{self, MAX_PATH_BYTES, Target},
    gateway::{Gateway, Question, question},
    standard,
};
use crate::{
    api::headers,
    key::KeyStatus,
    scope::DateTime,
    server::{
        app::App,
        http::{
            error::ApiError,
            extract::api_key::{LookedUp, PresentedKey},
        },
        recorder::Usage,
        store::{ProjectRecord, StoredKey},
    },
};

/// A question in which nothing needs a closer look.
struct Plain<'a> {
    status: StatusCode,
    method: &'a str,
    path: &'a str,
    secret: &'a str,
    project: &'a str,
    sdk: Option<&'a str>,
}

/// What comes of a question at first.
pub(in crate::server::http) enum Answer {
    /// A yes.
    Yes(Response),
    /// It needs a closer look. What was looked up need not be looked up again.
    Unclear(Option<LookedUp>),
}

/// Answers a question in which nothing needs a closer look.
///
/// # Errors
/// [`ApiError`] where the store fails.
pub(in crate::server::http) async fn answer(app: &App, parts: &Parts, peer: Option<IpAddr>) -> Result<Answer, ApiError> {
    const UNCLEAR: Answer = Answer::Unclear(None);
    let is_trusted = peer.is_some_and(|peer| app.trusted_proxies().trust(peer.to_canonical()));
    // Beyond its limit, a network waits for its turn.
    let Some(asked) = question(parts.uri.path(), None).ok().filter(|_| is_trusted && app.unknown_keys.is_calm()) else {
        return Ok(UNCLEAR);
    };
    let Some(plain) = read(&asked, parts) else { return Ok(UNCLEAR) };
    let Ok(sent) = PresentedKey::of(app, plain.secret) else { return Ok(UNCLEAR) };
    let PresentedKey::Standard(secret) = &sent else { return Ok(UNCLEAR) };
    let now = app.clock.now();
    let (project, key) = app.store.project_and_key(plain.project, &secret.hash, now).await?;
    let both = project.as_deref().zip(key.as_ref());
    Ok(match both.and_then(|(project, key)| yes(app, &plain, project, key, now)) {
        Some(response) => {
            secret.is_found(app);
            Answer::Yes(response)
        }
        None => Answer::Unclear(Some((sent, project, key))),
    })
}

fn yes(app: &App, plain: &Plain<'_>, project: &ProjectRecord, key: &StoredKey, now: DateTime) -> Option<Response> {
    let brief = key.brief().ok()?;
    let is_in_force = matches!(brief.status(now), KeyStatus::Active | KeyStatus::ExpiresSoon);
    if brief.project_id != project.id || !is_in_force || !Usage::is_noted(&brief, plain.sdk, now) {
        return None;
    }
    let called = app.paths.called(app.catalog, plain.method, plain.path)?;
    let scopes = app.scope_lists.of(app.catalog, brief.scopes, || key.record().ok())?;
    if !called.operations.iter().all(|operation| scopes.opens(app.catalog, *operation)) {
        return None;
    }
    let mut headers = scopes.headers(|scopes| standard(scopes, brief.project_id)).clone();
    for (name, value) in &mut headers {
        if *name == KEY_ID {
            *value = HeaderValue::from_str(brief.id).ok()?;
        } else if *name == OPERATION {
            *value = called.name.clone();
        } else if *name == PROJECT_ID && *value != brief.project_id {
            // Keys of another project have the same scopes.
            *value = HeaderValue::from_str(brief.project_id).ok()?;
        }
    }
    if let Some(operation) = called.operations.first().and_then(|first| app.catalog.operations().get(*first)) {
        app.operations.count(key.sequence(), &operation.id, now);
    }
    Some(answered(plain.status, headers))
}

/// `None` where anything is missing, is there twice, or may be read in two ways.
fn read<'a>(asked: &'a Question<'a>, parts: &'a Parts) -> Option<Plain<'a>> {
    let (own_method, own_target) = match asked.gateway {
        Gateway::Unnamed => return None,
        Gateway::Nginx => ("x-original-method", "x-original-uri"),
        Gateway::IngressNginx => ("x-original-method", "x-original-url"),
        Gateway::Caddy | Gateway::Traefik => ("x-forwarded-method", "x-forwarded-uri"),
        Gateway::Envoy => ("", ""),
    };
    if !asked.settings.scopes.is_empty() {
        return None;
    }
    let (mut named_method, mut named_target, mut key, mut authorization, mut project, mut sdk) = (None, None, None, None, None, None);
    for (name, value) in &parts.headers {
        let name = name.as_str();
        let place = match name {
            _ if name == own_method => &mut named_method,
            _ if name == own_target => &mut named_target,
            headers::KEY => &mut key,
            headers::PROJECT => &mut project,
            headers::SDK_NAME => &mut sdk,
            "authorization" => &mut authorization,
            "host" | "x-forwarded-for" | "user-agent" | "accept" | "connection" => continue,
            // A browser, or a client that sends a dev key.
            "origin" | "sec-fetch-site" | "sec-fetch-dest" | headers::DEV_KEY => return None,
            _ if forwarded::is_harmless(name) => continue,
            _ => return None,
        };
        if place.is_some() {
            return None;
        }
        // No other white space is in a header.
        *place = Some(value.to_str().ok()?.trim_ascii());
    }
    let target = match asked.gateway {
        Gateway::Envoy => Target { path: asked.path, query: parts.uri.query() },
        Gateway::IngressNginx => Target::of(forwarded::target_of(named_target?).ok()?),
        _ => Target::of(named_target?),
    };
    if target.path.len() > MAX_PATH_BYTES || target.query.is_some_and(forwarded::names_method) {
        return None;
    }
    let pinned = asked.settings.project.as_deref();
    let project = match (pinned, project.filter(|named| !named.is_empty())) {
        (Some(pinned), Some(named)) if named != pinned => return None,
        (pinned, named) => pinned.or(named)?,
    };
    let secret = match key.filter(|key| !key.is_empty()) {
        Some(key) => key,
        None => bearer(authorization?)?,
    };
    let is_in_path = asked.gateway == Gateway::Envoy;
    Some(Plain {
        status: if is_in_path { StatusCode::OK } else { StatusCode::NO_CONTENT },
        method: if is_in_path { parts.method.as_str() } else { named_method? },
        path: target.path,
        secret,
        project,
        sdk,
    })
}
