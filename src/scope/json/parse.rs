//! Reads JSON text (RFC 8259) without copying it. Numbers stay text: the model has none that it calculates with.
//!
//! Why not `serde_json` here: deserializers made for each type are more than half of the checker's download, and they report the
//! first error only. A test compares this reader with `serde_json`.

use alloc::{borrow::Cow, string::String, vec::Vec};

/// How deep lists and objects may be nested.
const MAX_DEPTH: u32 = 64;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scope) enum Json<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    /// In the order of the text; a name can appear twice.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// Where and why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scope) struct JsonError {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub message: &'static str,
}

pub(in crate::scope) fn parse(text: &str) -> Result<Json<'_>, JsonError> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let value = parser.value().and_then(|value| {
        parser.space();
        if parser.at == text.len() { Ok(value) } else { Err("there is text after the end of the value") }
    });
    value.map_err(|message| {
        let before = text.get(..parser.at).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        JsonError { line, column, message }
    })
}

struct Parser<'a> {
    text: &'a str,
    /// Always at the beginning of a character.
    at: usize,
    depth: u32,
}

type Parsed<T> = Result<T, &'static str>;

impl<'a> Parser<'a> {
    // Those three are called for each byte; a build for size would call them.
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline(always)]
    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes over a character of ASCII.
    #[inline(always)]
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Parsed<Json<'a>> {
        self.space();
        match self.peek() {
            None => Err("the text ends too early"),
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'[') => {
                let mut list = Vec::new();
                self.members(b']', &mut |parser| {
                    // Most lists are of texts.
                    match parser.peek() {
                        Some(b'"') => list.push(Json::Text(parser.string()?)),
                        _ => list.push(parser.value()?),
                    }
                    Ok(())
                })?;
                Ok(Json::List(list))
            }
            Some(b'{') => {
                let mut object = Vec::new();
                self.members(b'}', &mut |parser| {
                    if parser.peek() != Some(b'"') {
                        return Err("a name in quotes is expected here");
                    }
                    let name = parser.string()?;
                    parser.space();
                    if !parser.take(b':') {
                        return Err("`:` is expected here");
                    }
                    object.push((name, parser.value()?));
                    Ok(())
                })?;
                Ok(Json::Object(object))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => {
                for (word, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))] {
                    if self.text.as_bytes().get(self.at..).unwrap_or_default().starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err("a value is expected here")
            }
        }
    }

    /// The members of a list or an object, from the opening bracket to behind the closing one.
    fn members(&mut self, end: u8, member: &mut dyn FnMut(&mut Self) -> Parsed<()>) -> Parsed<()> {
        if self.depth == MAX_DEPTH {
            return Err("lists and objects are nested too deeply");
        }
        self.depth += 1;
        self.at += 1;
        self.space();
        if !self.take(end) {
            loop {
                self.space();
                member(self)?;
                self.space();
                if self.take(end) {
                    break;
                }
                if !self.take(b',') {
                    return Err("`,` or the end of the list is expected here");
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn digits(&mut self) -> Parsed<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err("a digit is expected here") } else { Ok(()) }
    }

    fn number(&mut self) -> Parsed<Json<'a>> {
        let start = self.at;
        self.take(b'-');
        // No digit follows a leading 0.
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _signed = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(Json::Number(self.text.get(start..self.at).unwrap_or_default()))
    }

    fn string(&mut self) -> Parsed<Cow<'a, str>> {
        self.at += 1;
        let mut read = String::new();
        let mut start = self.at;
        loop {
            self.at += plain(self.text.as_bytes().get(self.at..).unwrap_or_default());
            match self.peek() {
                None => return Err("the text ends too early"),
                Some(b'"') => {
                    let rest = self.text.get(start..self.at).unwrap_or_default();
                    self.at += 1;
                    if read.is_empty() {
                        return Ok(Cow::Borrowed(rest));
                    }
                    read.push_str(rest);
                    return Ok(Cow::Owned(read));
                }
                Some(b'\\') => {
                    read.push_str(self.text.get(start..self.at).unwrap_or_default());
                    self.at += 1;
                    read.push(self.escaped()?);
                    start = self.at;
                }
                Some(_) => return Err("a control character must be escaped"),
            }
        }
    }

    fn escaped(&mut self) -> Parsed<char> {
        const PAIRS: &[(u8, char)] =
            &[(b'"', '"'), (b'\\', '\\'), (b'/', '/'), (b'b', '\u{8}'), (b'f', '\u{c}'), (b'n', '\n'), (b'r', '\r'), (b't', '\t')];
        const LONE: &str = "half of a surrogate pair is missing";
        if let Some((_, meant)) = PAIRS.iter().find(|(byte, _)| self.peek() == Some(*byte)) {
            self.at += 1;
            return Ok(*meant);
        }
        if !self.take(b'u') {
            return Err("there is no such escape");
        }
        let first = self.hex()?;
        if !(0xd800..0xe000).contains(&first) {
            return char::from_u32(first).ok_or(LONE);
        }
        if first >= 0xdc00 || !(self.take(b'\\') && self.take(b'u')) {
            return Err(LONE);
        }
        let second = self.hex()?;
        let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400).ok_or(LONE)?;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + low).ok_or(LONE)
    }

    fn hex(&mut self) -> Parsed<u32> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16)).ok_or("four hexadecimal digits are expected here")?;
            self.at += 1;
            value = value * 16 + digit;
        }
        Ok(value)
    }
}

/// How many bytes of a JSON text stand for themselves, up to a quote, a backslash or a control character. The bytes of characters beyond
/// ASCII are none of these.
pub(in crate::scope) fn plain(bytes: &[u8]) -> usize {
    // The same byte eight times.
    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    // Flipping the second bit brings the quote (0x22) down to the control characters, and no other character of ASCII. A subtraction
    // sets the top bit of each byte that is below the limit; a borrow can set more of them, but only above the first, which is the
    // one that counts.
    #[inline(always)]
    fn special(word: &[u8; 8]) -> Option<usize> {
        let word = u64::from_le_bytes(*word);
        let below = (word ^ all(2)).wrapping_sub(all(0x21)) | (word ^ all(b'\\')).wrapping_sub(all(1));
        let found = below & !word & all(0x80);
        (found != 0).then_some(found.trailing_zeros() as usize / 8)
    }
    let mut passed = 0;
    for word in bytes.as_chunks().0 {
        if let Some(at) = special(word) {
            return passed + at;
        }
        passed += 8;
    }
    // The last word overlaps the one before.
    match bytes.last_chunk() {
        Some(word) => special(word).map_or(bytes.len(), |at| bytes.len() - 8 + at),
        None => bytes.iter().position(|byte| matches!(byte, ..b' ' | b'"' | b'\\')).unwrap_or(bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::support::dice::Dice;

    fn as_serde(json: &Json<'_>) -> serde_json::Value {
        match json {
            Json::Null => serde_json::Value::Null,
            Json::Bool(value) => (*value).into(),
            Json::Number(text) => serde_json::from_str(text).unwrap(),
            Json::Text(text) => text.as_ref().into(),
            Json::List(list) => list.iter().map(as_serde).collect(),
            Json::Object(object) => object.iter().map(|(name, value)| (name.to_string(), as_serde(value))).collect(),
        }
    }

    #[test]
    fn reads_what_serde_json_reads() {
        let mut dice = Dice::new(0x5eed);
        let pieces = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"a\"",
            "\"\\n\"",
            "\"\\u00e4\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\udc00\"",
            "\\",
            "null",
            "true",
            "false",
            "nul",
            "0",
            "-1",
            "01",
            "1.5e3",
            "1.",
            "-",
            " ",
            "\n",
            "\u{feff}",
            "ä",
            "\"😀\"",
            "\"\u{1}\"",
            "\"\\x\"",
            "\"\\u12\"",
        ];
        let mut valid = 0;
        for _ in 0..200_000 {
            let text: String = match dice.below(3) {
                0 => (0..=dice.below(5)).map(|_| dice.one(&pieces)).collect(),
                1 => format!("[{},{}]", dice.one(&pieces), dice.one(&pieces)),
                _ => format!("{{{}:{}}}", dice.one(&pieces), dice.one(&pieces)),
            };
            match (parse(&text), serde_json::from_str::<serde_json::Value>(&text)) {
                (Ok(ours), Ok(theirs)) => {
                    valid += 1;
                    assert_eq!(as_serde(&ours), theirs, "{text}");
                }
                (Err(_), Err(_)) => {}
                // A number that a float cannot hold; here numbers stay text.
                (Ok(_), Err(error)) if error.to_string().starts_with("number out of range") => {}
                (ours, theirs) => panic!("{text}: {ours:?} against {theirs:?}"),
            }
        }
        assert!(valid > 10_000, "{valid}");
        let catalog = serde_json::to_string(crate::scope::Catalog::appwrite()).unwrap();
        assert_eq!(as_serde(&parse(&catalog).unwrap()), serde_json::from_str::<serde_json::Value>(&catalog).unwrap());
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(64)).is_ok());
        assert_eq!(parse(&nested(1_000_000)).map_err(|error| error.column), Err(65));
    }

    #[test]
    fn errors_have_a_place() {
        let error = parse("{\n \"ä\": x}").unwrap_err();
        assert_eq!((error.line, error.column, error.message), (2, 7, "a value is expected here"));
    }
}
