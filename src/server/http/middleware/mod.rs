//! What stands around every answer: security and CORS headers (contract §3), `OPTIONS`, the line in the log.

pub(super) mod request_head;
pub(in crate::server) mod response_memory;

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    error::ApiError,
    extract::{client::Client, dev_key, response_format},
    fallback::is_api,
    forward_auth, panicked, routes,
};
use crate::{api::ErrorType, server::app::App};

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
const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; charset=UTF-8");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
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
    let client = Arc::new(Client::of(&app, &parts));
    parts.extensions.insert(client.clone());
    let warning = response_format::warning(&parts.headers).and_then(|warning| HeaderValue::from_str(&warning).ok());
    let method = parts.method.clone();
    let is_open = routes::is_open(parts.uri.path());
    let is_api = is_open || is_api(parts.uri.path());
    // The pattern, not the path: ids stay out of the log.
    let matched = parts.extensions.get::<MatchedPath>().cloned();
    let mut response = if method == Method::OPTIONS && is_api {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    if let Some(warning) = warning {
        response.headers_mut().insert(HeaderName::from_static("x-appwrite-warning"), warning);
    }
    let is_page = !is_api && response.extensions().get::<ErrorType>().is_none();
    finish(&mut response, &client, !is_page);
    if is_open {
        open_cors(&mut response);
    } else if is_api {
        cors(&app, &client, &method, &mut response);
    }
    log(&app, &method, matched.as_ref().map_or("-", MatchedPath::as_str), &response, started);
    response
}

/// Wraps a gateway's question. It brings a key of its client, and has no identity of its own. A gateway is no page: what it tells
/// its client about other origins is its own business, and it must not take the answer of a preflight for a yes.
pub(super) async fn question(app: &App, path: &str, parts: Parts) -> Response {
    let started = Instant::now();
    let client = Client::of(app, &parts);
    let asked = async {
        match dev_key::refuse_api_key(&parts.headers) {
            Ok(()) => forward_auth::handle(app, &parts, &client).await,
            Err(error) => error.into_response(),
        }
    };
    let mut response = whole(asked).await.unwrap_or_else(panicked);
    if response.status() == StatusCode::NO_CONTENT {
        // Read by the gateway alone. A refusal may reach a page: Caddy and Traefik hand it on as it is.
        response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
        say_type(&mut response);
    } else {
        finish(&mut response, &client, true);
    }
    log(app, &parts.method, path, &response, started);
    response
}

/// Answers a request whose head is refused: nobody asks whose it is.
pub(super) fn refused(app: &App, parts: &Parts, error: ApiError) -> Response {
    let started = Instant::now();
    let mut response = error.into_response();
    finish(&mut response, &Client::of(app, parts), true);
    log(app, &parts.method, "-", &response, started);
    response
}

/// `None` where the work panics.
async fn whole<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(Poll::Ready(done)) => Poll::Ready(Some(done)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(None),
    })
    .await
}

fn log(app: &App, method: &Method, path: &str, response: &Response, started: Instant) {
    let (took, status) = (started.elapsed(), response.status().as_u16());
    tracing::info!(%method, path, status, milliseconds = took.as_millis(), "request");
    if let Some(metrics) = app.metrics() {
        metrics.answered(method, path, status, took, response.extensions().get().copied());
    }
}

/// Every answer says what it is, also an empty one: an SDK for Python reads this header of each. Never JSON on an empty body,
/// which others would try to read.
fn say_type(response: &mut Response) {
    response.headers_mut().entry(header::CONTENT_TYPE).or_insert(PLAIN);
}

/// What every answer carries: its type, and the headers that make a browser careful with what it has got.
fn finish(response: &mut Response, client: &Client, is_api: bool) {
    say_type(response);
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    if client.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
        headers.insert(header::CONTENT_SECURITY_POLICY, API_POLICY);
    }
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
    let allowed = method == Method::OPTIONS || client.is_dev_keyed() || client.is_own_origin(app.public_url.as_ref());
    if let Some(origin) = client.origin().filter(|_| allowed).and_then(|origin| HeaderValue::from_str(origin).ok()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
}
