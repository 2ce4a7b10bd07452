//! How much memory the answers of lists may take, from the look-up until the last byte has left. A client that asks for many
//! lists and reads none of them fills what its own project may have.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, header},
    response::Response,
};

use crate::server::{
    app::App,
    encoding,
    http::{error::ApiError, extract::client::Client},
    limits::{Bounds, Turn},
};

/// What one row may take at the most while its list is made, in KiB: a key with 100 scopes, as a record and as JSON.
const ROW_KIB: usize = 8;
/// In KiB. A project may have a full list of 5000 rows, which is at most 40 MiB, while as much waits to be sent; six full lists can be
/// made at a time. Lists of everyday sizes are hundreds. A project that has some must leave a full list for those that have none.
pub(in crate::server) const BOUNDS: Bounds = Bounds {
    in_all: 240 * 1024,
    per_caller: 80 * 1024,
    kept_free: 40 * 1024,
    waiting: 64,
    waiting_in_all: 1024,
    wait: Some(Duration::from_secs(5)),
};
/// Answers that fit into the buffer of a connection are the system's as soon as they are made, and take no room here, in KiB.
const SMALL_KIB: usize = 32;
/// An answer of so many bytes fits into one packet as it is.
const FEW_BYTES: usize = 1200;

/// Room for one answer.
pub(in crate::server::http) struct Room(Turn<Option<i64>>);

/// The bytes of an answer. They are dropped when the last one is sent.
struct Held {
    bytes: Bytes,
    _room: Room,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Waits for room for a list of so many rows of a project, by its sequence.
///
/// # Errors
/// [`ApiError`] where the project, or the server, has no room for too long.
pub(in crate::server::http) async fn reserve(app: &App, project: Option<i64>, rows: usize) -> Result<Room, ApiError> {
    Ok(Room(app.answers.turn(project, rows.saturating_mul(ROW_KIB)).await?))
}

impl Room {
    /// Keeps what the answer takes until it was sent, and gives the rest back. Compresses it for a client that takes that.
    pub(in crate::server::http) async fn hold(mut self, response: Response, client: &Client) -> Response {
        let (mut parts, body) = response.into_parts();
        // The body was made at once: this neither waits nor copies.
        let mut bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        parts.headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if client.accepts_gzip
            && bytes.len() > FEW_BYTES
            && let Some(compressed) = encoding::gzip(&bytes)
        {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            bytes = compressed.into();
        }
        let kib = bytes.len().div_ceil(1024);
        if kib <= SMALL_KIB {
            return Response::from_parts(parts, Body::from(bytes));
        }
        self.0.cut_to(kib);
        Response::from_parts(parts, Body::from(Bytes::from_owner(Held { bytes, _room: self })))
    }
}
