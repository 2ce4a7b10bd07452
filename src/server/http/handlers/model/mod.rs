//! The scope model over HTTP, an extension: the body is a request of the model, and the answer is the model's, byte for byte.

pub(in crate::server::http) mod ask;
pub(in crate::server::http) mod catalog;
pub(in crate::server::http) mod check;

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};

use crate::{
    api::ErrorType,
    server::{
        app::App,
        http::{error::ApiError, extract::client::Client},
        limits::Bounds,
    },
};

/// How many questions are answered at a time, each on a thread of its own. The routes are open to everybody, so one network
/// has one thread, and waits for its turn with more. The threads that answer all other requests do none of this work.
pub(in crate::server) fn bounds() -> Bounds {
    let in_all = std::thread::available_parallelism().map_or(1, usize::from).div_ceil(2).max(2);
    Bounds { in_all, per_caller: 1, kept_free: 0, waiting: 32, waiting_in_all: 1024, wait: Some(Duration::from_secs(5)) }
}

async fn answered<F>(app: &App, client: &Client, ask: F) -> Result<Response, ApiError>
where
    F: FnOnce() -> Result<String, ApiError> + Send + 'static,
{
    let mut response = Response::new(Body::from(made(app, client, ask).await?));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    Ok(response)
}

/// Asks the model, off the async threads.
async fn made<F>(app: &App, client: &Client, ask: F) -> Result<String, ApiError>
where
    F: FnOnce() -> Result<String, ApiError> + Send + 'static,
{
    let turn = app.model.turn(client.network(), 1).await?;
    let job = move || {
        let answer = ask();
        drop(turn);
        answer
    };
    tokio::task::spawn_blocking(job).await.unwrap_or_else(|_| Err(ApiError::new(ErrorType::Unknown)))
}

fn text(body: &[u8]) -> Result<&str, ApiError> {
    std::str::from_utf8(body).map_err(|_| ApiError::because(ErrorType::RequestMalformed, "The body is not UTF-8."))
}
