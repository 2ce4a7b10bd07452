//! Names as they are shown.

/// A name whose invisible characters that turn the direction of the text around it are visible: U+202E becomes "[U+202E]".
pub fn shown(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' => {
                text.push_str(&format!("[U+{:04X}]", u32::from(character)));
            }
            character => text.push(character),
        }
    }
    text
}

/// Whether a text is a whole secret of a key, and not words to search for: longer than an id, of letters, digits and underscores.
pub fn looks_like_secret(text: &str) -> bool {
    const LONGEST_ID: usize = 36;
    let text = text.trim();
    text.len() > LONGEST_ID && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{Secret, SecretKind};

    #[test]
    fn what_turns_the_direction_of_a_name_is_visible() {
        assert_eq!(shown("invoice\u{202e}gpj.exe"), "invoice[U+202E]gpj.exe");
        assert_eq!(shown("مفتاح é"), "مفتاح é");
    }

    #[test]
    fn a_secret_is_told_from_a_search() {
        let secret = Secret::new(SecretKind::Key, &[7; 32]);
        assert!(looks_like_secret(secret.expose()));
        assert!(looks_like_secret(&format!(" standard_{}\n", "ab".repeat(64))));
        for text in ["", "nightly export", "scopewise_key_abcd…wxyz", &"a".repeat(36), "databases.collections.documents.attributes.read"]
        {
            assert!(!looks_like_secret(text), "{text}");
        }
    }
}
