//! The access log: one line a request, with an id that the answer carries too, and the cause of a refusal. No secret, id or query
//! reaches the line: it names the pattern of the route, not the path.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use axum::{
    http::{HeaderName, HeaderValue, Method},
    response::Response,
};
use siphasher::sip128::SipHasher24;

use crate::{
    api::ErrorType,
    server::{
        app::App,
        random::{Random, RandomError, bytes},
    },
};

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives each request an id. One random seed for the process keeps ids of restarts and replicas apart, and the hash, whose key it is, hides
/// how many requests there were. So a request needs no system call, and a gateway's question no memory for it.
pub(in crate::server) struct RequestIds {
    seed: [u8; 16],
    next: AtomicU64,
}

impl RequestIds {
    /// Ids from a new seed.
    ///
    /// # Errors
    /// [`RandomError`] where there is no randomness.
    pub(in crate::server) fn new(random: &dyn Random) -> Result<Self, RandomError> {
        Ok(Self { seed: bytes(random)?, next: AtomicU64::new(0) })
    }

    /// An id for the next request. It is computed when it is written.
    pub(in crate::server::http) fn next(&self) -> RequestId {
        RequestId { seed: self.seed, number: self.next.fetch_add(1, Ordering::Relaxed) }
    }
}

/// The id of a request: 32 hexadecimal digits, in the log and in `X-Request-Id`.
#[derive(Clone, Copy)]
pub(in crate::server::http) struct RequestId {
    seed: [u8; 16],
    number: u64,
}

impl RequestId {
    /// Its digits.
    fn digits(self) -> [u8; 32] {
        const DIGITS: [u8; 16] = *b"0123456789abcdef";
        let hash = u128::from(SipHasher24::new_with_key(&self.seed).hash(&self.number.to_be_bytes())).to_be_bytes();
        let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or_default();
        let mut digits = [0; 32];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(hash) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        digits
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(std::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

/// Sends the id back, so that a client can quote it to the operator.
pub(super) fn send_back(id: RequestId, response: &mut Response) {
    if let Ok(value) = HeaderValue::from_bytes(&id.digits()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
}

/// Writes the line of a request, and counts it. `path` is the pattern of its route.
pub(super) fn log(app: &App, id: RequestId, method: &Method, path: &str, response: &Response, started: Instant) {
    // Where neither is wanted, nobody asks how long it took.
    if app.metrics().is_none() && !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    let refused = response.extensions().get::<ErrorType>().copied();
    write(app, id, method, path, response.status().as_u16(), refused, started.elapsed());
}

/// The same, without a response.
pub(super) fn write(app: &App, id: RequestId, method: &Method, path: &str, status: u16, refused: Option<ErrorType>, took: Duration) {
    let cause = refused.map(ErrorType::as_str);
    tracing::info!(request_id = %id, %method, path, status, milliseconds = took.as_millis(), cause, "request");
    if let Some(metrics) = app.metrics() {
        metrics.answered(method, path, status, took, refused);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::random::SeededRandom;

    #[test]
    fn request_ids_differ_between_requests_and_between_processes() {
        let (first, second) = (RequestIds::new(&SeededRandom::new(1)).unwrap(), RequestIds::new(&SeededRandom::new(2)).unwrap());
        let ids: std::collections::BTreeSet<String> =
            [first.next(), first.next(), second.next(), second.next()].iter().map(ToString::to_string).collect();
        assert_eq!(ids.len(), 4);
        let id = RequestId { seed: [7; 16], number: 258 };
        assert_eq!(id.to_string(), format!("{:032x}", u128::from(SipHasher24::new_with_key(&[7; 16]).hash(&258u64.to_be_bytes()))));
        assert!(ids.iter().all(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())), "{ids:?}");
    }
}
