//! Owns who a request comes from and whether it may pass, in the contract's order (§2): identity, origin, project, key, scope.
//! Parameters are read only after it.

use axum::http::{Method, request::Parts};

use super::{
    client::{Client, cookie, text},
    error::ApiError,
    routes::Route,
};
use crate::{
    api::{ErrorType, headers},
    key::{Secret, SecretError, SecretKind, Status},
    server::{
        app::App,
        auth::{Identity, SecretHash, can_a_key_hold},
        store::{AccountRecord, KeyRecord, ProjectRecord, SessionRecord},
    },
};

/// How long a session lives at the most, in seconds: 30 days.
pub(in crate::server) const SESSION_LIFETIME_SECONDS: i64 = 30 * 86_400;
/// How long a session lives without being used, in seconds: 7 days.
pub(in crate::server) const SESSION_IDLE_SECONDS: i64 = 7 * 86_400;
/// What names the console itself in the place of a project.
const CONSOLE: &str = "console";

/// Who passed, and on which project.
pub(super) struct Passed {
    pub identity: Identity,
    pub project: Option<ProjectRecord>,
}

/// What stands in the place of an API key's secret.
enum Sent {
    /// No key.
    Nothing,
    /// Something that the contract treats as if there were no key at all.
    Foreign,
    /// The secret of a standard key, perhaps.
    Standard(SecretHash),
    /// A kind of key that projects do not have.
    Unknown,
}

/// Lets a request pass, or says why not.
pub(super) async fn pass(app: &App, route: &Route, parts: &Parts, path_project: Option<&str>, client: &Client) -> Result<Passed, ApiError> {
    let sent = sent_key(parts)?;
    let header = named_project(parts);
    let has_key = !matches!(sent, Sent::Nothing);
    // The project of a path must be the one of the header; a key says its project in the header and nowhere else (contract §2).
    let names_other = path_project.is_some_and(|id| header.as_deref().is_some_and(|header| header != id && header != CONSOLE));
    if has_key && (header.is_none() || path_project.is_some() && header.as_deref() == Some(CONSOLE)) {
        return Err(ApiError::new(ErrorType::ProjectIdMissing));
    }
    check_origin(app, &parts.method, client, has_key)?;
    if names_other {
        return Err(ApiError::because(ErrorType::Unauthorized, "The path and the X-Appwrite-Project header name different projects."));
    }
    let project = match path_project.or(header.as_deref()) {
        Some(id) if id != CONSOLE => Some(app.store.project(id).await?.ok_or_else(|| ApiError::new(ErrorType::ProjectNotFound))?),
        _ => None,
    };
    let forced_admin = path_project.is_some() && header.as_deref() == Some(CONSOLE);
    let identity = match sent {
        Sent::Unknown => return Err(unknown_key()),
        Sent::Foreign => Identity::Guest,
        Sent::Standard(secret) => key_identity(app, parts, project.as_ref(), &secret, client).await?,
        Sent::Nothing => console_identity(app, parts, project.is_some(), forced_admin).await?,
    };
    check_scope(route, &identity, client)?;
    if route.project && project.is_none() {
        return Err(ApiError::new(ErrorType::AccessForbidden));
    }
    Ok(Passed { identity, project })
}

/// The key decode table of the contract (§2). A damaged secret is refused here, before anything is looked up.
fn sent_key(parts: &Parts) -> Result<Sent, ApiError> {
    let Some(value) = parts.headers.get(headers::KEY).filter(|value| !value.as_bytes().trim_ascii().is_empty()) else {
        return Ok(Sent::Nothing);
    };
    let Ok(secret) = value.to_str().map(str::trim) else { return Ok(Sent::Unknown) };
    match Secret::parse(secret) {
        Ok(own) if own.kind() == SecretKind::Dev => {
            let message =
                "A dev key was sent as an API key. Send it in the X-Appwrite-Dev-Key header; it opens what a session opens, not more.";
            Err(ApiError::because(ErrorType::Unauthorized, message))
        }
        Err(SecretError::Damaged) => {
            let message = "The API key is damaged: its checksum does not fit. Copy it again, whole.";
            Err(ApiError::because(ErrorType::Unauthorized, message))
        }
        Ok(own) => Ok(Sent::Standard(SecretHash::of(own.expose()))),
        Err(SecretError::Foreign) => Ok(match secret.split_once('_') {
            None | Some(("standard", _)) => Sent::Standard(SecretHash::of(secret)),
            Some(("scopewise" | "organization" | "account", _)) => Sent::Unknown,
            Some(_) => Sent::Foreign,
        }),
    }
}

/// One answer for keys that do not exist and keys of other projects.
fn unknown_key() -> ApiError {
    let message =
        "The API key is not one of this project. Check that it was not deleted, and that the X-Appwrite-Project header names its project.";
    ApiError::because(ErrorType::Unauthorized, message)
}

/// The project that the header, or else the query, names.
fn named_project(parts: &Parts) -> Option<String> {
    let header = text(&parts.headers, headers::PROJECT).filter(|id| !id.is_empty()).map(str::to_owned);
    header.or_else(|| {
        let query = parts.uri.query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let has_key = parts.headers.contains_key(headers::KEY);
        // With a key, the contract asks for the header.
        pairs.find(|(name, value)| name == "project" && !value.is_empty() && !has_key).map(|(_, value)| value.into_owned())
    })
}

/// Refuses pages of other origins (contract §2, step 3), and writes that a browser says another site has caused. A request with
/// an API key needs no such check: no browser adds one by itself.
fn check_origin(app: &App, method: &Method, client: &Client, has_key: bool) -> Result<(), ApiError> {
    let writes = !method.is_safe();
    if !has_key && (!client.is_own_origin(app.public_url.as_ref()) || writes && client.is_cross_site()) {
        return Err(ApiError::new(ErrorType::UnknownOrigin));
    }
    Ok(())
}

async fn key_identity(
    app: &App,
    parts: &Parts,
    project: Option<&ProjectRecord>,
    secret: &SecretHash,
    client: &Client,
) -> Result<Identity, ApiError> {
    let now = app.clock.now();
    let found: Option<KeyRecord> = app.store.key_by_secret(secret, now).await?;
    let key = found.filter(|key| project.is_some_and(|project| project.id == key.project_id)).ok_or_else(unknown_key)?;
    if client.is_browser() {
        tracing::warn!(project = key.project_id, key = key.id, "an API key arrived from a browser");
        return Err(ApiError::new(ErrorType::KeyInBrowser));
    }
    match key.status(now) {
        Status::Expired => return Err(ApiError::new(ErrorType::ProjectKeyExpired)),
        Status::Disabled => return Err(ApiError::new(ErrorType::KeyDisabled)),
        Status::Active | Status::ExpiresSoon => {}
    }
    app.usage.key(&key, text(&parts.headers, headers::SDK_NAME), now);
    Ok(Identity::Key(Box::new(key)))
}

/// The console session of the cookie, where it counts: on the console itself, or in admin mode on a project (contract §2).
async fn console_identity(app: &App, parts: &Parts, in_project: bool, forced_admin: bool) -> Result<Identity, ApiError> {
    let admin = forced_admin || text(&parts.headers, headers::MODE).is_some_and(|mode| mode.eq_ignore_ascii_case("admin"));
    if in_project && !admin {
        return Ok(Identity::Guest);
    }
    let Some(token) = cookie(&parts.headers, headers::CONSOLE_COOKIE) else { return Ok(Identity::Guest) };
    let now = app.clock.now();
    let found: Option<(SessionRecord, AccountRecord)> = app.store.session_by_token(&SecretHash::of(token)).await?;
    let lives = |session: &SessionRecord| session.expires_at > now && session.last_used_at.plus_seconds(SESSION_IDLE_SECONDS) > now;
    let Some((session, account)) = found.filter(|(session, _)| lives(session)) else { return Ok(Identity::Guest) };
    if account.blocked {
        return Err(ApiError::new(ErrorType::UserBlocked));
    }
    app.usage.session(&session, now);
    Ok(Identity::Console { account: Box::new(account), session: Box::new(session), in_project })
}

/// Any one of the route's scopes is enough (contract §2, step 4f).
fn check_scope(route: &Route, identity: &Identity, client: &Client) -> Result<(), ApiError> {
    if route.scopes.iter().any(|scope| identity.holds(scope)) {
        return Ok(());
    }
    let (name, role) = (identity.name(client.host()), identity.role().label());
    let missing = serde_json::Value::from(route.scopes);
    let one = if route.scopes.len() == 1 { "this scope" } else { "one of these scopes" };
    let way_out = match (identity, can_a_key_hold(route.scopes)) {
        (Identity::Key(_), true) => format!("Grant {one} to the key, or use another key"),
        (Identity::Guest, true) => format!("Send an API key with {one} in the X-Appwrite-Key header, or sign in to the console"),
        (Identity::Console { in_project: false, .. }, true) => {
            "Name a project in the X-Appwrite-Project header, and send X-Appwrite-Mode: admin".to_owned()
        }
        (Identity::Key(_), false) => "No API key can hold it. Sign in to the console".to_owned(),
        (Identity::Guest, false) => "No API key can hold it: sign in to the console".to_owned(),
        (Identity::Console { .. }, _) => "This account cannot hold it".to_owned(),
    };
    Err(ApiError::because(ErrorType::UnauthorizedScope, format!("{name} (role: {role}) missing scopes ({missing}). {way_out}.")))
}

/// Kept beside the gate, since the cookie is read here: how the cookie of a session is written.
pub(in crate::server) fn session_cookie(token: &str, lifetime_seconds: i64, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={lifetime_seconds}{secure}", headers::CONSOLE_COOKIE)
}
