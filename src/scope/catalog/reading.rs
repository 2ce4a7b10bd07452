//! Reads which operations a text names: a request line, a line of code in any language, or a command line. Knows nothing of what to
//! say where it names none.

use alloc::vec::Vec;

use super::{lookup::Catalog, spelling::Word};

const QUOTES: [char; 3] = ['"', '\'', '`'];

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
        let text = text.trim();
        let core = text.trim_matches(|c: char| c != '_' && c.is_ascii_punctuation() || c.is_whitespace());
        let mut reading = Self { catalog, core, found: Vec::new(), is_several: false, is_vague: false, like: None, request: None };
        let Some(request) = Request::of(text) else {
            reading.code(text);
            reading.settle();
            return reading;
        };
        for beside in [request.before, request.behind] {
            reading.code(beside);
        }
        reading.is_several |= request.is_several || !reading.found.is_empty();
        reading.settle();
        if !reading.is_several && !request.path.is_empty() {
            reading.request = Some((request.method, request.path));
        }
        reading
    }

    /// What is not clear means nothing.
    fn settle(&mut self) {
        if self.is_several || self.is_vague {
            self.found.clear();
        }
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
                        self.is_vague |= first.is_control();
                        (last, is_member) = (None, false);
                    }
                }
                rest = behind;
                continue;
            }
            // Something named without a call is the last of the text.
            self.is_vague |= is_bare;
            let mut own = Word::new(word);
            let next = behind.trim_start_matches([' ', '\t', '\n', '\r', '?', '!']);
            let is_called = next.starts_with(['(', '<', '{']) || next.starts_with("::<") || next.starts_with(".(");
            let mut found = last.map(|before| self.catalog.positions_spelled(Some(before), own)).unwrap_or_default();
            if found.is_empty() && (is_called || word == self.core) {
                found = self.catalog.positions_spelled(None, own);
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
                    let goes_on = next.starts_with(['.', '=']) || next.starts_with("->") || next.starts_with("::") && !is_called;
                    if word.eq_ignore_ascii_case("new") {
                        own = before;
                    } else if is_member && !goes_on && !before.is_answer && self.catalog.is_namespace(before) {
                        self.is_vague = true;
                        self.like = Some((before.text, word));
                    }
                    self.like = self.like.filter(|_| self.is_vague).or(Some((before.text, word)));
                }
                // `NewUsers(client)`
                let made = word.get(..3).filter(|begin| begin.eq_ignore_ascii_case("new")).and_then(|_| word.get(3..)).map(Word::new);
                last = made.filter(|made| self.catalog.is_namespace(*made)).or(Some(own));
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
    if text.starts_with(['\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}']) {
        return 0;
    }
    let bytes = text.as_bytes();
    let is_in = |at: usize, byte: u8| is_letter(byte) || byte == b'-' && at > 0 && bytes.get(at + 1).is_some_and(|next| is_letter(*next));
    let end = bytes.iter().enumerate().find(|(at, byte)| !is_in(*at, **byte)).map_or(bytes.len(), |(at, _)| at);
    // Quotes as a printer sets them end it.
    text.get(..end).and_then(|word| word.find(['\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}'])).unwrap_or(end)
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
    before: &'a str,
    behind: &'a str,
    is_several: bool,
}

impl<'a> Request<'a> {
    /// The request that begins the text, that a log quotes or that `curl` sends; without a path where it is none of these.
    #[inline(never)]
    fn of(text: &'a str) -> Option<Self> {
        let is_curl = text.starts_with("curl ");
        let (mut last, mut last_at, mut at) = ("", 0, 0);
        let (mut request, mut option, mut is_stray): (Option<Self>, _, _) = (None, None, false);
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end();
            if word.is_empty() {
                at += part.len();
                continue;
            }
            let is_quoted = |word: &str| word.starts_with(QUOTES);
            if let Some(path) = target(word.trim_start_matches(QUOTES)) {
                let method = last.trim_start_matches(QUOTES);
                let is_all = |is_letter: fn(&u8) -> bool| !method.is_empty() && method.as_bytes().iter().all(is_letter);
                let is_stated = is_all(u8::is_ascii_uppercase) || last_at == 0 && !is_curl && is_all(u8::is_ascii_alphabetic);
                match &mut request {
                    Some(first) => {
                        first.is_several |= is_stated;
                        is_stray = true;
                    }
                    None if is_stated || is_curl => {
                        let before = text.get(..if is_stated { last_at } else { at }).unwrap_or_default();
                        let behind = text.get(at + word.len()..).unwrap_or_default();
                        let is_begun = is_curl || is_quoted(last) || !before.bytes().any(|byte| byte.is_ascii_alphabetic());
                        let is_cut = is_curl || is_quoted(last) || is_quoted(word);
                        let is_log = |c: char| c.is_ascii_digit() || c == '-' || QUOTES.contains(&c);
                        let tail = behind.trim_start();
                        let path = if is_cut {
                            path.trim_end_matches(QUOTES)
                        } else if tail.is_empty() || tail.starts_with(is_log) || tail.starts_with("HTTP/") {
                            path
                        } else {
                            // As it is written, with the spaces.
                            text.get(text.len() - behind.len() - path.len()..).unwrap_or_default()
                        };
                        request =
                            Some(Self { method: if is_begun && is_stated { method } else { "" }, path, before, behind, is_several: false });
                    }
                    None => {}
                }
            }
            match last {
                "-X" | "--request" => option = Some(word),
                _ => option = word.strip_prefix("-X").filter(|method| !method.is_empty()).or(option),
            }
            if let Some(first) = &mut request {
                first.is_several |= is_curl && word == "curl";
            }
            (last, last_at, at) = (word, at, at + part.len());
        }
        let mut request = request?;
        if is_curl {
            request.method = option.unwrap_or_default().trim_matches(QUOTES);
        }
        // A path with a space in it, and another path.
        if !is_curl && (request.method.is_empty() || is_stray && request.path.contains(char::is_whitespace)) {
            request.path = "";
        }
        request.path = request.path.split(['?', '#']).next().unwrap_or_default();
        Some(request)
    }
}

/// The path of `/v1/users` or `https://host/v1/users`.
fn target(word: &str) -> Option<&str> {
    match word.strip_prefix("https://").or_else(|| word.strip_prefix("http://")) {
        Some(rest) => rest.find('/').and_then(|slash| rest.get(slash..)),
        None => Some(word).filter(|word| word.starts_with('/')),
    }
}
