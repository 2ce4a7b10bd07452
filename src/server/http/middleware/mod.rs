//! What surrounds every answer, one concern a file. This file only puts them in order, for the three ways that a request can take:
//! through the router, as a gateway's question, or refused by its head.

pub(in crate::server) mod access_log;
mod cors;
pub(super) mod panics;
pub(super) mod request_head;
pub(in crate::server) mod response_memory;
mod security_headers;

use std::{net::IpAddr, sync::Arc, time::Instant};

use axum::{
    body::{Bytes, HttpBody},
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Instrument;

use self::access_log::RequestId;
pub(super) use self::security_headers::{NO_STORE, PLAIN};
use super::{
    error::{self, ApiError},
    extract::{client::Client, dev_key, response_format},
    forward_auth::{self, quick::Answer},
    handlers::verify,
    surface::Surface,
};
use crate::{
    api::{ErrorType, paths::keys},
    server::app::App,
};

/// In the place of a value that each answer has its own of.
const UNKNOWN: HeaderValue = HeaderValue::from_static("-");

/// A request that has arrived.
#[derive(Clone, Copy)]
pub(super) struct Arrived {
    id: RequestId,
    at: Instant,
    /// Whose connection it is.
    peer: Option<IpAddr>,
}

impl Arrived {
    /// A request that arrives now.
    pub(super) fn now(app: &App, peer: Option<IpAddr>) -> Self {
        Self { id: app.request_ids.next(), at: Instant::now(), peer }
    }

    /// Who sends the request.
    pub(super) fn client(self, app: &App, parts: &Parts) -> Client {
        Client::of(app, parts, self.peer)
    }
}

/// Wraps a request that goes through the router. It carries [`Arrived`].
pub(super) async fn wrap(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let arrived @ Arrived { id, at, .. } = parts.extensions.get().copied().unwrap_or_else(|| Arrived::now(&app, None));
    let client = Arc::new(arrived.client(&app, &parts));
    parts.extensions.insert(client.clone());
    let warning = response_format::warning(&parts.headers).and_then(|warning| HeaderValue::from_str(&warning).ok());
    let (method, surface) = (parts.method.clone(), Surface::of(parts.uri.path()));
    // The pattern, not the path: ids stay out of the log.
    let matched = parts.extensions.get::<MatchedPath>().cloned();
    let mut response = if method == Method::OPTIONS && surface != Surface::Page {
        StatusCode::NO_CONTENT.into_response()
    } else {
        // The lines that a request writes on its way, such as the cause of a 500, carry its id too.
        let span = tracing::info_span!("request", id = %id);
        next.run(Request::from_parts(parts, body)).instrument(span).await
    };
    if let Some(warning) = warning {
        response.headers_mut().insert(HeaderName::from_static("x-appwrite-warning"), warning);
    }
    let is_page = surface == Surface::Page && response.extensions().get::<ErrorType>().is_none();
    security_headers::set(&mut response, &client, is_page);
    match surface {
        Surface::Open => cors::set_open(&mut response, cors::OPEN_METHODS),
        Surface::Widget => cors::set_open(&mut response, cors::WIDGET_METHODS),
        Surface::Api => cors::set(&app, &client, &method, &mut response),
        Surface::Page => {}
    }
    access_log::send_back(id, &mut response);
    access_log::log(&app, id, &method, matched.as_ref().map_or("-", MatchedPath::as_str), &response, at);
    response
}

/// Wraps a gateway's question. The key in it is one of the gateway's client. A gateway is not a page: it says itself what its client
/// may do from other origins, and must not take the answer to a preflight for a yes.
pub(super) async fn question(app: &App, arrived: Arrived, path: &str, parts: &Parts) -> Response {
    let Arrived { id, at, peer } = arrived;
    let asked = async {
        let known = match forward_auth::quick::answer(app, parts, peer).await {
            Ok(Answer::Yes(response)) => return response,
            Ok(Answer::Unclear(known)) => known,
            Err(error) => return error.into_response(),
        };
        match dev_key::refuse_api_key(&parts.headers) {
            // On the heap: most questions need no room for it.
            Ok(()) => Box::pin(forward_auth::handle(app, parts, &arrived.client(app, parts), known)).await,
            Err(error) => error.into_response(),
        }
    };
    let mut response = panics::caught(asked).await.unwrap_or_else(|| panics::answer(id));
    // The gateway alone reads a yes, once for each request of its own: no header without a use. A refusal may reach a page, since Caddy and
    // Traefik pass it on unchanged.
    if response.status() != StatusCode::NO_CONTENT {
        security_headers::set(&mut response, &arrived.client(app, parts), false);
        if !response.status().is_success() {
            access_log::send_back(id, &mut response);
        }
    }
    access_log::log(app, id, &parts.method, path, &response, at);
    response
}

/// Answers a request to verify a key, with the headers that the router's answers have. `None` where it needs a closer look.
pub(super) async fn verified(app: &App, Arrived { id, at, .. }: Arrived, parts: &Parts, body: &Bytes) -> Option<Response> {
    let mut response = verify::quick::answer(app, parts, body).await?;
    // They depend on the server alone: such a request comes from no page.
    let usual = app.verified_headers.get_or_init(|| {
        let (mut usual, client) = (error::json(StatusCode::OK, &()), Client::of(app, parts, None));
        security_headers::set(&mut usual, &client, false);
        cors::set(app, &client, &parts.method, &mut usual);
        // With room for what differs, so that a copy need not grow.
        usual.headers_mut().extend([(header::CONTENT_LENGTH, UNKNOWN), (access_log::REQUEST_ID, UNKNOWN)]);
        std::mem::take(usual.headers_mut())
    });
    let length = response.body().size_hint().exact()?;
    *response.headers_mut() = usual.clone();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    access_log::send_back(id, &mut response);
    access_log::log(app, id, &parts.method, keys::VERIFY, &response, at);
    Some(response)
}

/// Answers a request whose head is refused, before anything else of it is read.
pub(super) fn refused(app: &App, arrived: Arrived, parts: &Parts, error: ApiError) -> Response {
    let (Arrived { id, at, .. }, mut response) = (arrived, error.into_response());
    security_headers::set(&mut response, &arrived.client(app, parts), false);
    access_log::send_back(id, &mut response);
    access_log::log(app, id, &parts.method, "-", &response, at);
    response
}

/// Answers a request that panicked outside of the router's own guard.
pub(super) fn panicked(app: &App, Arrived { id, at, .. }: Arrived, method: &Method) -> Response {
    let mut response = panics::answer(id);
    access_log::send_back(id, &mut response);
    access_log::log(app, id, method, "-", &response, at);
    response
}

/// What a connection reads for which there is no room. Nothing of its request is read, so the line in the log names no method.
pub(in crate::server) fn crowded(app: &App) -> String {
    let (Arrived { id, at, .. }, refused) = (Arrived::now(app, None), ErrorType::Unavailable);
    let unread = Method::from_bytes(b"-").unwrap_or_default();
    access_log::write(app, id, &unread, "-", refused.status(), Some(refused), at.elapsed());
    error::crowded(&id)
}
