//! Shows texts that others wrote for what they are: characters that cannot be seen, that turn the direction of a line or that pile up over their
//! neighbours.

/// Longer texts are cut.
const MAX_CHARACTERS: usize = 500;
/// A letter has so many marks in the languages that write them; more only paint over the lines above and below.
const MAX_MARKS: usize = 2;

/// The text, with such characters made visible: `a⟨U+202E⟩b`. A mark without a letter, and each one too many, gets a dotted circle.
pub fn visible(text: &str) -> String {
    // Mostly all of it.
    if text.len() <= MAX_CHARACTERS && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len().min(4 * MAX_CHARACTERS));
    // As if the text began behind a letter that is full.
    let mut marks = MAX_MARKS;
    for (count, c) in text.chars().enumerate() {
        if count == MAX_CHARACTERS {
            shown.push('…');
            break;
        }
        if is_mark(c) {
            marks += 1;
            if marks > MAX_MARKS {
                shown.push('◌');
            }
            shown.push(c);
        } else if is_unseen(c) {
            marks = MAX_MARKS;
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        } else {
            marks = if c.is_whitespace() { MAX_MARKS } else { 0 };
            shown.push(c);
        }
    }
    shown
}

/// Whether letters of the text can reach over the lines above and below. None before the combining marks does.
pub fn can_pile(text: &str) -> bool {
    text.chars().any(|c| c >= '\u{300}')
}

/// Marks that combine with the letter before.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// Controls, marks of direction, and what takes no room. Joiners are letters' business: scripts and emoji need them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_texts_stay_as_they_are() {
        for text in ["rows.read", "Größe", "مرحبا", "日本語", "Tiếng Việt", "👩‍🚀", "e\u{301}a\u{323}\u{302}"] {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        assert_eq!(visible("a\u{202e}b"), "a⟨U+202E⟩b");
        assert_eq!(visible("a\u{200b}b\u{0}\u{7}\u{feff}"), "a⟨U+200B⟩b⟨U+0000⟩⟨U+0007⟩⟨U+FEFF⟩");
        assert_eq!(visible("a\nb"), "a⟨U+000A⟩b");
    }

    #[test]
    fn marks_do_not_pile_up() {
        assert_eq!(visible("\u{301}a"), "◌\u{301}a");
        assert_eq!(visible("a\u{301}\u{302}\u{303}\u{304}"), "a\u{301}\u{302}◌\u{303}◌\u{304}");
    }

    #[test]
    fn letters_with_marks_can_pile_up_and_ordinary_ones_cannot() {
        assert!(!["rows.read", "Größe", "İ", ""].into_iter().any(can_pile));
        assert!(["e\u{301}", "a⟨U+202E⟩b", "ก็"].into_iter().all(can_pile));
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(visible(&"x".repeat(9000)).chars().count(), MAX_CHARACTERS + 1);
    }
}
