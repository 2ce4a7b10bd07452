//! The texts for messages.

use super::strings::{Strings, Text};
use crate::scope::Report;

/// A part of a message: prose, or the input that it quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Prose.
    Text(String),
    /// Text in backticks.
    Code(String),
}

/// Splits a message at its backticks. An unpaired backtick is kept.
pub fn pieces(message: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = message;
    while let Some((before, behind)) = rest.split_once('`') {
        let Some((code, after)) = behind.split_once('`') else { break };
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::Code(code.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}

/// A lower-case message as a sentence, with a capital letter and a full stop. Quoted text stays unchanged.
pub fn sentence(message: &str) -> String {
    let mut text = message.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !text.ends_with(['.', '!', '?', '…']) && !text.is_empty() {
        text.push('.');
    }
    text
}

/// A summary of a report in a few words.
pub fn verdict(strings: &Strings, report: &Report) -> String {
    let counts = [
        (report.errors.len(), Text::ErrorsOne, Text::ErrorsMany),
        (report.warnings.len(), Text::WarningsOne, Text::WarningsMany),
        (report.hints.len(), Text::HintsOne, Text::HintsMany),
    ];
    let counted =
        |(count, one, many): (usize, Text, Text)| strings.fill(if count == 1 { one } else { many }, &[("count", &count.to_string())]);
    let parts: Vec<String> = counts.into_iter().filter(|(count, ..)| *count > 0).map(counted).collect();
    if parts.is_empty() { strings.get(Text::NoProblems).to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::{Catalog, CheckRequest, check};

    #[test]
    fn messages_are_split_at_their_backticks() {
        let (text, code) = (|text: &str| Piece::Text(text.into()), |text: &str| Piece::Code(text.into()));
        assert_eq!(pieces("grant `a` in its place"), [text("grant "), code("a"), text(" in its place")]);
        assert_eq!(pieces("`a``b`"), [code("a"), code("b")]);
        assert_eq!(pieces("one ` alone"), [text("one ` alone")]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn messages_become_sentences_without_touching_what_they_quote() {
        assert_eq!(sentence("the key never expires"), "The key never expires.");
        assert_eq!(sentence("`users.read` is deprecated"), "`users.read` is deprecated.");
        assert_eq!(sentence("did you mean `x`?"), "Did you mean `x`?");
        assert_eq!(sentence(""), "");
    }
    #[test]
    fn a_verdict_counts_what_was_found() {
        let report = |scopes: &[&str]| {
            let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
            check(Catalog::appwrite(), &CheckRequest { scopes, ..CheckRequest::default() })
        };
        assert_eq!(verdict(&Strings::default(), &report(&["rows.read"])), "No problems found");
        assert_eq!(verdict(&Strings::default(), &report(&["rows.reed", "execution.read", "keys.write"])), "1 error, 2 warnings");
    }
}
