//! Whether a segment of a pattern takes a segment of a path, and what readers could make of it.

use alloc::{string::String, vec::Vec};

/// Stands for a parameter. A path never holds it.
pub(super) const PARAMETER: u8 = 0;
/// Stands for a tail. A path never holds it.
pub(super) const TAIL: u8 = 1;

/// How a pattern fits a path, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    Exactly,
    /// Exactly, but a reader that cuts what a parameter takes does not see the text behind it.
    Cut,
    /// For a reader that ignores letter case, or cuts or trims a segment.
    Loosely,
    Not,
}

/// Whether there is no parameter in it.
pub(super) fn is_word(pattern: &str) -> bool {
    pattern.bytes().all(|byte| byte > TAIL)
}

/// How a segment of a pattern fits a segment of a path, or one of another pattern. A tail takes this one segment.
pub(super) fn fit(pattern: &str, value: &str, left: &mut usize) -> Fit {
    if pattern == value {
        return Fit::Exactly;
    }
    // Mostly it is a parameter alone, and no tail.
    if pattern.as_bytes() == [PARAMETER] && !value.is_empty() && value.bytes().all(|byte| byte != TAIL) {
        return Fit::Exactly;
    }
    // Most words begin with another letter, for every reader.
    let first =
        pattern.bytes().zip(value.bytes()).next().filter(|(text, own)| *text > TAIL && own.is_ascii() && !matches!(own, b' ' | b'+'));
    if first.is_some_and(|(text, own)| !text.eq_ignore_ascii_case(&own)) {
        return Fit::Not;
    }
    // Only the tail of the pattern takes the tail of another one.
    let tail = |text: &str| text.bytes().position(|byte| byte == TAIL);
    if let Some(of_value) = tail(value).filter(|at| *at > 0 && at + 1 < value.len()) {
        let halves = tail(pattern).and_then(|at| {
            let (before, behind) = (pattern.get(..=at)?, pattern.get(at..)?);
            Some(fit(before, value.get(..=of_value)?, left).max(fit(behind, value.get(of_value..)?, left)))
        });
        if let Some(halves) = halves.filter(|halves| *halves < Fit::Loosely) {
            return halves;
        }
    }
    match takes(pattern.as_bytes(), value.as_bytes(), false, left) {
        Some(false) => Fit::Exactly,
        Some(true) => Fit::Cut,
        None if is_taken_for(value, pattern, left) => Fit::Loosely,
        None => Fit::Not,
    }
}

/// Where the text that a pattern begins with is not that of an ASCII value, whatever their letter case: the beginning of the value, as far as
/// the first letter that is another one.
pub(super) fn unlike<'a>(pattern: &str, value: &'a str) -> Option<&'a str> {
    let same = value.bytes().zip(pattern.bytes()).take_while(|(its, own)| *own > TAIL && its.eq_ignore_ascii_case(own)).count();
    pattern.as_bytes().get(same).filter(|own| **own > TAIL)?;
    value.get(..=same).or(Some(value))
}

/// Whether some reader takes a value for one that the pattern takes: a reader that ignores letter case, trims spaces and dots, cuts
/// a segment at `;`, `?`, `#` or an extension such as `.json`, or maps letters that are not ASCII onto those that are, or drops them.
pub(super) fn is_taken_for(value: &str, pattern: &str, left: &mut usize) -> bool {
    let value = trimmed(value);
    if value.is_ascii() {
        return takes(pattern.as_bytes(), value.as_bytes(), true, left).is_some();
    }
    let head = pattern.get(..pattern.bytes().position(|byte| byte <= TAIL).unwrap_or(pattern.len())).unwrap_or_default();
    let is_word = head.len() == pattern.len();
    let begins = |value: &mut dyn Iterator<Item = char>| {
        let same = |letter: char, other: char| other.eq_ignore_ascii_case(&letter) || !other.is_ascii();
        let all = head.chars().all(|letter| value.next().is_some_and(|other| same(letter, other)));
        all && (!is_word
            || value.next().is_none_or(|behind| u8::try_from(behind).is_ok_and(|behind| !is_of_word(behind)) || !behind.is_ascii()))
    };
    if !begins(&mut value.chars()) && !begins(&mut value.chars().filter(char::is_ascii)) {
        return false;
    }
    is_word || {
        let (pattern, mut value) = (in_bytes(pattern), in_bytes(value));
        takes(&pattern, &value, true, left).is_some() || {
            value.retain(u8::is_ascii);
            takes(&pattern, &value, true, left).is_some()
        }
    }
}

/// One byte for each letter.
fn in_bytes(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(letter).ok().filter(u8::is_ascii).unwrap_or(u8::MAX)).collect()
}

/// Whether the pattern takes the value; and whether a parameter with text behind it must take what readers cut at.
///
/// Each text of the pattern is taken where it is first found. If that does not lead to the end, no other place does; and where the
/// parameters can do without what readers cut at, they do.
fn takes(pattern: &[u8], value: &[u8], is_lax: bool, left: &mut usize) -> Option<bool> {
    let mut texts = pattern.split(|byte| *byte <= TAIL);
    let mut mark = texts.next()?.len();
    let text = pattern.get(..mark)?;
    let mut rest = value.get(mark..).filter(|_| begins(value, text, is_lax, left))?;
    let mut next = texts.next();
    if next.is_none() {
        return is_end(rest, is_lax).then_some(false);
    }
    let mut is_cut = false;
    while let Some(text) = next {
        next = texts.next();
        // At the end there is one place only.
        let first = if next.is_none() && !is_lax { rest.len().checked_sub(text.len())?.max(1) } else { 1 };
        let place = (first..=rest.len()).find(|place| {
            let behind = rest.get(*place..).unwrap_or_default();
            let is_found = begins(behind, text, is_lax, left);
            is_found && (next.is_some() || is_end(behind.get(text.len()..).unwrap_or_default(), is_lax))
        })?;
        let taken = rest.get(..place)?;
        if pattern.get(mark) == Some(&PARAMETER) && taken.iter().any(is_tail) {
            return None;
        }
        is_cut |= !text.is_empty() && taken.iter().any(is_cut_at);
        mark += 1 + text.len();
        rest = rest.get(place + text.len()..)?;
    }
    Some(is_cut)
}

fn begins(value: &[u8], text: &[u8], is_lax: bool, left: &mut usize) -> bool {
    let is_same = |(own, other): &(&u8, &u8)| *own == *other || is_lax && (own.eq_ignore_ascii_case(other) || *own == &u8::MAX);
    let same = value.iter().zip(text).take_while(is_same).count();
    *left = left.saturating_sub(1 + same / 8);
    same == text.len() && *left > 0
}

/// Whether a reader can end a word here.
fn is_end(rest: &[u8], is_lax: bool) -> bool {
    rest.first().is_none_or(|behind| is_lax && !is_of_word(*behind))
}

pub(in crate::scope::catalog) fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn is_tail(byte: &u8) -> bool {
    *byte == TAIL
}

fn is_cut_at(byte: &u8) -> bool {
    matches!(*byte, b'.' | b';' | b'?' | b'#' | 0x7f..) || (TAIL < *byte && *byte <= b' ')
}

pub(super) fn trimmed(value: &str) -> &str {
    value.get(value.bytes().take_while(|byte| matches!(byte, b' ' | b'+')).count()..).unwrap_or_default()
}

/// How a pattern fits a path, or another pattern, the first segments of which, so many, are known to fit so. None of those has a tail.
pub(super) fn fit_all(pattern: &[String], path: &[String], known: usize, mut all: Fit, left: &mut usize) -> Fit {
    let Some(more) = path.len().checked_sub(pattern.len()) else { return Fit::Not };
    // So many segments the tail takes beyond the first one, once it is met.
    let mut taken = 0;
    for (at, own) in pattern.iter().enumerate().skip(known) {
        let value = |at: usize| path.get(at).map_or("", String::as_str);
        let tail = if more > taken { own.bytes().position(|byte| byte == TAIL) } else { None };
        *left = left.saturating_sub(1);
        let one = match tail.and_then(|tail| own.get(..=tail).zip(own.get(tail..))) {
            Some((before, behind)) => {
                taken = more;
                fit(before, value(at), left).max(fit(behind, value(at + more), left))
            }
            None => fit(own, value(at + taken), left),
        };
        all = all.max(one);
        if all == Fit::Not {
            return all;
        }
    }
    if more > taken { Fit::Not } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(pattern: &str, value: &str) -> Fit {
        fit(pattern, value, &mut 10_000)
    }

    #[test]
    fn text_around_a_parameter_takes_the_same_letters_and_the_parameter_one_or_more() {
        for (pattern, value) in [
            ("\0", "a"),
            ("\0:resolve", "a:resolve"),
            ("\0:resolve", "a:resolve:resolve"),
            ("f(on='\0')", "f(on='x')"),
            ("f(a=\0,b=\0)", "f(a=1,b=2,b=3)"),
            ("\0.\0", "a.b.c"),
            ("\0-\0-\0", "a-b-c-d"),
            ("\0aa\0", "aaaa"),
            ("\0\u{e9}", "x\u{e9}"),
        ] {
            assert_eq!(one(pattern, value), Fit::Exactly, "{pattern:?} {value}");
        }
        for (pattern, value) in [
            ("\0", ""),
            ("\0:resolve", ":resolve"),
            ("\0:resolve", "a:resolv"),
            ("\0.\0", "ab"),
            ("\0.\0", ".b"),
            ("\0.\0", "a."),
            ("a\0a", "aa"),
            ("f(on='\0')", "f(on='')"),
        ] {
            assert_eq!(one(pattern, value), Fit::Not, "{pattern:?} {value}");
        }
    }

    #[test]
    fn readers_take_a_value_for_text_around_a_parameter() {
        for value in ["a:Resolve", "a:resolve.", "a:resolve;x", "a:resolve ", "a:re\u{17f}olve", "a:resolve\u{200b}"] {
            assert_eq!(one("\0:resolve", value), Fit::Loosely, "{value}");
        }
        // A pattern that takes a tail there: a reader can end the word before it.
        assert_eq!(one("\0", "a\u{1}"), Fit::Loosely);
        for value in ["a:resolves", "a:resolv", ":Resolve", "a-resolve"] {
            assert_eq!(one("\0:resolve", value), Fit::Not, "{value}");
        }
        for value in ["a.b:resolve", "a;b:resolve", "a b:resolve", "\u{e9}:resolve"] {
            assert_eq!(one("\0:resolve", value), Fit::Cut, "{value}");
        }
    }

    #[test]
    fn a_tail_takes_one_or_more_segments() {
        let list = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
        let all = |pattern: &str, path: &str| fit_all(&list(pattern), &list(path), 0, Fit::Exactly, &mut 10_000);
        for (pattern, path) in [
            ("a/\u{1}", "a/b"),
            ("a/\u{1}", "a/b/c/d"),
            ("\u{1}:cancel", "a:cancel"),
            ("\u{1}:cancel", "a/b/c:cancel"),
            ("\u{1}/items", "a/items"),
            ("\u{1}/items/\0", "a/b/items/c"),
            ("x\u{1}y/z", "xa/b/cy/z"),
            ("\u{1}", "\0/b/\u{1}"),
        ] {
            assert_eq!(all(pattern, path), Fit::Exactly, "{pattern:?} {path:?}");
        }
        for (pattern, path) in [
            ("a/\u{1}", "a"),
            ("\u{1}:cancel", "a/:cancel"),
            ("\u{1}/items", "items"),
            ("x\u{1}", "x/b"),
            ("\0", "a/b"),
            ("\0", "\u{1}"),
            ("\0/\0", "a/\u{1}"),
        ] {
            assert_eq!(all(pattern, path), Fit::Not, "{pattern:?} {path:?}");
        }
    }
}
