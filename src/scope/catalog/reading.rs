//! Reads which operations a text names: a request line, a line of code in any language, or a command line. Knows nothing of what to
//! say where it names none.

use alloc::vec::Vec;

use super::{lookup::Catalog, spelling::Word};
use crate::scope::support::text::{cut, trimmed, words};

/// What a text holds.
pub(super) struct Reading<'a> {
    catalog: &'a Catalog,
    /// The text without what stands around it.
    core: &'a str,
    /// The operations of the spelling that it holds.
    pub found: Vec<u16>,
    /// Whether it holds other ones too.
    pub is_several: bool,
    /// Whether it also holds what could be a call of something that the catalog does not know.
    is_vague: bool,
    /// What looks most like a namespace and a method, where nothing is found.
    pub like: Option<(&'a str, &'a str)>,
    /// Its method and path, where it is a request; the method is empty where it is not stated.
    pub request: Option<(&'a str, &'a str)>,
}

impl<'a> Reading<'a> {
    pub fn of(catalog: &'a Catalog, text: &'a str) -> Self {
        let text = trimmed(text, |c| c.is_whitespace() || is_quote(c) && !c.is_ascii());
        let core = trimmed(text, |c| c != '_' && c.is_ascii_punctuation());
        let mut reading = Self { catalog, core, found: Vec::new(), is_several: false, is_vague: false, like: None, request: None };
        reading.code(text);
        if let Some(request) = Request::of(text) {
            reading.is_several |= request.is_several || !reading.found.is_empty();
            if !reading.is_several && !request.path.is_empty() {
                reading.request = Some((request.method, request.path));
            }
        }
        // What is not clear means nothing.
        if reading.is_several || reading.is_vague {
            reading.found.clear();
        }
        reading
    }

    /// That of a text which is nothing else than this request.
    pub fn of_request(catalog: &'a Catalog, request: (&'a str, &'a str)) -> Self {
        Self { catalog, core: "", found: Vec::new(), is_several: false, is_vague: false, like: None, request: Some(request) }
    }

    /// The word that is most like a method, where nothing is found.
    pub fn method(&self) -> &'a str {
        self.like.map_or_else(|| self.core.get(..word_length(self.core)).unwrap_or_default(), |(_, method)| method)
    }

    /// Looks for operations in code or in a command line. Words belong together as namespace and method where nothing but marks such
    /// as `.`, `->`, `::` and spaces stands between them. A bracket behind a word is passed over: what follows it belongs to the word.
    #[inline(never)]
    fn code(&mut self, text: &'a str) {
        // The words before the brackets that are open.
        let mut open: Vec<Option<Word<'a>>> = Vec::new();
        // The word that the next one would belong to, and whether as its member.
        let (mut last, mut is_member) = (None, false);
        // How many brackets are open around the call that was found.
        let mut around = usize::MAX;
        let mut is_bare = false;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = word_length(rest);
            let (word, behind) = rest.split_at(if length == 0 { first.len_utf8() } else { length });
            if length == 0 {
                match first {
                    '.' | '#' => is_member = true,
                    '-' | ':' if rest.starts_with("->") || rest.starts_with("::") => is_member = true,
                    '&' if rest.starts_with("&.") => {}
                    ' ' | '\t' | '\n' | '\r' | ':' | '$' | '?' | '!' | '>' => {}
                    '(' => {
                        open.push(last.take());
                        is_member = false;
                    }
                    ')' => {
                        last = open.pop().flatten().or(last);
                        if open.len() <= around {
                            around = usize::MAX;
                        }
                        is_member = false;
                    }
                    _ => {
                        self.is_vague |= first.is_ascii_control();
                        (last, is_member) = (None, false);
                    }
                }
                rest = behind;
                continue;
            }
            // Something named without a call is the last of the text.
            self.is_vague |= is_bare;
            let mut own = Word { text: word, is_answer: false };
            let mut next = behind.bytes().skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'?' | b'!'));
            let next = [next.next(), next.next(), next.next()].map(Option::unwrap_or_default);
            let is_called = matches!(next, [b'(' | b'<' | b'{', ..] | [b'.', b'(', _] | [b':', b':', b'<']);
            let mut found = last.map(|before| self.catalog.positions_spelled(Some(before.text), word)).unwrap_or_default();
            if found.is_empty() && (is_called || word == self.core) {
                found = self.catalog.positions_spelled(None, word);
            } else if let Some(before) = last.filter(|_| !found.is_empty()) {
                // A method called on the answer could be another one of the same service.
                own = Word { is_answer: true, ..before };
            }
            if !word.is_ascii() {
                last = None;
            } else if !found.is_empty() {
                match is_called {
                    true => around = around.min(open.len()),
                    false => is_bare = !is_option(behind),
                }
                if self.found.is_empty() {
                    self.found = found;
                } else {
                    self.is_several |= self.found != found;
                }
                last = Some(own);
            } else {
                if let Some(before) = last.filter(|_| open.len() <= around) {
                    let goes_on = !is_called && matches!(next, [b'.' | b'=', ..] | [b'-', b'>', _] | [b':', b':', _]);
                    if word.eq_ignore_ascii_case("new") {
                        own = before;
                    } else if is_member && !goes_on && !before.is_answer && self.catalog.is_namespace(before.text) {
                        self.is_vague = true;
                        self.like = Some((before.text, word));
                    }
                    self.like = self.like.filter(|_| self.is_vague).or(Some((before.text, word)));
                }
                // `NewUsers(client)`
                let made = word.get(..3).filter(|begin| begin.eq_ignore_ascii_case("new")).and_then(|_| word.get(3..));
                let made = made.filter(|made| self.catalog.is_namespace(made)).map(|text| Word { text, is_answer: false });
                last = made.or(Some(own));
            }
            is_member = false;
            rest = behind;
        }
    }
}

/// How many bytes of a text are a word: letters, digits and `_`, also `-` between them. Letters that are not ASCII make it another
/// word.
fn word_length(text: &str) -> usize {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let bytes = text.as_bytes();
    let is_in = |at: usize, byte: u8| is_letter(byte) || byte == b'-' && at > 0 && bytes.get(at + 1).is_some_and(|next| is_letter(*next));
    bytes.iter().enumerate().take_while(|(at, byte)| is_in(*at, **byte)).count()
}

/// Whether the next thing is an option of a command line.
fn is_option(text: &str) -> bool {
    let mut rest = text.trim_start().bytes();
    text.starts_with(char::is_whitespace)
        && rest.next() == Some(b'-')
        && rest.next().is_some_and(|next| next == b'-' || next.is_ascii_alphabetic())
}

/// An HTTP method and a path within a text.
struct Request<'a> {
    /// Empty where it is not stated.
    method: &'a str,
    /// Empty where it is not clear what is requested.
    path: &'a str,
    is_several: bool,
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{201c}' | '\u{201d}')
}

impl<'a> Request<'a> {
    /// The request that begins the text, that a log quotes or that `curl` sends; without a path where it is none of these.
    #[inline(never)]
    fn of(text: &'a str) -> Option<Self> {
        let words = words(text, char::is_whitespace);
        let is_curl = words.first() == Some(&"curl");
        let mut request = Self { method: "", path: "", is_several: false };
        let (mut option, mut last, mut found, mut commands) = ("", "", 0, 0);
        // Whether a letter comes before the last word.
        let (mut is_inner, mut is_inner_next) = (false, false);
        for (at, word) in words.iter().copied().enumerate() {
            commands += usize::from(is_curl && word == "curl");
            match word.strip_prefix("-X") {
                _ if matches!(last, "-X" | "--request") => option = word,
                Some(method) if !method.is_empty() => option = method,
                _ => {}
            }
            if let Some(path) = target(trimmed(word, is_quote)) {
                let method = trimmed(last, is_quote);
                let is_any_case = at == 1 && !is_curl;
                let is_letter = |byte: u8| byte.is_ascii_uppercase() || is_any_case && byte.is_ascii_lowercase();
                let is_stated = !method.is_empty() && method.bytes().all(is_letter);
                if is_stated || is_curl && found == 0 {
                    found += 1;
                    let is_quoted = last.starts_with(is_quote) || word.starts_with(is_quote);
                    let tail = words.get(at + 1).copied().unwrap_or("-");
                    let is_log = tail.starts_with("HTTP/") || tail.starts_with(|c: char| c.is_ascii_digit() || c == '-' || is_quote(c));
                    if is_curl || is_quoted || !is_inner && is_log {
                        (request.method, request.path) = (method, path);
                    }
                }
            }
            is_inner = is_inner_next;
            is_inner_next |= word.bytes().any(|byte| byte.is_ascii_alphabetic());
            last = word;
        }
        if found == 0 {
            return None;
        }
        if is_curl {
            request.method = trimmed(option, is_quote);
        }
        request.is_several = found > 1 || commands > 1;
        for mark in [b'?', b'#'] {
            request.path = cut(request.path, mark).map_or(request.path, |(path, _)| path);
        }
        Some(request)
    }
}

/// The path of `/v1/users` or `https://host/v1/users`.
fn target(word: &str) -> Option<&str> {
    match word.strip_prefix("https://").or_else(|| word.strip_prefix("http://")) {
        Some(rest) => rest.get(rest.bytes().position(|byte| byte == b'/')?..),
        None => Some(word).filter(|word| word.starts_with('/')),
    }
}
