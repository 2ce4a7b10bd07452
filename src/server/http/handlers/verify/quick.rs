//! The answer to nearly all questions: one standard key of the project is valid, in force and noted as used, and holds the scopes that are
//! asked for. So is the key that asks.
//!
//! It never refuses. Where anything needs a closer look, the long way gives the answer, and says why.

use axum::{
    body::{Body, Bytes},
    http::{Method, StatusCode, request::Parts},
    response::Response,
};
use futures_util::future;
use serde::Deserialize;

use crate::{
    api::{VerificationCode, WireDate, headers, paths::keys},
    key::KeyStatus,
    scope::{DateTime, Tier},
    server::{
        app::App,
        http::extract::api_key::{PresentedKey, SentSecret},
        recorder::Usage,
        store::{KeyBrief, ProjectRecord},
    },
};

/// The scope that the route needs.
const SCOPE: &str = "keys.read";
/// What the route is called.
const OPERATION: &str = "keys.verify";
/// Longer bodies are read the long way.
pub(in crate::server::http) const MAX_BODY_BYTES: usize = 4096;

/// The usual body. Anything else of it needs a closer look, also an escape in a text, or a member that comes twice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked<'a> {
    key: &'a str,
    #[serde(borrow, default)]
    scopes: Option<Vec<&'a str>>,
}

/// The headers that matter.
struct Sent<'a> {
    secret: &'a str,
    project: &'a str,
    sdk: Option<&'a str>,
}

/// Whether a request may be answered here.
pub(in crate::server::http) fn is_asked(parts: &Parts) -> bool {
    parts.method == Method::POST && parts.uri.path() == keys::VERIFY && parts.uri.query().is_none()
}

/// The answer, without the headers that every answer has. `None` where anything needs a closer look.
pub(in crate::server::http) async fn answer(app: &App, parts: &Parts, body: &Bytes) -> Option<Response> {
    if !app.unknown_keys.is_calm() || !app.unknown_verified_keys.is_calm() {
        return None;
    }
    let sent = read(parts)?;
    // A list of JSON would be read as the members in their order.
    let asked: Asked<'_> = body.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(body).ok())??;
    let (sent_caller, named) = (secret(app, sent.secret)?, secret(app, asked.key.trim())?);
    let now = app.clock.now();
    // Together, so that one check of what is in memory serves both. What the store cannot answer, the long way reports.
    let asks = app.store.project_and_key(sent.project, &sent_caller.hash, now);
    let (asks, named_keys) = future::join(asks, app.store.keys_by_secrets(std::slice::from_ref(&named.hash), now)).await;
    let (project, caller) = asks.ok()?;
    let (project, caller, key) = (project?, caller?, named_keys.ok()?.pop()??);
    let brief = in_force(caller.brief().ok()?, &project, sent.sdk, now)?;
    let list = app.scope_lists.of(app.catalog, brief.scopes, || caller.record().ok())?;
    if !list.may_verify(app.catalog, SCOPE) {
        return None;
    }
    let brief = in_force(key.brief().ok()?, &project, None, now)?;
    let list = app.scope_lists.of(app.catalog, brief.scopes, || key.record().ok())?;
    let scopes = asked.scopes.unwrap_or_default();
    let can_be_asked = |scope: &&str| app.catalog.scope(scope).is_some_and(|scope| scope.tiers.contains(&Tier::Project));
    if scopes.len() > app.catalog.max_scopes || !scopes.iter().all(|scope| can_be_asked(scope) && list.holds(app.catalog, scope)) {
        return None;
    }
    sent_caller.is_found(app);
    named.is_found(app);
    app.operations.count(caller.sequence(), OPERATION, now);
    let mut response = Response::new(Body::from(valid(&brief, list.counting_json())?));
    *response.status_mut() = StatusCode::OK;
    Some(response)
}

fn secret(app: &App, text: &str) -> Option<SentSecret> {
    match PresentedKey::of(app, text) {
        Ok(PresentedKey::Standard(secret)) => Some(secret),
        _ => None,
    }
}

/// A key of the project that is in force, and whose use is noted already.
fn in_force<'a>(key: KeyBrief<'a>, project: &ProjectRecord, sdk: Option<&str>, now: DateTime) -> Option<KeyBrief<'a>> {
    let is_in_force = matches!(key.status(now), KeyStatus::Active | KeyStatus::ExpiresSoon);
    (key.project_id == project.id && is_in_force && Usage::is_noted(&key, sdk, now)).then_some(key)
}

/// `None` where anything is missing, is there twice, or could change the answer.
fn read(parts: &Parts) -> Option<Sent<'_>> {
    let (mut key, mut project, mut sdk, mut kind) = (None, None, None, None);
    for (name, value) in &parts.headers {
        let place = match name.as_str() {
            headers::KEY => &mut key,
            headers::PROJECT => &mut project,
            headers::SDK_NAME => &mut sdk,
            "content-type" => &mut kind,
            "host" | "content-length" | "user-agent" | "accept" | "accept-encoding" | "accept-language" | "connection" => continue,
            "x-sdk-language" | "x-sdk-platform" | "x-sdk-version" | "x-forwarded-for" | "x-request-id" => continue,
            _ => return None,
        };
        if place.is_some() {
            return None;
        }
        // No other white space is in a header.
        *place = Some(value.to_str().ok()?.trim_ascii());
    }
    let is_json = |kind: &str| ["application/json", "application/json; charset=utf-8"].iter().any(|known| kind.eq_ignore_ascii_case(known));
    kind.filter(|kind| is_json(kind))?;
    Some(Sent { secret: key.filter(|key| !key.is_empty())?, project: project.filter(|id| !id.is_empty())?, sdk })
}

/// [`Verification`](crate::api::Verification) of a valid key, as it is on the wire.
fn valid(key: &KeyBrief<'_>, scopes: &str) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(256 + scopes.len());
    body.extend_from_slice(b"{\"valid\":true,\"code\":");
    serde_json::to_writer(&mut body, &VerificationCode::Valid).ok()?;
    body.extend_from_slice(b",\"message\":\"");
    body.extend_from_slice(super::VALID.as_bytes());
    body.extend_from_slice(b"\",\"type\":\"standard\",\"keyId\":");
    serde_json::to_writer(&mut body, key.id).ok()?;
    body.extend_from_slice(b",\"projectId\":");
    serde_json::to_writer(&mut body, key.project_id).ok()?;
    body.extend_from_slice(b",\"scopes\":");
    body.extend_from_slice(scopes.as_bytes());
    body.extend_from_slice(b",\"missing\":[],\"expire\":");
    serde_json::to_writer(&mut body, &WireDate(key.expire())).ok()?;
    body.push(b'}');
    Some(body)
}
