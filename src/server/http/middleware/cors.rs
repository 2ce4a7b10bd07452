//! Which pages of other origins may call a route and read its answer (contract §3).

use axum::{
    http::{HeaderValue, Method, header},
    response::Response,
};

use crate::server::{app::App, http::extract::client::Client};

const ALLOW_METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const ALLOW_HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept, Origin, Cookie, Set-Cookie, Content-Type, Content-Range, X-Appwrite-Project, X-Appwrite-Key, X-Appwrite-Dev-Key, \
     X-Appwrite-Locale, X-Appwrite-Mode, X-Appwrite-JWT, X-Appwrite-Organization, X-Appwrite-Response-Format, X-Appwrite-Timeout, \
     X-Appwrite-ID, X-Appwrite-Timestamp, X-Appwrite-Session, X-Appwrite-Platform, X-SDK-Version, X-SDK-Name, X-SDK-Language, \
     X-SDK-Platform, X-SDK-GraphQL, X-SDK-Profile, Range, Cache-Control, Expires, Pragma, X-Fallback-Cookies, X-Requested-With, \
     X-Forwarded-For, X-Forwarded-User-Agent",
);
const EXPOSE_HEADERS: HeaderValue = HeaderValue::from_static(
    "X-Appwrite-Session, X-Fallback-Cookies, X-Appwrite-Warning, X-Next-Cursor, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id",
);
const TRUE: HeaderValue = HeaderValue::from_static("true");
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

/// The methods of routes that are open to everybody.
pub(super) const OPEN_METHODS: HeaderValue = HeaderValue::from_static("GET, POST");
/// The methods of routes for widgets.
pub(super) const WIDGET_METHODS: HeaderValue = HeaderValue::from_static("GET, POST, DELETE");

/// For routes that every page may call, and read the answer: those that are open to everybody, and those for widgets, where the token
/// decides. Never with credentials, which would change nothing.
pub(super) fn set_open(response: &mut Response, methods: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSE_HEADERS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}

/// For all other routes of the API. A preflight passes from every origin, as the contract has it. The answer itself is readable by pages of
/// this server, and by pages that send a dev key.
pub(super) fn set(app: &App, client: &Client, method: &Method, response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, ALLOW_METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOW_HEADERS);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSE_HEADERS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let allowed = method == Method::OPTIONS || client.is_dev_keyed() || client.is_own_origin(app.public_url.as_ref());
    if let Some(origin) = client.origin().filter(|_| allowed).and_then(|origin| HeaderValue::from_str(origin).ok()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
}
