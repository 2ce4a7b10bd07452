//! Owns what stands around every answer: security and CORS headers (contract §3), `OPTIONS`, the line in the log.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    API_PREFIX,
    client::Client,
    dev::{self, DevKeyed},
    format, routes,
};
use crate::{
    api::{headers, paths},
    server::app::App,
};

const ALLOW_METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const ALLOW_HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept, Origin, Cookie, Set-Cookie, Content-Type, Content-Range, X-Appwrite-Project, X-Appwrite-Key, X-Appwrite-Dev-Key, \
     X-Appwrite-Locale, X-Appwrite-Mode, X-Appwrite-JWT, X-Appwrite-Organization, X-Appwrite-Response-Format, X-Appwrite-Timeout, \
     X-Appwrite-ID, X-Appwrite-Timestamp, X-Appwrite-Session, X-Appwrite-Platform, X-SDK-Version, X-SDK-Name, X-SDK-Language, \
     X-SDK-Platform, X-SDK-GraphQL, X-SDK-Profile, Range, Cache-Control, Expires, Pragma, X-Fallback-Cookies, X-Requested-With, \
     X-Forwarded-For, X-Forwarded-User-Agent",
);
const EXPOSE_HEADERS: HeaderValue = HeaderValue::from_static(
    "X-Appwrite-Session, X-Fallback-Cookies, X-Appwrite-Warning, X-Next-Cursor, Retry-After, RateLimit, RateLimit-Policy",
);
const TRUE: HeaderValue = HeaderValue::from_static("true");
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");
/// Two years, more than the year that ASVS 5 (3.4.1) asks for.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
/// For answers that are no page.
const API_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Wraps a request of any route.
pub(super) async fn wrap(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (mut parts, body) = request.into_parts();
    let dev = if parts.headers.contains_key(headers::DEV_KEY) { dev::find(&app, &parts).await } else { Ok(false) };
    if matches!(dev, Ok(true)) {
        parts.extensions.insert(DevKeyed);
    }
    let client = Arc::new(Client::of(&app, &parts));
    parts.extensions.insert(client.clone());
    let warning = format::warning(&parts.headers).and_then(|warning| HeaderValue::from_str(&warning).ok());
    let method = parts.method.clone();
    let is_open = routes::is_open(parts.uri.path());
    let is_api = is_open || parts.uri.path().starts_with(API_PREFIX);
    // The pattern, not the path: ids stay out of the log.
    let matched = parts.extensions.get::<MatchedPath>().cloned();
    // A gateway that asks with the client's method must not take the answer of a preflight for a yes.
    let is_question = parts.uri.path().starts_with(paths::keys::FORWARD_AUTH);
    let is_preflight = method == Method::OPTIONS && !is_question;
    let mut response = if is_preflight && is_api {
        StatusCode::NO_CONTENT.into_response()
    } else if let (Err(error), true) = (dev, is_api && !is_open) {
        error.into_response()
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    if client.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if let Some(warning) = warning {
        headers.insert(HeaderName::from_static("x-appwrite-warning"), warning);
    }
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_SECURITY_POLICY, API_POLICY);
        match is_open {
            true => open_cors(&mut response),
            // A gateway is no page; what it tells its client about other origins is its own business.
            false if is_question => {}
            false => cors(&app, &client, &method, &mut response),
        }
    }
    let path = matched.as_ref().map_or("-", MatchedPath::as_str);
    let milliseconds = started.elapsed().as_millis();
    tracing::info!(%method, path, status = response.status().as_u16(), milliseconds, "request");
    response
}

/// What is open to everybody may be called, and read, by every page. Never with credentials: they would change nothing.
fn open_cors(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}

/// A preflight is let through from everywhere, as the contract has it; what a page of another origin may not do, it may not read either.
fn cors(app: &App, client: &Client, method: &Method, response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, ALLOW_METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOW_HEADERS);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSE_HEADERS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let allowed = method == Method::OPTIONS || client.dev_keyed || client.is_own_origin(app.public_url.as_ref());
    if let Some(origin) = client.origin().filter(|_| allowed).and_then(|origin| HeaderValue::from_str(origin).ok()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
}
