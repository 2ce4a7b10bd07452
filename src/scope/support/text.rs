//! How input, names and counts are shown in messages.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// Longer texts are cut in messages, so that a hostile list cannot blow up the report.
const SHOWN_CHARACTERS: usize = 64;

/// Parts in a row, each as it is. It takes less time than `format!`, which is also for other things than texts.
pub(in crate::scope) fn row(parts: &[&str]) -> String {
    row_before(parts, 0)
}

/// Parts in a row, with room for so many bytes behind them.
fn row_before(parts: &[&str], room: usize) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum::<usize>() + room);
    parts.iter().for_each(|part| text.push_str(part));
    text
}

/// A text in backticks, cut where it is long. What is not printable ASCII is escaped, so that look-alike letters, marks that turn
/// the direction of a line and control characters are seen for what they are.
pub fn quoted(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(SHOWN_CHARACTERS) + 2);
    shown.push('`');
    // Mostly all of it.
    let plain = text.bytes().take(SHOWN_CHARACTERS).take_while(|byte| matches!(byte, b' '..=b'_' | b'a'..=b'~')).count();
    let (plain, rest) = text.split_at_checked(plain).unwrap_or(("", text));
    shown.push_str(plain);
    for c in rest.chars() {
        if shown.len() > SHOWN_CHARACTERS {
            shown.push('…');
            break;
        }
        match c {
            ' '..='_' | 'a'..='~' => shown.push(c),
            _ => shown.extend(c.escape_unicode()),
        }
    }
    shown.push('`');
    shown
}

/// The text without such characters around it.
#[inline(never)]
pub(in crate::scope) fn trimmed(text: &str, is_around: fn(char) -> bool) -> &str {
    text.trim_matches(is_around)
}

/// What stands before and behind the first such byte, which is ASCII. Smaller than the search of `std`, which knows every character.
#[inline(never)]
pub(in crate::scope) fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    around(text, text.bytes().position(|byte| byte == at)?)
}

/// What stands before and behind the last such byte, which is ASCII.
#[inline(never)]
pub(in crate::scope) fn cut_last(text: &str, at: u8) -> Option<(&str, &str)> {
    around(text, text.bytes().rposition(|byte| byte == at)?)
}

#[inline(never)]
fn around(text: &str, place: usize) -> Option<(&str, &str)> {
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// What stands between such bytes, which are ASCII.
#[inline(never)]
pub(in crate::scope) fn parts(text: &str, between: u8) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), Some(text));
    while let Some(text) = rest {
        let (part, behind) = cut(text, between).map_or((text, None), |(part, behind)| (part, Some(behind)));
        parts.push(part);
        rest = behind;
    }
    parts
}

/// What stands between such characters.
#[inline(never)]
pub(in crate::scope) fn words(text: &str, is_between: fn(char) -> bool) -> Vec<&str> {
    let mut words: Vec<&str> = text.split(is_between).collect();
    words.retain(|word| !word.is_empty());
    words
}

/// A count with its noun: "1 operation", "2 operations". The plural is made with an `s`.
pub fn counted(count: usize, noun: &str) -> String {
    row(&[&count.to_string(), " ", noun, if count == 1 { "" } else { "s" }])
}

/// "`a.list`", "2 operations, such as `a.list`".
pub(in crate::scope) fn counted_operations(count: usize, first: &str) -> String {
    let first = quoted(first);
    if count == 1 { first } else { row(&[&count.to_string(), " operations, such as ", &first]) }
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`", "`a`, `b`, `c` and 2 more".
pub(in crate::scope) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    joined(names.into_iter().map(quoted).collect(), "and")
}

/// "`a`", "`a` or `b`", "`a`, `b` or `c`".
pub(in crate::scope) fn either<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    joined(names.into_iter().map(quoted).collect(), "or")
}

/// Parts of a sentence, as [`either`] joins names.
pub(in crate::scope) fn either_of(parts: Vec<String>) -> String {
    joined(parts, "or")
}

#[inline(never)]
fn joined(mut names: Vec<String>, word: &str) -> String {
    const SHOWN: usize = 3;
    // "and 1 more" would be no shorter than the name.
    let hidden = if names.len() > SHOWN + 1 { names.len() - SHOWN } else { 0 };
    names.truncate(names.len() - hidden);
    if hidden > 0 {
        names.push(format!("{hidden} more"));
    }
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} {word} {last}", names.join(", ")),
        Some(only) => only,
        None => String::new(),
    }
}

/// "a" or "an", as the word asks for it.
pub(in crate::scope) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// The parts, and behind them the sentence with a small first letter and without its full stop.
pub(in crate::scope) fn with_sentence(parts: &[&str], sentence: &str) -> String {
    let mut text = row_before(parts, sentence.len());
    let mut chars = sentence.trim_end_matches('.').chars();
    text.extend(chars.next().map(small));
    text.push_str(chars.as_str());
    text
}

/// The small form of a Latin, Greek or Cyrillic letter. The table of `std` has all scripts, and takes eleven kilobytes of the checker.
fn small(letter: char) -> char {
    let distance = match letter {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => 32,
        'Ѐ'..='Џ' => 80,
        _ => 0,
    };
    char::from_u32(u32::from(letter) + distance).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_input_is_shown_harmless() {
        assert_eq!(quoted("<b>\u{202e}`\u{0}"), "`<b>\\u{202e}\\u{60}\\u{0}`");
        assert_eq!(quoted("users.re\u{430}d"), "`users.re\\u{430}d`");
        assert_eq!(quoted(&"x".repeat(65)), format!("`{}…`", "x".repeat(64)));
    }

    #[test]
    fn counts_have_correct_plurals() {
        assert_eq!([counted(0, "scope"), counted(1, "scope"), counted(2, "scope")], ["0 scopes", "1 scope", "2 scopes"]);
    }

    #[test]
    fn a_first_letter_becomes_small() {
        for block in ['A'..='Z', 'À'..='Þ', 'Α'..='Ϋ', 'Ѐ'..='Я'] {
            for letter in block {
                assert_eq!(small(letter).to_string(), letter.to_lowercase().to_string());
            }
        }
        assert_eq!(with_sentence(&["so ", "it is: "], "Öffnet alles."), "so it is: öffnet alles");
        assert_eq!(["", "Ā", "字", "1", "x"].map(|text| with_sentence(&[], text)), ["", "Ā", "字", "1", "x"]);
    }

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(either(["a", "b"]), "`a` or `b`");
        assert_eq!(listed(["a", "b", "c", "d"]), "`a`, `b`, `c` and `d`");
        assert_eq!(listed(["a", "b", "c", "d", "e"]), "`a`, `b`, `c` and 2 more");
    }
}
