//! Whether a request that reached a gateway may pass: 204 (200 to Envoy), 401 or 403, as nginx, Caddy, Traefik and Envoy ask.
//! A door of our own.
//!
//! The gateway's settings stand in the query that the gateway itself writes: `project`, and `scope` for routes that are in no
//! catalog. Method and path come from [`forwarded`](crate::server::http::forwarded). Only trusted proxies may ask.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

use crate::{
    api::{ErrorType, headers},
    server::{
        app::App,
        auth::Identity,
        http::{
            client::Client,
            demand::{Demand, problem},
            error::ApiError,
            forwarded::{Forwarded, forwarded},
            keyed::{self, Sent},
        },
        store::Action,
    },
};

const BEARER: &str = "bearer ";
const KEY_ID: HeaderName = HeaderName::from_static("x-scopewise-key-id");
const KEY_TYPE: HeaderName = HeaderName::from_static("x-scopewise-key-type");
const PROJECT_ID: HeaderName = HeaderName::from_static("x-scopewise-project-id");
const SCOPES: HeaderName = HeaderName::from_static("x-scopewise-scopes");
const OPERATION: HeaderName = HeaderName::from_static("x-scopewise-operation");
/// In the place of an empty value: a gateway that skips empty headers would leave what the client has written there.
const NONE: &str = "-";

/// A refusal, and what `WWW-Authenticate` says of it (RFC 6750 §3).
struct Denied {
    error: ApiError,
    challenge: String,
}

impl Denied {
    /// 401. The gateways know no other answers than 401 and 403, so that whatever is wrong with a key ends here.
    fn key(error: ApiError) -> Self {
        if error.kind().status() >= 500 {
            return Self { error, challenge: String::new() };
        }
        let told: String = error.message().chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\') || *c == ' ').collect();
        Self { challenge: format!("Bearer realm=\"scopewise\", error=\"invalid_token\", error_description=\"{told}\""), error }
    }

    /// 403 with the scope that would open it, the best one where any of several would.
    fn scope(error: ApiError, scopes: &[String]) -> Self {
        let challenge = format!("Bearer realm=\"scopewise\", error=\"insufficient_scope\", scope=\"{}\"", scopes.join(" "));
        Self { error, challenge }
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

/// The gateway's settings.
struct Settings {
    project: Option<String>,
    /// Any one of them opens every route.
    scopes: Vec<String>,
}

/// `keys.forwardAuth`.
pub(in crate::server::http) async fn handle(app: &App, parts: &Parts, client: &Client) -> Response {
    match judge(app, parts, client).await {
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

async fn judge(app: &App, parts: &Parts, client: &Client) -> Result<Response, Denied> {
    if !client.through_proxy {
        let message = format!(
            "{} is no trusted proxy, so what it forwards is not believed. Name the gateway's address with --trusted-proxy.",
            client.peer.map_or_else(|| "This peer".to_owned(), |peer| peer.to_string())
        );
        return Err(Denied::request(ErrorType::GatewayUntrusted, message));
    }
    let path_and_query = (parts.uri.path(), parts.uri.query());
    let asked = forwarded(&parts.method, path_and_query, &parts.headers)
        .map_err(|unclear| Denied::request(ErrorType::GatewayRequest, format!("The gateway {unclear}.")))?;
    let settings = settings(app, parts.uri.query(), &asked)?;
    let secret = sent_secret(parts)?;
    let sent = match Sent::of(secret) {
        Ok(sent) => sent,
        Err(not_a_key) => return Err(ApiError::from(not_a_key).into()),
    };
    let project_id = project_id(parts, settings.project.as_deref())?;
    keyed::check_burst(app, &sent, client)?;
    let (Some(project), found) = keyed::look_up(app, Some(project_id), &sent).await? else {
        keyed::note_unknown(app, &sent, client);
        return Err(keyed::unknown_key().into());
    };
    let identity = keyed::identity(app, parts, Some(&project), &sent, found, client).await?;
    if matches!(identity, Identity::Guest) {
        return Err(keyed::unknown_key().into());
    }
    let (demand, operation) = demand(app, &asked, settings.scopes)?;
    if let Some(lack) = demand.lack(app.catalog, &identity, || format!("{} {}", asked.method, asked.path)) {
        let reason = format!("{} {}", ErrorType::InsufficientScope.as_str(), lack.missing.join(" or "));
        app.audit_denied(identity.actor(), &project, Action::KeyUse, &reason, client);
        let named = if lack.any { lack.missing.get(..1).unwrap_or_default() } else { &lack.missing };
        return Err(Denied::scope(ApiError::because(ErrorType::InsufficientScope, lack.message), named));
    }
    // Envoy takes no other status than 200 for a yes.
    let yes = if asked.is_in_path { StatusCode::OK } else { StatusCode::NO_CONTENT };
    Ok(passed(yes, &identity, operation))
}

/// What the gateway has set. A query that is the client's sets nothing: Envoy appends it, and a Caddy without a `?` hands it on.
fn settings(app: &App, query: Option<&str>, asked: &Forwarded<'_>) -> Result<Settings, Denied> {
    let mut settings = Settings { project: None, scopes: Vec::new() };
    let Some(query) = query.filter(|query| !query.is_empty() && !asked.is_in_path) else { return Ok(settings) };
    let refuse = |message: String| Denied::request(ErrorType::GatewaySettings, message);
    if asked.query == Some(query) {
        let message =
            "The query of forward-auth is the client's own. Write a `?` and the settings behind its path in the gateway's configuration.";
        return Err(refuse(message.to_owned()));
    }
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "project" if settings.project.is_none() && !value.is_empty() => settings.project = Some(value.into_owned()),
            "scope" => settings.scopes.extend(value.split([',', ' ']).filter(|scope| !scope.is_empty()).map(str::to_owned)),
            "project" => return Err(refuse("Forward-auth takes one `project`, by its id.".to_owned())),
            other => return Err(refuse(format!("Forward-auth has no setting `{other}`; there are `project` and `scope`."))),
        }
    }
    match problem(app.catalog, &settings.scopes) {
        Some(problem) => Err(refuse(format!("The setting `scope` is not valid: {problem}."))),
        None => Ok(settings),
    }
}

/// The key as the client sent it: `X-Appwrite-Key`, or else `Authorization: Bearer`.
fn sent_secret(parts: &Parts) -> Result<&str, Denied> {
    let key = one(parts, headers::KEY)?;
    let bearer = match key {
        "" => one(parts, header::AUTHORIZATION.as_str())?,
        key => return Ok(key),
    };
    let is_bearer = bearer.get(..BEARER.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(BEARER));
    match bearer.get(BEARER.len()..).map(str::trim).filter(|secret| is_bearer && !secret.is_empty()) {
        Some(secret) => Ok(secret),
        None => {
            let message = "Send an API key in the X-Appwrite-Key header, or as Authorization: Bearer.";
            // Without an error: nothing was sent that could be wrong (RFC 6750 §3.1).
            Err(Denied { error: ApiError::because(ErrorType::Unauthorized, message), challenge: "Bearer realm=\"scopewise\"".to_owned() })
        }
    }
}

/// A header that stands once, at the most: the service behind the gateway could read another one than this.
fn one<'a>(parts: &'a Parts, name: &str) -> Result<&'a str, Denied> {
    if parts.headers.get_all(name).iter().nth(1).is_some() {
        return Err(Denied::request(ErrorType::GatewayRequest, format!("The client sent the header {name} more than once.")));
    }
    match parts.headers.get(name) {
        None => Ok(""),
        Some(value) => value.to_str().map(str::trim).map_err(|_| keyed::unknown_key().into()),
    }
}

/// The project that the gateway guards, or else the one that the client names, as SDKs do.
fn project_id<'a>(parts: &'a Parts, pinned: Option<&'a str>) -> Result<&'a str, Denied> {
    let named = one(parts, headers::PROJECT)?;
    match pinned {
        Some(pinned) if named.is_empty() || named == pinned => Ok(pinned),
        Some(_) => Err(keyed::unknown_key().into()),
        None if named.is_empty() => {
            let message = "No project is named. Let the gateway ask with `?project=ID`, or the client send X-Appwrite-Project.";
            Err(ApiError::because(ErrorType::Unauthorized, message).into())
        }
        None => Ok(named),
    }
}

/// What the request needs, and what it is called.
fn demand(app: &App, asked: &Forwarded<'_>, scopes: Vec<String>) -> Result<(Demand, &'static str), Denied> {
    if !scopes.is_empty() {
        return Ok((Demand::Any(scopes), NONE));
    }
    let operations: Vec<_> = app.catalog.operations_at(asked.method, asked.path).collect();
    let Some(first) = operations.first() else {
        let message = format!(
            "No operation of the catalog is {} {}. For routes of your own, let the gateway ask with `?scope=…`.",
            asked.method, asked.path
        );
        return Err(Denied { error: ApiError::because(ErrorType::GatewayRoute, message), challenge: String::new() });
    };
    let name = first.id.as_str();
    Ok((Demand::Operations(operations), name))
}

/// A yes, and whose key it is. Every header is always there, so that a gateway overwrites what a client has put in its place.
fn passed(yes: StatusCode, identity: &Identity, operation: &str) -> Response {
    let (id, kind, project, scopes) = match identity {
        Identity::Key(key) => (key.id.as_str(), "standard", key.project_id.as_str(), &*key.scopes),
        Identity::Ephemeral(key) => (key.id.as_str(), "ephemeral", key.project_id.as_str(), &*key.scopes),
        Identity::Guest | Identity::Console { .. } => (NONE, NONE, NONE, &[][..]),
    };
    let mut response = yes.into_response();
    let fields = [(KEY_ID, id), (KEY_TYPE, kind), (PROJECT_ID, project), (SCOPES, &scopes.join(" ")), (OPERATION, operation)];
    for (name, value) in fields {
        let value = if value.is_empty() { NONE } else { value };
        response.headers_mut().insert(name, HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(NONE)));
    }
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
