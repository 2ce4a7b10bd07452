//! Reads the path of a request.

use alloc::{string::String, vec::Vec};

use super::{
    pattern::holds,
    segment::{PARAMETER, TAIL, is_taken_for},
};
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
    if !holds(segment, b'%') {
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
    letters(&bytes).filter(|text| is_plain(text))
}

/// The text of bytes in UTF-8; nothing for other bytes. A third of the size of what `std` has, which is for long texts.
fn letters(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut bytes = bytes.iter().copied().map(u32::from);
    while let Some(first) = bytes.next() {
        // How many bytes follow, and the lowest letter that needs so many.
        let (count, lowest, mut letter) = match first {
            0..0x80 => (0, 0, first),
            0xc0..0xe0 => (1, 0x80, first & 0x1f),
            0xe0..0xf0 => (2, 0x800, first & 0xf),
            0xf0..0xf8 => (3, 0x1_0000, first & 7),
            _ => return None,
        };
        for _ in 0..count {
            let next = bytes.next().filter(|next| next & 0xc0 == 0x80)?;
            letter = letter << 6 | next & 0x3f;
        }
        text.push(char::from_u32(letter).filter(|_| letter >= lowest)?);
    }
    Some(text)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::support::dice::Dice;

    #[test]
    fn bytes_are_the_text_that_the_standard_library_reads() {
        for letter in '\0'..=char::MAX {
            assert_eq!(letters(letter.to_string().as_bytes()), Some(letter.to_string()));
        }
        for first in 0..=u16::MAX {
            for rest in [&[][..], &[0x80], &[0x80, 0x80], &[0xbf, 0xbf], &[0x41]] {
                let bytes = [&first.to_be_bytes(), rest].concat();
                assert_eq!(letters(&bytes), String::from_utf8(bytes.clone()).ok(), "{bytes:x?}");
            }
        }
        let mut dice = Dice::new(0x5eed);
        for _ in 0..200_000 {
            let bytes: Vec<u8> =
                (0..dice.below(8)).map(|_| dice.one(&[0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5])).collect();
            assert_eq!(letters(&bytes), String::from_utf8(bytes.clone()).ok(), "{bytes:x?}");
        }
    }
}
