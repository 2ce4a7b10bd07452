//! Who sends a request, and whether it may pass, in the contract's order (§2): identity, origin, project, key, scope.
//! Parameters are read only after it.

use std::sync::Arc;

use axum::http::{HeaderMap, Method, request::Parts};

use super::{
    api_key::{self, PresentedKey},
    client::{Client, cookie, text},
    dev_key,
};
use crate::{
    api::{ErrorType, headers},
    scope::Tier,
    server::{
        app::App,
        auth::{Devices, Identity, SecretHash, can_a_key_open},
        config::PublicUrl,
        http::{
            error::ApiError,
            names,
            routes::{self, PathProject, Route},
        },
        models::ORGANIZATION,
        service::accounts::own::is_live,
        store::{AccountRecord, Action, ProjectRecord, SessionRecord},
    },
};

/// The project id that stands for the console itself.
const CONSOLE: &str = "console";

/// Who authorized, and on which project.
pub(in crate::server::http) struct Authorized {
    pub identity: Identity,
    /// What it is about: a project, or the organization, where it is about its keys.
    pub project: Option<Arc<ProjectRecord>>,
}

/// Lets a request pass, or says why not. `pattern` is the route's path that was asked for.
pub(in crate::server::http) async fn authorize(
    app: &App,
    route: &Route,
    pattern: &str,
    parts: &Parts,
    path_project: Option<PathProject<'_>>,
    client: &Client,
) -> Result<Authorized, ApiError> {
    let sent = api_key::presented_key(app, &parts.headers)?;
    let alone = path_project.is_some_and(|project| project.alone);
    let of_organization = matches!(sent, PresentedKey::Organization(_));
    if of_organization && text(&parts.headers, &names::ORGANIZATION) != Some(ORGANIZATION) {
        return Err(ApiError::new(ErrorType::OrganizationIdMissing));
    }
    // A key of the organization is one of every project. It acts on the one of a path that names it alone, and on no other.
    let path_project = path_project.map(|project| project.id).filter(|_| alone || !of_organization);
    let header = match (alone, of_organization) {
        (true, _) => path_project.map(str::to_owned),
        (false, true) => None,
        (false, false) => named_project(parts),
    };
    let has_key = !matches!(sent, PresentedKey::Nothing);
    // A text in the form of a key is a key, or is refused. Only a token may turn out to be no key, which makes a guest.
    let may_be_key =
        matches!(sent, PresentedKey::Standard(_) | PresentedKey::Organization(_) | PresentedKey::Ephemeral(_) | PresentedKey::Widget(_));
    // A widget runs in pages of other origins. Its routes accept nothing that a browser adds unasked.
    let is_for_widgets = routes::is_for_widgets(pattern);
    // The project of a path must be the one of the header; a key says its project in the header and nowhere else (contract §2).
    let names_other = path_project.is_some_and(|id| header.as_deref().is_some_and(|header| header != id && header != CONSOLE));
    if has_key && !of_organization && (header.is_none() || path_project.is_some() && header.as_deref() == Some(CONSOLE)) {
        // A kind of key that no project has is refused as such, also without a project.
        let is_unknown = matches!(sent, PresentedKey::Unknown);
        return Err(if is_unknown { api_key::unknown_key() } else { ApiError::new(ErrorType::ProjectIdMissing) });
    }
    dev_key::refuse_api_key(&parts.headers)?;
    if let Some(project) = header.as_deref().filter(|_| !has_key && client.dev_keyed.get().is_none()) {
        let _ = client.dev_keyed.set(dev_key::find(app, parts, project, client).await?);
    }
    if !may_be_key && !is_for_widgets {
        check_origin(app, route, &parts.method, client)?;
    }
    if names_other {
        return Err(ApiError::because(ErrorType::Unauthorized, "The path and the X-Appwrite-Project header name different projects."));
    }
    let named = path_project.or(header.as_deref()).filter(|id| *id != CONSOLE);
    let (project, found) = api_key::look_up(app, named, &sent, client).await?;
    if named.is_some() && project.is_none() {
        api_key::note_unknown(app, &sent, client)?;
        return Err(ApiError::new(ErrorType::ProjectNotFound));
    }
    let forced_admin = path_project.is_some() && (alone || header.as_deref() == Some(CONSOLE));
    let identity = match sent {
        // A dev key lets pages of other origins ask, but never as the person who is signed in to the console.
        PresentedKey::Nothing if client.is_dev_keyed() && client.is_foreign_page(app.public_url.as_ref()) => Identity::Guest,
        PresentedKey::Nothing => console_identity(app, parts, project.is_some(), forced_admin).await?,
        _ => api_key::identity(app, parts, project.as_deref(), &sent, found, client).await?,
    };
    if may_be_key && matches!(identity, Identity::Guest) && !is_for_widgets {
        check_origin(app, route, &parts.method, client)?;
    }
    check_scope(app, route, pattern, &identity, project.as_deref(), client)?;
    let project = if routes::is_of_organization_keys(pattern) { Some(app.store.organization().await?) } else { project };
    if route.project && project.is_none() {
        return Err(ApiError::new(ErrorType::AccessForbidden));
    }
    Ok(Authorized { identity, project })
}

/// The project that the header, or else the query, names.
fn named_project(parts: &Parts) -> Option<String> {
    let header = text(&parts.headers, &names::PROJECT).filter(|id| !id.is_empty()).map(str::to_owned);
    header.or_else(|| {
        let query = parts.uri.query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let has_key = parts.headers.contains_key(&names::KEY);
        // With a key, the contract asks for the header.
        pairs.find(|(name, value)| name == "project" && !value.is_empty() && !has_key).map(|(_, value)| value.into_owned())
    })
}

/// Refuses pages of other origins (contract §2, step 3), and writes that a browser says another site has caused. A request with
/// an API key needs no such check, since no browser adds one unasked. Other texts in its header do not count. A dev key lifts the check for
/// requests of its project; writes elsewhere sign a person in, or up.
fn check_origin(app: &App, route: &Route, method: &Method, client: &Client) -> Result<(), ApiError> {
    let writes = !method.is_safe();
    let is_lifted = client.is_dev_keyed() && (route.project || !writes);
    if !is_lifted && (!client.is_own_origin(app.public_url.as_ref()) || writes && client.is_cross_site()) {
        return Err(ApiError::new(ErrorType::UnknownOrigin));
    }
    Ok(())
}

/// The console session of the cookie, where it counts: on the console itself, or in admin mode on a project (contract §2).
async fn console_identity(app: &App, parts: &Parts, in_project: bool, forced_admin: bool) -> Result<Identity, ApiError> {
    let admin = forced_admin || text(&parts.headers, &names::MODE).is_some_and(|mode| mode.eq_ignore_ascii_case("admin"));
    if in_project && !admin {
        return Ok(Identity::Guest);
    }
    let https = app.public_url.as_ref().is_some_and(PublicUrl::is_https);
    let Some(token) = cookie(&parts.headers, cookie_name(https)) else { return Ok(Identity::Guest) };
    let now = app.clock.now();
    let found: Option<(SessionRecord, AccountRecord)> = app.store.session_by_token(&SecretHash::of(token)).await?;
    let Some((session, account)) = found.filter(|(session, _)| is_live(session, now)) else { return Ok(Identity::Guest) };
    if account.blocked {
        return Err(ApiError::new(ErrorType::UserBlocked));
    }
    app.usage.session(&session, now);
    Ok(Identity::Console { account: Box::new(account), session: Box::new(session), in_project })
}

/// Any one of the route's scopes is enough (contract §2, step 4f), on a key that the path is for.
fn check_scope(
    app: &App,
    route: &Route,
    pattern: &str,
    identity: &Identity,
    project: Option<&ProjectRecord>,
    client: &Client,
) -> Result<(), ApiError> {
    let is_for = |tier: Tier| routes::is_for_keys_of(pattern, tier);
    let (of_widget, for_widgets) = (matches!(identity, Identity::Widget(_)), routes::is_for_widgets(pattern));
    if of_widget == for_widgets && identity.tier().is_none_or(is_for) && route.scopes.iter().any(|scope| identity.opens(app.catalog, scope))
    {
        return Ok(());
    }
    if let Some(tier) = identity.tier() {
        let reason = format!("{} {}", ErrorType::UnauthorizedScope.as_str(), route.scopes.join(" or "));
        let log = project.filter(|_| tier == Tier::Project).and_then(ProjectRecord::log);
        app.audit_denied(identity.actor(), log, Action::KeyUse, &reason, client);
    }
    let (name, role) = (identity.name(client.host()), identity.role().label());
    let missing = serde_json::Value::from(route.scopes);
    let one = if route.scopes.len() == 1 { "this scope" } else { "one of these scopes" };
    let opens = |tier: Tier| is_for(tier) && can_a_key_open(tier, app.catalog, route.scopes);
    let help = match (identity, identity.tier(), opens(Tier::Project), opens(Tier::Organization)) {
        _ if for_widgets => {
            "Only a widget token in force opens this. Your server creates one with POST /v1/project/widget-tokens".to_owned()
        }
        (Identity::Widget(_), ..) => "A widget token opens only what is below /v1/widget. Send an API key from your server".to_owned(),
        (_, Some(tier), ..) if opens(tier) => format!("Grant {one} to the key, or use another key"),
        (_, Some(_), true, _) => "No key of the organization opens this. Use a key of the project, or sign in to the console".to_owned(),
        (_, Some(_), _, true) => "No key of a project opens this. Use a key of the organization, or sign in to the console".to_owned(),
        (_, Some(_), ..) => "No API key can hold it. Sign in to the console".to_owned(),
        (Identity::Console { in_project: false, .. }, _, true, _) => {
            "Name a project in the X-Appwrite-Project header, and send X-Appwrite-Mode: admin".to_owned()
        }
        (Identity::Console { .. }, ..) => "This account cannot hold it".to_owned(),
        (_, _, true, _) => format!("Send an API key with {one} in the X-Appwrite-Key header, or sign in to the console"),
        (_, _, _, true) => format!("Send a key of the organization with {one} in the X-Appwrite-Key header, or sign in to the console"),
        _ => "No API key can hold it: sign in to the console".to_owned(),
    };
    Err(ApiError::because(ErrorType::UnauthorizedScope, format!("{name} (role: {role}) missing scopes ({missing}). {help}.")))
}

/// Writes the cookie of a session. It is here because the cookie is read here.
pub(in crate::server) fn session_cookie(token: &str, lifetime_seconds: i64, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={lifetime_seconds}{secure}", cookie_name(https))
}

/// How long a browser is known to the sign-in: 400 days, which is the longest that browsers keep a cookie.
const DEVICE_LIFETIME_SECONDS: i64 = 400 * 86_400;

/// How the cookie of a browser that has signed in is written.
pub(in crate::server) fn device_cookie(value: &str, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={DEVICE_LIFETIME_SECONDS}{secure}", device_cookie_name(https))
}

/// The accounts that have signed in from this browser before, by its cookie.
pub(in crate::server::http) fn devices(headers: &HeaderMap, https: bool) -> Devices {
    Devices::of(cookie(headers, device_cookie_name(https)))
}

fn device_cookie_name(https: bool) -> &'static str {
    if https { headers::DEVICE_COOKIE_HTTPS } else { headers::DEVICE_COOKIE }
}

/// Only one name counts: a cookie that a neighbouring host or a page without https has planted is not read.
fn cookie_name(https: bool) -> &'static str {
    if https { headers::CONSOLE_COOKIE_HTTPS } else { headers::CONSOLE_COOKIE }
}
