//! Compressed answers: which ones a client takes, and how they are made.

use std::io::Write;

use axum::http::{HeaderMap, header};
use flate2::{Compression, write::GzEncoder};

/// Whether the client takes this coding: named, and not with a weight of zero.
pub(super) fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|accepted| {
        let (name, weight) = accepted.split_once(';').unwrap_or((accepted, ""));
        name.trim().eq_ignore_ascii_case(coding) && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// The bytes, compressed as fast as possible: lists repeat themselves, and shrink to a tenth all the same. `None` if that fails.
pub(super) fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 8), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_coding_is_sent_to_who_takes_it() {
        let accepts = |value: &'static str, coding| {
            accepts(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]), coding)
        };
        assert!(accepts("gzip, deflate, br, zstd", "br") && accepts("br;q=0.5", "br") && accepts("GZIP", "gzip"));
        assert!(!accepts("gzip", "br") && !accepts("br;q=0", "br") && !accepts("brotli", "br"));
    }
}
