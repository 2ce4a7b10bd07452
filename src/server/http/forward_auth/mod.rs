//! Whether a request that reached a gateway may pass: 204 (200 to Envoy), 401 or 403, as nginx, Caddy, Traefik and Envoy ask.
//! Not in the contract.
//!
//! [`gateway`](crate::server::http::forward_auth::gateway) reads who asks and what is set, [`forwarded`](crate::server::http::forward_auth::forwarded) which
//! request is meant. Only trusted proxies may ask.

pub(super) mod forwarded;
pub(super) mod gateway;
pub(super) mod quick;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

use super::{
    error::ApiError,
    extract::{
        api_key::{self, LookedUp, PresentedKey},
        client::Client,
    },
    forward_auth::{
        forwarded::{Forwarded, forwarded},
        gateway::{Gateway, Question, question},
    },
    middleware::{NO_STORE, PLAIN},
    names,
    requirement::{Requirement, problem},
};
use crate::{
    api::{ErrorType, paths},
    scope::{Catalog, Open},
    server::{app::App, auth::Identity, store::Action},
};

const BEARER: &str = "bearer ";
static KEY_ID: HeaderName = HeaderName::from_static("x-scopewise-key-id");
static KEY_TYPE: HeaderName = HeaderName::from_static("x-scopewise-key-type");
static PROJECT_ID: HeaderName = HeaderName::from_static("x-scopewise-project-id");
static SCOPES: HeaderName = HeaderName::from_static("x-scopewise-scopes");
static OPERATION: HeaderName = HeaderName::from_static("x-scopewise-operation");
/// In the place of an empty value: a gateway that skips empty headers would leave what the client has written there.
const NONE: &str = "-";
const NO_VALUE: HeaderValue = HeaderValue::from_static(NONE);
/// The type of a stored key.
const STANDARD: &str = "standard";

/// A refusal, and what `WWW-Authenticate` says of it (RFC 6750 §3).
struct Denied {
    error: ApiError,
    challenge: String,
}

impl Denied {
    /// 401. Gateways know only 401 and 403, so every problem with a key is one of them.
    fn key(error: ApiError) -> Self {
        if error.kind().status() >= 500 {
            return Self { error, challenge: String::new() };
        }
        let description: String =
            error.message().chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\') || *c == ' ').collect();
        Self { challenge: format!("Bearer realm=\"scopewise\", error=\"invalid_token\", error_description=\"{description}\""), error }
    }

    /// 403 with the scope that would open it, the best one where any of several would; without one where no scope does.
    fn scope(error: ApiError, scopes: &[String]) -> Self {
        let named = if scopes.is_empty() { String::new() } else { format!(", scope=\"{}\"", scopes.join(" ")) };
        Self { error, challenge: format!("Bearer realm=\"scopewise\", error=\"insufficient_scope\"{named}") }
    }

    /// 403 for what no key can change.
    fn request(kind: ErrorType, message: String) -> Self {
        tracing::warn!(reason = message, "a gateway's question was refused");
        Self { error: ApiError::because(kind, message), challenge: String::new() }
    }
}

impl From<ApiError> for Denied {
    fn from(error: ApiError) -> Self {
        Self::key(error)
    }
}

/// `keys.forwardAuth`, where [`quick`] has no answer. `known` is what it has looked up.
pub(in crate::server::http) async fn handle(app: &App, parts: &Parts, client: &Client, known: Option<LookedUp>) -> Response {
    match judge(app, parts, client, known).await {
        Ok(response) => response,
        Err(Denied { error, challenge }) => {
            let mut response = error.into_response();
            if response.status() == StatusCode::TOO_MANY_REQUESTS {
                // nginx would make an error of the server of it; `Retry-After` stays.
                *response.status_mut() = StatusCode::UNAUTHORIZED;
            }
            if let Some(value) = HeaderValue::from_str(&challenge).ok().filter(|_| !challenge.is_empty()) {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
            }
            response
        }
    }
}

async fn judge(app: &App, parts: &Parts, client: &Client, known: Option<LookedUp>) -> Result<Response, Denied> {
    if !client.through_proxy {
        let message = format!(
            "{} is no trusted proxy, so what it forwards is not believed. Name the gateway's address with --trusted-proxy.",
            client.peer.map_or_else(|| "This peer".to_owned(), |peer| peer.to_string())
        );
        return Err(Denied::request(ErrorType::GatewayUntrusted, message));
    }
    let query = parts.uri.query();
    let refuse = |message| Denied::request(ErrorType::GatewaySettings, message);
    let question = question(parts.uri.path(), query).map_err(|message| refuse(message.into_owned()))?;
    let asked = forwarded(&question, &parts.method, query, &parts.headers, app.catalog.trailing_slash)
        .map_err(|unclear| Denied::request(ErrorType::GatewayRequest, format!("The gateway {unclear}.")))?;
    check_settings(app, &question, query, &asked)?;
    let settings = question.settings;
    // Envoy takes no other status than 200 for a yes.
    let yes_status = if asked.is_in_path { StatusCode::OK } else { StatusCode::NO_CONTENT };
    if settings.scopes.is_empty()
        && !sends_key(parts)
        && let Some(operation) = public_operation(app.catalog, &asked)
    {
        return Ok(authorized(yes_status, app.catalog, &Identity::Guest, operation));
    }
    let secret = sent_secret(parts)?;
    let project_id = project_id(parts, settings.project.as_deref());
    let (sent, project, found) = match known {
        Some(known) => known,
        None => {
            let sent = match PresentedKey::of(app, secret) {
                // One of the organization opens the keys of a project here, and nothing behind a gateway.
                Ok(PresentedKey::Organization(_)) => PresentedKey::Unknown,
                Ok(sent) => sent,
                Err(not_a_key) => return Err(ApiError::from(not_a_key).into()),
            };
            let (project, found) = api_key::look_up(app, Some(project_id?), &sent, client).await?;
            (sent, project, found)
        }
    };
    let Some(project) = project else {
        api_key::note_unknown(app, &sent, client)?;
        return Err(api_key::unknown_key().into());
    };
    let identity = api_key::identity(app, parts, Some(&project), &sent, found, client).await?;
    if matches!(identity, Identity::Guest) {
        return Err(api_key::unknown_key().into());
    }
    let (requirement, operation) = requirement(app, &asked, settings.scopes)?;
    if let Some(unmet) = requirement.unmet(app.catalog, &project.policy, &identity, || format!("{} {}", asked.method, asked.path)) {
        let ways: Vec<String> = unmet.missing.iter().map(|way| way.0.join(" and ")).collect();
        let reason = format!("{} {}", ErrorType::InsufficientScope.as_str(), ways.join(" or "));
        app.audit_denied(identity.actor(), project.log(), Action::KeyUse, &reason, client);
        let named = if unmet.any { unmet.missing.get(..1).unwrap_or_default() } else { &unmet.missing };
        let named: Vec<String> = named.iter().flat_map(|way| &way.0).cloned().collect();
        return Err(Denied::scope(ApiError::because(ErrorType::InsufficientScope, unmet.message), &named));
    }
    if let (Identity::Key(key), Requirement::Operations(called)) = (&identity, &requirement)
        && let Some(first) = called.first()
    {
        app.operations.count(key.sequence, &first.id, app.clock.now());
    }
    Ok(authorized(yes_status, app.catalog, &identity, operation))
}

/// Refuses settings that the client may have written, and those that no key could ever meet.
fn check_settings(app: &App, question: &Question<'_>, query: Option<&str>, asked: &Forwarded<'_>) -> Result<(), Denied> {
    let refuse = |message: String| Err(Denied::request(ErrorType::GatewaySettings, message));
    // A Caddy without a `?` hands on the client's query.
    let is_in_query = question.gateway == Gateway::Unnamed && question.path.is_empty();
    if is_in_query && query.is_some_and(|query| !query.is_empty() && asked.query == Some(query)) {
        let message = format!(
            "The query of forward-auth is the same as the client's, so that nobody can tell who wrote it. Put the settings into the path: \
             {}/NAME/project=ID, where NAME is caddy, envoy, ingress-nginx, nginx or traefik.",
            paths::FORWARD_AUTH
        );
        return refuse(message);
    }
    match problem(app.catalog, &question.settings.scopes) {
        Some(problem) => refuse(format!("The setting `scope` is not valid: {problem}.")),
        None => Ok(()),
    }
}

fn sends_key(parts: &Parts) -> bool {
    parts.headers.contains_key(&names::KEY) || parts.headers.contains_key(header::AUTHORIZATION)
}

/// The id of the operation, where the catalog says that it needs no key. A key that is sent nevertheless must be valid.
fn public_operation(catalog: &'static Catalog, asked: &Forwarded<'_>) -> Option<&'static str> {
    let operations: Vec<_> = catalog.operations_at(asked.method, asked.path).collect();
    let is_public = operations.iter().all(|operation| operation.open == Some(Open::Public));
    operations.first().filter(|_| is_public).map(|operation| operation.id.as_str())
}

/// The key as the client sent it: `X-Appwrite-Key`, or else `Authorization: Bearer`.
fn sent_secret(parts: &Parts) -> Result<&str, Denied> {
    let key = one(parts, &names::KEY)?;
    let bearer = match key {
        "" => one(parts, &header::AUTHORIZATION)?,
        key => return Ok(key),
    };
    match self::bearer(bearer) {
        Some(secret) => Ok(secret),
        None => {
            let message = "Send an API key in the X-Appwrite-Key header, or as Authorization: Bearer.";
            // Without an error: nothing was sent that could be wrong (RFC 6750 §3.1).
            Err(Denied { error: ApiError::because(ErrorType::Unauthorized, message), challenge: "Bearer realm=\"scopewise\"".to_owned() })
        }
    }
}

/// What follows `Bearer`.
fn bearer(authorization: &str) -> Option<&str> {
    let is_bearer = authorization.get(..BEARER.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(BEARER));
    authorization.get(BEARER.len()..).map(str::trim).filter(|secret| is_bearer && !secret.is_empty())
}

/// A header that stands once, at the most: the service behind the gateway could read another one than this.
fn one<'a>(parts: &'a Parts, name: &HeaderName) -> Result<&'a str, Denied> {
    let mut values = parts.headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(Denied::request(ErrorType::GatewayRequest, format!("The client sent the header {name} more than once.")));
    }
    match first {
        None => Ok(""),
        Some(value) => value.to_str().map(str::trim).map_err(|_| api_key::unknown_key().into()),
    }
}

/// The project that the gateway guards, or else the one that the client names, as SDKs do.
fn project_id<'a>(parts: &'a Parts, pinned: Option<&'a str>) -> Result<&'a str, Denied> {
    let named = one(parts, &names::PROJECT)?;
    match pinned {
        Some(pinned) if named.is_empty() || named == pinned => Ok(pinned),
        Some(_) => Err(api_key::unknown_key().into()),
        None if named.is_empty() => {
            let message =
                "No project is named. Set `project=ID` in the path that the gateway asks, or let the client send X-Appwrite-Project.";
            Err(ApiError::because(ErrorType::Unauthorized, message).into())
        }
        None => Ok(named),
    }
}

/// What the request needs, and what it is called.
fn requirement(app: &App, asked: &Forwarded<'_>, scopes: Vec<String>) -> Result<(Requirement<'static>, &'static str), Denied> {
    if !scopes.is_empty() {
        return Ok((Requirement::Any(scopes), NONE));
    }
    let operations: Vec<_> = app.catalog.operations_at(asked.method, asked.path).collect();
    let Some(first) = operations.first() else {
        let refuse = |kind, message: String| Err(Denied { error: ApiError::because(kind, message), challenge: String::new() });
        if let Some((written, taken)) = app.catalog.operations_mistaken(asked.method, asked.path) {
            let message = format!(
                "{} {} is {}, but a service that ignores letter case, or trims or cuts what stands between two slashes, takes it for {} \
                 ({}). Nobody passes with it; give what it names another id.",
                asked.method, asked.path, written.id, taken.id, taken.path
            );
            return refuse(ErrorType::GatewayAmbiguous, message);
        }
        let mut based = app.catalog.base_paths.iter().map(|base| format!("{base}{}", asked.path));
        if let Some(based) = based.find(|path| app.catalog.operations_at(asked.method, path).next().is_some()) {
            let message = format!(
                "No operation of the catalog is {} {}, but {0} {based} is one: let the gateway ask with the path as the client sends it, or \
                 import the catalog with `--base /`.",
                asked.method, asked.path
            );
            return refuse(ErrorType::GatewayRoute, message);
        }
        let message = format!(
            "No operation of the catalog is {} {}. For routes of your own, set `scope=…` in the path that the gateway asks.",
            asked.method, asked.path
        );
        return refuse(ErrorType::GatewayRoute, message);
    };
    let name = first.id.as_str();
    Ok((Requirement::Operations(operations), name))
}

/// A yes, and whose key it is. Every header is always there, so that a gateway overwrites what a client has written there.
fn authorized(status: StatusCode, catalog: &Catalog, identity: &Identity, operation: &'static str) -> Response {
    let (id, kind, project) = match identity {
        Identity::Key(key) => (key.id.as_str(), STANDARD, key.project_id.as_str()),
        Identity::Ephemeral(key) => (key.id.as_str(), "ephemeral", key.project_id.as_str()),
        Identity::Guest | Identity::Console { .. } | Identity::Organization(_) | Identity::Widget(_) => (NONE, NONE, NONE),
    };
    // The service behind the gateway believes them.
    let scopes = identity.counting_scopes(catalog).join(" ");
    let text = |text: &str| HeaderValue::from_str(text).unwrap_or(NO_VALUE);
    answered(status, headers(text(id), HeaderValue::from_static(kind), text(project), text(&scopes), HeaderValue::from_static(operation)))
}

/// The headers of a yes for a stored key with these scopes, of this project; its id and the operation are still to be written.
fn standard(scopes: &HeaderValue, project: &str) -> HeaderMap {
    let project = HeaderValue::from_str(project).unwrap_or(NO_VALUE);
    headers(NO_VALUE, HeaderValue::from_static(STANDARD), project, scopes.clone(), NO_VALUE)
}

fn headers(id: HeaderValue, kind: HeaderValue, project: HeaderValue, scopes: HeaderValue, operation: HeaderValue) -> HeaderMap {
    let fields = [(&KEY_ID, id), (&KEY_TYPE, kind), (&PROJECT_ID, project), (&SCOPES, scopes), (&OPERATION, operation)];
    let fields = fields.map(|(name, value)| (name.clone(), if value.is_empty() { NO_VALUE } else { value }));
    fields.into_iter().chain([(header::CACHE_CONTROL, NO_STORE), (header::CONTENT_TYPE, PLAIN)]).collect()
}

/// A yes with these headers.
fn answered(status: StatusCode, headers: HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    (*response.status_mut(), *response.headers_mut()) = (status, headers);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_cannot_be_broken_out_of() {
        let denied = Denied::key(ApiError::because(ErrorType::Unauthorized, "a \"quoted\" \\ text\r\nX-Evil: 1 é"));
        assert_eq!(denied.challenge, "Bearer realm=\"scopewise\", error=\"invalid_token\", error_description=\"a quoted  textX-Evil: 1 \"");
    }
}
