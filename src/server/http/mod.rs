//! The HTTP interface: the router, and what holds for every route. What a single route does is in its handler.

mod audit;
mod error;
mod etag;
pub(super) mod extract;
mod fallback;
pub(super) mod forward_auth;
mod handlers;
pub(super) mod known;
pub(super) mod middleware;
mod names;
pub mod openapi;
mod requirement;
mod routes;
mod surface;

use std::{
    future::{Future, poll_fn},
    net::IpAddr,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts, RawPathParams, Request},
    http::{HeaderValue, Method, header, request::Parts},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use futures_util::FutureExt;
use tower::ServiceExt;

pub(super) use handlers::model::bounds as model_bounds;
pub(super) use middleware::crowded;
pub use routes::{ROUTES, Route};

use self::{
    error::ApiError,
    extract::{authorize, client::Client, context::RequestContext, params::Params, response_format::Format},
    handlers::verify,
    middleware::{
        Arrived,
        request_head::{End, Peeked, Watched},
    },
};
use super::{
    app::App,
    auth::Identity,
    entity_tag,
    service::MAX_ATTEMPTS,
    store::ProjectRecord,
    writes::{Begun, Size, Writer},
};
use crate::api::ErrorType;

/// The largest body of a request, in bytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// The largest body of a request to the scope model, in bytes: it is open to everybody.
pub const MAX_OPEN_BODY_BYTES: usize = 256 * 1024;
/// The largest body of a guest's request, in bytes: a sign-in, or a set-up. It waits in memory.
pub const MAX_GUEST_BODY_BYTES: usize = 64 * 1024;
/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// The whole HTTP interface, with the console inside.
#[derive(Clone)]
pub struct Interface {
    app: Arc<App>,
    router: Router,
}

impl Interface {
    /// The interface of an app.
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: app.clone(), router: router(app) }
    }

    /// Answers a request that came from `peer`; `None` where it came over no connection.
    // No `async fn`, nor is what it calls on the way of most requests: each would have room for the request once more, and be moved with it.
    pub fn answer<B>(&self, request: axum::http::Request<B>, peer: Option<IpAddr>) -> impl Future<Output = Response> + Send
    where
        B: axum::body::HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Unpin + Send + 'static,
    {
        let (arrived, method) = (Arrived::now(&self.app, peer), request.method().clone());
        let (parts, body) = request.into_parts();
        // On the heap, since hyper moves what it gets.
        middleware::panics::caught(Box::pin(self.whole(arrived, parts, body)))
            .map(move |answered| answered.flatten().unwrap_or_else(|| middleware::panicked(&self.app, arrived, &method)))
    }

    /// `None` if the request panics while it writes.
    async fn whole<B>(&self, arrived: Arrived, parts: Parts, body: B) -> Option<Response>
    where
        B: axum::body::HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Unpin + Send + 'static,
    {
        let has_body = !body.is_end_stream();
        let (mut response, is_read) = match middleware::request_head::check(&self.app, &parts) {
            Ok(()) => match forward_auth::gateway::asked_path(parts.uri.path()) {
                // A gateway asks for each of its own requests, with any method, and Envoy with the client's path behind this one. One
                // comparison replaces the router.
                Some(path) => (middleware::question(&self.app, arrived, path, &parts).await, false),
                None => {
                    let (end, mut body) = (End::default(), Peeked::new(body));
                    // On the heap, so that a gateway's question is not moved around with the room that these need.
                    let verified = match verify::quick::is_asked(&parts) {
                        true => Box::pin(self.verified(arrived, &parts, &mut body)).await,
                        false => None,
                    };
                    match verified {
                        Some(response) => (response, true),
                        None => (Box::pin(self.routed(arrived, parts, Watched::new(body, &end))).await?, end.is_reached()),
                    }
                }
            },
            Err(error) => (middleware::refused(&self.app, arrived, &parts, error), false),
        };
        // What is left of a body would be taken for the next request.
        if has_body && !is_read {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Some(response)
    }

    /// The answer about one valid key, which other services ask for each of their requests. `None` where it needs a closer look.
    async fn verified<B>(&self, arrived: Arrived, parts: &Parts, body: &mut Peeked<B>) -> Option<Response>
    where
        B: axum::body::HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Unpin,
    {
        let body = body.whole().await.filter(|body| body.len() <= verify::quick::MAX_BODY_BYTES)?;
        middleware::verified(&self.app, arrived, parts, &body).await
    }

    async fn routed<B>(&self, arrived: Arrived, mut parts: Parts, body: Watched<B>) -> Option<Response>
    where
        B: axum::body::HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Unpin + Send + 'static,
    {
        let (is_safe, begun) = (parts.method.is_safe(), Begun::default());
        parts.extensions.insert(begun.clone());
        parts.extensions.insert(arrived);
        let answer = self.router.clone().oneshot(Request::from_parts(parts, Body::new(body)));
        if is_safe {
            let Ok(response) = answer.await;
            return Some(response);
        }
        // What has begun to write comes to its end, with its line in the log, whether or not the client still listens.
        self.app.writes.run(begun, answer).await.map(|Ok(response)| response)
    }
}

fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        for path in route.paths {
            router = router.route(path, on(filter(&route.method), service(app.clone(), route, path, None)));
            // A key may have the id `ephemeral`, which is also the path of another route.
            if let Some(other) = routes::path_of_key_ephemeral(path) {
                let literal = Some(("keyId", "ephemeral"));
                router = router.route(other, on(filter(&route.method), service(app.clone(), route, path, literal)));
            }
        }
    }
    let elsewhere = app.clone();
    router
        .fallback(async move |request: Request| {
            let (parts, body) = request.into_parts();
            let client = client_of(&elsewhere, &parts);
            fallback::answer(&elsewhere, &client, &Request::from_parts(parts, body))
        })
        .method_not_allowed_fallback(async || ApiError::new(ErrorType::MethodNotAllowed))
        .layer(middleware::panics::layer())
        .layer(from_fn_with_state(app.clone(), middleware::wrap))
}

fn filter(method: &Method) -> MethodFilter {
    match *method {
        Method::POST => MethodFilter::POST,
        Method::PUT => MethodFilter::PUT,
        Method::PATCH => MethodFilter::PATCH,
        Method::DELETE => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}

type Literal = Option<(&'static str, &'static str)>;

/// What axum calls for a row of the table.
fn service(
    app: Arc<App>,
    route: &'static Route,
    path: &'static str,
    literal: Literal,
) -> impl Fn(Request) -> std::pin::Pin<Box<dyn Future<Output = Response> + Send>> + Clone + Send + Sync + 'static {
    move |request| {
        let app = app.clone();
        Box::pin(async move { answer(app, route, path, literal, request).await.unwrap_or_else(IntoResponse::into_response) })
    }
}

/// One request, in the contract's order: the gate, then the parameters, then the action.
async fn answer(app: Arc<App>, route: &'static Route, pattern: &str, literal: Literal, request: Request) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let mut path = path_params(&mut parts).await?;
    path.extend(literal.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let client = client_of(&app, &parts);
    let path_project = routes::path_project(pattern, &path);
    let pass = async || match route.open {
        true => Ok(authorize::Authorized { identity: Identity::Guest, project: None }),
        false => authorize::authorize(&app, route, pattern, &parts, path_project, &client).await,
    };
    let mut authorized = Some(pass().await?);
    // No id has one, and not every database can be asked for one, or keep one in its log.
    if let Some((name, _)) = path.iter().find(|(_, value)| value.chars().any(char::is_control)) {
        return Err(ApiError::new(match name.as_str() {
            "projectId" => ErrorType::ProjectNotFound,
            "sessionId" => ErrorType::SessionNotFound,
            _ => ErrorType::KeyNotFound,
        }));
    }
    let (params, body, size) = match parts.method {
        Method::GET | Method::HEAD => (Params::from_form(parts.uri.query().unwrap_or_default().as_bytes()), Bytes::new(), Size::Small),
        _ => {
            let is_guest = authorized.as_ref().is_none_or(|authorized| matches!(authorized.identity, Identity::Guest));
            let limit = match (route.open, is_guest) {
                (true, _) => MAX_OPEN_BODY_BYTES,
                (false, true) => MAX_GUEST_BODY_BYTES,
                (false, false) => MAX_BODY_BYTES,
            };
            let (bytes, at_once) = body_of(body, limit).await?;
            // While a slow body came, the key may have been deleted, narrowed or switched off.
            if !at_once {
                authorized = Some(pass().await?);
            }
            let size = Size::of(route.one_key, bytes.len());
            match route.open {
                true => (Params::default(), bytes, size),
                false => (extract::body::params(&parts.headers, &bytes)?, Bytes::new(), size),
            }
        }
    };
    if route.strict {
        params.refuse_unknown((route.request)().map_or(&[], |request| (request.names)()))?;
    }
    let params = Arc::new(params);
    // One change after the other, in turns. What waits is its client's alone: one that hangs up takes it back.
    let _writing = match (route.writes, &authorized) {
        (true, Some(authorize::Authorized { identity, project })) => {
            let writer = writer(identity, project.as_deref(), &client);
            let (turn, at_once) = waited(app.writes.turn(writer, size)).await;
            let turn = turn?;
            if !at_once {
                authorized = Some(pass().await?);
            }
            Some(app.writes.begin(turn, parts.extensions.get()))
        }
        _ => None,
    };
    if let Some(authorize::Authorized { identity: Identity::Key(key) | Identity::Organization(key), .. }) = &authorized {
        app.operations.count(key.sequence, route.operation, app.clock.now());
    }
    let devices = authorize::devices(&parts.headers, client.https);
    let (format, if_match) = (Format::of(&parts.headers), extract::client::text(&parts.headers, header::IF_MATCH).map(str::to_owned));
    let if_none_match = entity_tag::if_none_match(&parts.headers).map(str::to_owned);
    // Where what the request was judged by has changed before it was written, it is judged anew from the gate on: also the key that
    // acts may be another one now.
    for attempt in 1.. {
        let authorize::Authorized { identity, project } = match authorized.take() {
            Some(authorized) => authorized,
            None => pass().await?,
        };
        let (app, client, identity) = (app.clone(), client.clone(), Arc::new(identity));
        let (params, body, path, if_match) = (params.clone(), body.clone(), path.clone(), if_match.clone());
        let (devices, if_none_match) = (devices.clone(), if_none_match.clone());
        let request = RequestContext { app, identity, project, params, body, client, devices, format, if_match, if_none_match, path };
        let answered = (route.handle)(request).await;
        match answered {
            Err(error) if error.kind() == ErrorType::WriteConflict && attempt < MAX_ATTEMPTS => {}
            answered => return answered,
        }
    }
    Err(ApiError::new(ErrorType::WriteConflict))
}

/// The body, and whether it was there without waiting for it.
async fn body_of(body: Body, limit: usize) -> Result<(Bytes, bool), ApiError> {
    let (arrived, at_once) = waited(tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, limit))).await;
    let arrived = arrived.map_err(|_| ApiError::new(ErrorType::BodyTooSlow))?;
    Ok((arrived.map_err(|_| ApiError::new(ErrorType::BodyTooLarge))?, at_once))
}

/// What comes of some work, and whether it was there without waiting for it.
async fn waited<T>(work: impl Future<Output = T>) -> (T, bool) {
    let mut work = pin!(work);
    match poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
        Poll::Ready(done) => (done, true),
        Poll::Pending => (work.await, false),
    }
}

/// In whose turn a change is made.
fn writer(identity: &Identity, project: Option<&ProjectRecord>, client: &Client) -> Writer {
    match (identity, project) {
        (Identity::Key(_) | Identity::Ephemeral(_) | Identity::Widget(_), Some(project)) => Writer::Project(project.sequence),
        (Identity::Console { account, .. }, _) => Writer::Account(account.id.clone()),
        (Identity::Organization(_), _) => Writer::Organization,
        (Identity::Guest, _) | (Identity::Key(_) | Identity::Ephemeral(_) | Identity::Widget(_), None) => Writer::Network(client.network()),
    }
}

/// The client, as the middleware has read it already.
fn client_of(app: &App, parts: &Parts) -> Arc<Client> {
    let read = || Arc::new(Client::of(app, parts, None));
    parts.extensions.get::<Arc<Client>>().cloned().unwrap_or_else(read)
}

async fn path_params(parts: &mut Parts) -> Result<Vec<(String, String)>, ApiError> {
    let params = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| ApiError::new(ErrorType::RouteNotFound))?;
    Ok(params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
