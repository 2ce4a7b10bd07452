//! Reads the path of an operation.

use alloc::{string::String, vec::Vec};

use super::segment::{PARAMETER, TAIL};
use crate::scope::support::text::{cut, parts};

/// So many segments a path has at the most, with its base path.
pub(in crate::scope::catalog) const MAX_SEGMENTS: usize = 64;

/// The segments of an operation's path, with a mark for each parameter.
///
/// # Errors
/// What is wrong with the path, read after the path itself.
pub(super) fn pattern(path: &str, is_distinct: bool) -> Result<Vec<String>, &'static str> {
    if path.bytes().any(|byte| byte < b' ') {
        return Err("holds a control character");
    }
    let mut segments = Vec::new();
    for text in parts(path, b'/').into_iter().filter(|text| !text.is_empty()) {
        segments.push(segment(text).ok_or("has a `{` without its `}`, or a `}` without its `{`")?);
    }
    if is_distinct && path.ends_with('/') && !segments.is_empty() {
        segments.push(String::new());
    }
    if segments.iter().flat_map(|segment| segment.bytes()).filter(|byte| *byte == TAIL).count() > 1 {
        return Err("has two tails; write the first one as parameters of one segment each");
    }
    if segments.len() > MAX_SEGMENTS { Err("has more than 64 segments") } else { Ok(segments) }
}

/// What is wrong with an operation's path, if anything is.
pub(in crate::scope::catalog) fn fault(path: &str) -> Option<&'static str> {
    // Most are short and have no brace: nothing can be.
    let is_plain = path.len() <= MAX_SEGMENTS && path.bytes().all(|byte| byte >= b' ' && !matches!(byte, b'{' | b'}'));
    if is_plain { None } else { pattern(path, false).err() }
}

/// A segment of an operation's path; `None` for one with a brace too many.
pub(super) fn segment(text: &str) -> Option<String> {
    let mut pattern = String::with_capacity(text.len());
    let mut rest = text;
    if let Some(named) = text.strip_prefix(':') {
        pattern.push(char::from(PARAMETER));
        rest = named.trim_start_matches(is_of_name);
    }
    while let Some((literal, behind)) = cut(rest, b'{') {
        let (name, behind) = cut(behind, b'}')?;
        if holds(literal, b'}') || holds(name, b'{') {
            return None;
        }
        pattern.push_str(literal);
        let mut mark = if name.starts_with('+') || name.ends_with("...") { TAIL } else { PARAMETER };
        if let Some(before) = pattern.bytes().last().filter(|before| *before <= TAIL) {
            pattern.pop();
            mark = mark.max(before);
        }
        pattern.push(char::from(mark));
        rest = behind;
    }
    pattern.push_str(rest);
    Some(pattern).filter(|_| !holds(rest, b'}'))
}

/// Whether a text holds such a byte, which is ASCII.
pub(super) fn holds(text: &str, byte: u8) -> bool {
    text.bytes().any(|own| own == byte)
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-') || !letter.is_ascii()
}

/// Whether a segment of an operation's path has a parameter.
pub(in crate::scope::catalog) fn is_parameter(text: &str) -> bool {
    text.starts_with(':') || holds(text, b'{') || holds(text, b'}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_a_parameter_is_read() {
        for (path, expected) in [
            ("/", &[][..]),
            ("/v1/:id", &["v1", "\0"]),
            ("/v1/{id}/", &["v1", "\0"]),
            ("//v1//x", &["v1", "x"]),
            ("/:id:resolve", &["\0:resolve"]),
            ("/{id}:resolve", &["\0:resolve"]),
            ("/:user-id.json", &["\0.json"]),
            ("/items:batchGet", &["items:batchGet"]),
            ("/root:/{path}:/x", &["root:", "\0:", "x"]),
            ("/filterBy(on='{x}',to={y})", &["filterBy(on='\0',to=\0)"]),
            ("/{name}.{ext}", &["\0.\0"]),
            ("/{a}{b}", &["\0"]),
            ("/:a{b}{c}", &["\0"]),
            ("/{+path}", &["\u{1}"]),
            ("/{path...}", &["\u{1}"]),
            ("/{+name}:cancel", &["\u{1}:cancel"]),
            ("/v1/{+parent}/items", &["v1", "\u{1}", "items"]),
            ("/{a}{+b}{c}", &["\u{1}"]),
        ] {
            assert_eq!(pattern(path, false).unwrap(), expected, "{path}");
        }
        assert_eq!(pattern("/v1/", true).unwrap(), ["v1", ""]);
        assert_eq!(pattern("/", true).unwrap(), [""; 0]);
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for path in ["/{id", "/id}", "/{a{b}}", "/{name=x/*}", "/{+a}/{+b}", "/{+a}-{b...}", "/a\u{1}", &"/a".repeat(65)] {
            assert_eq!(fault(path), Some(pattern(path, false).unwrap_err()), "{path}");
        }
        for path in ["/", "/v1/:id", "/v1/{id}", "/{+path}", &"/".repeat(65), &"/a".repeat(64)] {
            assert!(fault(path).is_none() && pattern(path, false).is_ok(), "{path}");
        }
    }
}
