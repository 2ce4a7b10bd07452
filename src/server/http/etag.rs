//! Entity tags of what can be changed.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};

use crate::server::store::Version;

/// The `ETag` of something that can be changed: it changes with each change that a person or a key makes, and not with a use.
pub(super) fn etag(version: Version) -> String {
    format!("\"{}.{}\"", version.sequence, version.number)
}

/// An answer with the version of what it shows.
pub(super) fn with_etag(mut response: Response, version: Version) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&etag(version)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
