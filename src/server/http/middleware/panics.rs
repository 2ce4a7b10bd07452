//! A panic is answered with a 500, and the server goes on.

use std::{
    any::Any,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use axum::response::{IntoResponse, Response};
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
pub(in crate::server::http) async fn caught<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(Poll::Ready(done)) => Poll::Ready(Some(done)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(None),
    })
    .await
}
