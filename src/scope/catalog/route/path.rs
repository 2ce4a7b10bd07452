//! Reads the path of a request.

use alloc::{string::String, vec::Vec};

use super::segment::{PARAMETER, TAIL, is_taken_for};
use crate::scope::support::{gather::Gather, text::parts};

/// The decoded segments of a path, in lower case where letter case is folded. `None` for a path that servers read in different ways:
/// one with an empty segment, a dot segment, an encoded slash or a broken encoding; and for one with more than `most` segments. A slash
/// at the end is passed over, or is an empty segment where it is distinct.
pub(super) fn segments(path: &str, most: usize, is_folded: bool, is_distinct: bool) -> Option<Vec<String>> {
    let path = path.strip_prefix('/')?;
    let mut segments = Vec::new();
    if path.is_empty() {
        return Some(segments);
    }
    let bare = path.strip_suffix('/').unwrap_or(path);
    for segment in parts(bare, b'/') {
        if segments.len() == most {
            return None;
        }
        let mut segment = decoded(segment)?;
        if is_folded {
            segment.make_ascii_lowercase();
        }
        segments.push(segment);
    }
    if is_distinct && bare.len() < path.len() {
        segments.push(String::new());
    }
    Some(segments).filter(|segments| segments.len() <= most)
}

fn decoded(segment: &str) -> Option<String> {
    // Most segments have nothing to decode.
    if !segment.as_bytes().contains(&b'%') {
        return is_plain(segment).then(|| String::from(segment));
    }
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|text| is_plain(text))
}

/// Whether all readers take it for one segment, and for the same one.
fn is_plain(text: &str) -> bool {
    !text.bytes().any(|byte| matches!(byte, b'/' | b'\\' | PARAMETER | TAIL)) && !matches!(text, "" | "." | "..")
}

/// The segments of a base path.
pub(in crate::scope::catalog) fn base(path: &str) -> Vec<String> {
    parts(path, b'/').into_iter().filter(|text| !text.is_empty()).map(String::from).gathered()
}

/// How a path begins with a base path.
#[derive(PartialEq, Eq)]
pub(super) enum Begins {
    Exactly,
    /// For a reader that ignores letter case, or cuts or trims a segment.
    Loosely,
    Not,
}

/// How a path begins with a base path.
pub(super) fn begins(path: &[String], base: &[String], left: &mut usize) -> Begins {
    let Some(head) = path.get(..base.len()) else { return Begins::Not };
    if head == base {
        Begins::Exactly
    } else if head.iter().zip(base).all(|(value, word)| value == word || is_taken_for(value, word, left)) {
        Begins::Loosely
    } else {
        Begins::Not
    }
}
