//! Which parts of a text a search has found.

use super::letters::lower;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Whether the search has found it.
    pub marked: bool,
    /// The part.
    pub text: String,
}

/// Shorter words are marked only where a word begins: a single letter is everywhere.
const SHORT: usize = 1;

/// Splits a text into what the words find and what stands between. The words are in lower case. With `at_begin`, a word is found only at the begin
/// of a word of the text, also of one that only a capital letter begins.
pub fn spans(text: &str, words: &[String], at_begin: bool) -> Vec<Span> {
    let begins: Vec<usize> = words_of(text).map(|(at, _)| at).collect();
    let mut spans = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let begin = begins.binary_search(&at).is_ok();
        let fits = words.iter().filter(|word| begin || !at_begin && word.len() > SHORT).filter_map(|word| prefix(rest, word));
        match fits.max() {
            Some(length) if length > 0 => {
                push(&mut spans, false, text.get(plain..at));
                push(&mut spans, true, rest.get(..length));
                at += length;
                plain = at;
            }
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    push(&mut spans, false, text.get(plain..));
    spans
}

fn push(spans: &mut Vec<Span>, marked: bool, text: Option<&str>) {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return };
    match spans.last_mut() {
        Some(last) if last.marked == marked => last.text.push_str(text),
        _ => spans.push(Span { marked, text: text.to_owned() }),
    }
}

/// How many bytes of the text are the word, whatever their case.
fn prefix(text: &str, word: &str) -> Option<usize> {
    let mut rest = word.chars();
    for (at, c) in text.char_indices() {
        if rest.as_str().is_empty() {
            return Some(at);
        }
        if rest.next() != Some(lower(c)) {
            return None;
        }
    }
    rest.as_str().is_empty().then_some(text.len())
}

/// The words of a text with where they begin: split at everything but letters and digits, and at capital letters (`createEmail`, `create_email`,
/// `listSMSProviders`).
pub fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let begin = from + text.get(from..)?.find(is_letter)?;
        let word = text.get(begin..)?;
        let mut before: Option<char> = None;
        let mut letters = word.char_indices().peekable();
        let mut length = word.len();
        while let Some((at, c)) = letters.next() {
            let next_is_lower = letters.peek().is_some_and(|(_, next)| next.is_ascii_lowercase());
            let begins_word = c.is_ascii_uppercase() && before.is_some_and(|before| !before.is_ascii_uppercase() || next_is_lower);
            if !is_letter(c) || begins_word {
                length = at;
                break;
            }
            before = Some(c);
        }
        from = begin + length;
        Some((begin, word.get(..length)?))
    })
}

/// Letters and digits; beyond ASCII, everything counts as one.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, words: &[&str], at_begin: bool) -> String {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        spans(text, &words, at_begin).iter().map(|span| if span.marked { format!("[{}]", span.text) } else { span.text.clone() }).collect()
    }

    #[test]
    fn what_is_found_is_marked_whatever_its_case() {
        assert_eq!(marked("Read rows of Tables", &["row", "tab"], false), "Read [row]s of [Tab]les");
        assert_eq!(marked("rows.read", &["rows.read", "rows"], false), "[rows.read]");
        assert_eq!(marked("ÄRGER und ärger", &["ärger"], false), "[ÄRGER] und [ärger]");
        assert_eq!(marked("İstanbul", &["i"], false), "İstanbul");
        assert_eq!(marked("rows", &[], false), "rows");
        assert_eq!(marked("", &["x"], false), "");
    }

    #[test]
    fn a_single_letter_is_marked_where_a_word_begins() {
        assert_eq!(marked("test of a letter", &["t"], false), "[t]est of a letter");
    }

    #[test]
    fn an_operation_is_marked_at_its_words() {
        assert_eq!(marked("messaging.createEmail", &["send", "create", "email"], true), "messaging.[createEmail]");
        assert_eq!(marked("users.getTarget", &["get"], true), "users.[get]Target");
    }

    #[test]
    fn ids_are_split_as_every_language_spells_them() {
        let split = |text| words_of(text).map(|(_, word)| word).collect::<Vec<_>>();
        assert_eq!(split("tablesDB.listRows"), ["tables", "DB", "list", "Rows"]);
        assert_eq!(split("create_email"), ["create", "email"]);
        assert_eq!(split("createSMSProvider"), ["create", "SMS", "Provider"]);
        assert_eq!(split("  -- "), Vec::<&str>::new());
    }
}
