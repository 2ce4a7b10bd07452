//! How input, names and counts are shown in messages.

use alloc::{string::String, vec::Vec};

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

/// A number in decimal digits, without what the formatting of `std` brings along for other forms.
#[inline(never)]
pub(in crate::scope) fn digits(number: usize) -> String {
    let mut text = String::new();
    push_digits(&mut text, number, 10);
    text
}

/// The number of a text of decimal digits; nothing for any other text. Smaller than `str::parse`, which is also for signs.
#[inline(never)]
pub(in crate::scope) fn number(text: &str) -> Option<usize> {
    let mut number: Option<usize> = None;
    for byte in text.bytes() {
        let digit = usize::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
        number = Some(number.unwrap_or_default().checked_mul(10)?.checked_add(digit)?);
    }
    number
}

/// Texts with another one between them.
#[inline(never)]
pub(in crate::scope) fn join(texts: &[String], between: &str) -> String {
    let mut all = String::new();
    for (at, text) in texts.iter().enumerate() {
        all.push_str(if at > 0 { between } else { "" });
        all.push_str(text);
    }
    all
}

/// Adds a number in digits of this base, at most 16.
#[inline(never)]
pub(in crate::scope) fn push_digits(text: &mut String, number: usize, base: u8) {
    let (rest, digit) = (number / usize::from(base), number % usize::from(base));
    if rest > 0 {
        push_digits(text, rest, base);
    }
    let digit = digit.to_le_bytes()[0];
    text.push(char::from(if digit > 9 { digit - 10 + b'a' } else { digit + b'0' }));
}

/// A template with these texts in the places of its `{}`. It takes a third of the code of [`row`] in the checker, which lists every part.
#[inline(never)]
pub(in crate::scope) fn fill(template: &'static str, texts: &[&str]) -> String {
    let mut filled = String::with_capacity(template.len() + texts.iter().map(|text| text.len()).sum::<usize>());
    let mut rest = template;
    for text in texts {
        let (before, behind) = cut(rest, b'{').unwrap_or((rest, ""));
        filled.push_str(before);
        filled.push_str(text);
        // Behind the closing brace.
        rest = behind.get(1..).unwrap_or_default();
    }
    filled.push_str(rest);
    filled
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
            _ => {
                shown.push_str("\\u{");
                push_digits(&mut shown, c as usize, 16);
                shown.push('}');
            }
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
    let (mut words, mut begin) = (Vec::new(), 0);
    for (end, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        if end == text.len() || is_between(letter) {
            words.extend(text.get(begin..end).filter(|word| !word.is_empty()));
            begin = end + letter.len_utf8();
        }
    }
    words
}

/// The place of an item of a list: `scopes[3]`.
#[inline(never)]
pub(in crate::scope) fn item(list: &str, index: usize) -> String {
    fill("{}[{}]", &[list, &digits(index)])
}

/// An operation in backticks, as it is written, and as the catalog has it where that is another way.
#[inline(never)]
pub(in crate::scope) fn shown(written: &str, id: &str) -> String {
    if id == written { quoted(id) } else { fill("{}, which is {}", &[&quoted(written), &quoted(id)]) }
}

/// A count with its noun: "1 operation", "2 operations". The plural is made with an `s`.
pub fn counted(count: usize, noun: &str) -> String {
    fill("{} {}{}", &[&digits(count), noun, if count == 1 { "" } else { "s" }])
}

/// "`a.list`", "2 operations, such as `a.list`".
pub(in crate::scope) fn counted_operations(count: usize, first: &str) -> String {
    let first = quoted(first);
    if count == 1 { first } else { fill("{} operations, such as {}", &[&digits(count), &first]) }
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`", "`a`, `b`, `c` and 2 more".
pub(in crate::scope) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    joined_all(names.into_iter().map(quoted).collect(), "and")
}

/// "`a`", "`a` or `b`", "`a`, `b` or `c`".
pub(in crate::scope) fn either<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    joined_all(names.into_iter().map(quoted).collect(), "or")
}

/// So many names of a list are shown at the most.
pub(in crate::scope) const LISTED: usize = 4;

/// Parts of a sentence, as [`either`] joins names: the first [`LISTED`] of so many.
pub(in crate::scope) fn either_of(parts: Vec<String>, count: usize) -> String {
    joined(parts, count, "or")
}

fn joined_all(names: Vec<String>, word: &str) -> String {
    let count = names.len();
    joined(names, count, word)
}

#[inline(never)]
fn joined(mut names: Vec<String>, count: usize, word: &str) -> String {
    // "and 1 more" would be no shorter than the name.
    if count > LISTED {
        names.truncate(LISTED - 1);
        names.push(fill("{} more", &[&digits(count - names.len())]));
    }
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            text.push_str(if at + 1 < names.len() { ", " } else { " " });
        }
        if at > 0 && at + 1 == names.len() {
            text.push_str(word);
            text.push(' ');
        }
        text.push_str(name);
    }
    text
}

/// "a" or "an", as the word asks for it.
pub(in crate::scope) fn article(word: &str) -> &'static str {
    if matches!(word.as_bytes(), [b'a' | b'e' | b'i' | b'o' | b'u', ..]) { "an" } else { "a" }
}

/// The parts, and behind them the sentence with a small first letter and without its full stop.
pub(in crate::scope) fn with_sentence(parts: &[&str], sentence: &str) -> String {
    let mut text = row_before(parts, sentence.len());
    let end = sentence.bytes().rposition(|byte| byte != b'.').map_or(0, |last| last + 1);
    let mut chars = sentence.get(..end).unwrap_or_default().chars();
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
    fn a_template_is_filled_with_texts_as_they_are() {
        assert_eq!(fill("no {} in `{}`", &["{}", "a{b"]), "no {} in `a{b`");
        assert_eq!(fill("{}{}", &["a", "b"]), "ab");
        assert_eq!(fill("has {} such as `{+path}`; at most {}", &["2"]), "has 2 such as `{+path}`; at most {}");
        assert_eq!(fill("none", &[]), "none");
    }

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_digits() {
        for text in ["", "0", "7", "007", "1234567890", "18446744073709551615", "18446744073709551616", "1x", "x1", " 1", "-", "1.5", "1e3"]
        {
            assert_eq!(number(text), text.parse().ok(), "{text}");
        }
        assert_eq!((number("+1"), number("-1"), number("\u{661}")), (None, None, None));
    }

    #[test]
    fn texts_are_joined_and_parted() {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!([join(&[], ", "), join(&texts(&["a"]), ", "), join(&texts(&["a", "", "b"]), ", ")], ["", "a", "a, , b"]);
        for text in ["", " ", "a", " a", "a ", "a  b c", "\u{2003}a\u{2003}\u{e9}", "\u{e9} b"] {
            assert_eq!(words(text, char::is_whitespace), text.split_whitespace().collect::<Vec<_>>(), "{text:?}");
        }
    }

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
