//! A panic is answered with a 500, and the server goes on.

use std::{any::Any, panic::AssertUnwindSafe};

use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tower_http::catch_panic::CatchPanicLayer;

use super::access_log::RequestId;
use crate::{api::ErrorType, server::http::error::ApiError};

/// The answer to a request that panicked. What the panic says may hold a secret, and is not logged here.
pub(super) fn answer(id: RequestId) -> Response {
    tracing::error!(request_id = %id, "a request panicked");
    ApiError::new(ErrorType::Unknown).into_response()
}

/// For the router, where the span of the request names its id.
pub(in crate::server::http) fn layer() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|_| {
        tracing::error!("a request panicked");
        ApiError::new(ErrorType::Unknown).into_response()
    })
}

/// For work that passes no router; `None` where it panics.
// No `async fn`, which would have room for the work twice.
pub(in crate::server::http) fn caught<W: Future>(work: W) -> impl Future<Output = Option<W::Output>> {
    AssertUnwindSafe(work).catch_unwind().map(Result::ok)
}
