//! Strong entity tags (RFC 9110 §8.8.3) of answers that are the same bytes for every client.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// A browser keeps the answer, and asks each time whether it is still the same.
pub(super) const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The tag of bytes with this SHA-256.
pub(super) fn of_hash(hash: impl AsRef<[u8]>) -> String {
    format!("\"{}\"", BASE64_STANDARD.encode(hash))
}

/// The tag of bytes.
pub(super) fn of(bytes: &[u8]) -> String {
    of_hash(Sha256::digest(bytes))
}

/// Whether a client has the bytes with this tag: one of those that `If-None-Match` lists, or any (RFC 9110 §13.1.2).
pub(super) fn is_known(if_none_match: Option<&str>, tag: &str) -> bool {
    if_none_match.is_some_and(|known| known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag))
}

/// What `If-None-Match` of a request lists.
pub(super) fn if_none_match(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::IF_NONE_MATCH)?.to_str().ok()
}

/// JSON text with its tag.
#[derive(Clone, Debug)]
pub(super) struct TaggedJson {
    /// The text.
    pub text: Bytes,
    /// The tag of the text.
    pub tag: String,
}

impl TaggedJson {
    /// Reads the tag off the text.
    pub fn new(text: String) -> Self {
        Self { tag: of(text.as_bytes()), text: text.into() }
    }

    /// The answer: the text, or 304 for a client that has it.
    pub fn answer(&self, if_none_match: Option<&str>) -> Response {
        let mut response = match is_known(if_none_match, &self.tag) {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => Response::new(Body::from(self.text.clone())),
        };
        let fields = response.headers_mut();
        // Also with 304: a cache writes what that says over what it has kept (RFC 9111 §3.2).
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
        fields.insert(header::CACHE_CONTROL, ASK_AGAIN);
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            fields.insert(header::ETAG, tag);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_what_it_lists() {
        let tag = of(b"{}");
        for listed in [tag.clone(), format!("W/{tag}"), format!("\"a\", {tag}"), "*".to_owned()] {
            assert!(is_known(Some(&listed), &tag), "{listed}");
        }
        for listed in [None, Some(""), Some("\"\""), Some("\"a\""), Some(tag.trim_matches('"'))] {
            assert!(!is_known(listed, &tag), "{listed:?}");
        }
    }
}
