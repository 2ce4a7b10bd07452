//! Recognizes texts that were sent instead of an API key by mistake: a key in quotes that no shell removed, a variable that nothing
//! replaced, the placeholder of an example. No key begins like one of them.

/// What was sent instead of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server::http) enum Mistake {
    Quoted,
    Bearer,
    Named,
    Placeholder,
    Empty,
}

/// Quotes as people and word processors write them.
const QUOTES: [char; 10] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '\u{ab}', '\u{bb}'];
/// What the parts of templates stand between.
const BRACES: [(&str, &str); 5] = [("<", ">"), ("{", "}"), ("[", "]"), ("%", "%"), ("(", ")")];
/// What languages write for a value that is not there.
const NOTHINGS: [&str; 6] = ["undefined", "null", "none", "nil", "nan", "[object object]"];
/// What examples and programs write before a name. Secrets of any kind begin otherwise.
const STARTS: [&str; 8] = ["$", "your_", "your-", "your ", "process.env.", "import.meta.env.", "os.environ", "env["];

impl Mistake {
    /// What the text is instead of a key; `None` where it may be a key.
    pub(in crate::server::http) fn of(text: &str) -> Option<Self> {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        let starts = |word: &str| text.as_bytes().get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
        if text.starts_with(QUOTES) || text.ends_with(QUOTES) {
            Some(Self::Quoted)
        } else if starts("bearer ") || is("bearer") {
            Some(Self::Bearer)
        } else if starts("x-appwrite-key") {
            Some(Self::Named)
        } else if NOTHINGS.into_iter().any(is) {
            Some(Self::Empty)
        } else if STARTS.into_iter().any(starts) || BRACES.iter().any(|(open, close)| text.starts_with(open) && text.ends_with(close)) {
            Some(Self::Placeholder)
        } else {
            None
        }
    }

    /// What is wrong and what to do. It repeats nothing of what was sent.
    pub(in crate::server::http) fn message(self) -> &'static str {
        match self {
            Self::Quoted => "The API key was sent in quotes. Send it without them.",
            Self::Bearer => "The API key was sent with `Bearer` before it. Send the key alone in the X-Appwrite-Key header.",
            Self::Named => "The API key was sent with the name of its header before it. Send the key alone.",
            Self::Placeholder => {
                "A placeholder was sent instead of an API key. Send the key itself, or find out why the variable was not replaced by its value."
            }
            Self::Empty => "No API key was sent, but a word for an empty value. Find out why the variable that holds the key is not set.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{Secret, SecretKind};

    #[test]
    fn a_mistake_is_recognized() {
        for (text, expected) in [
            ("\"scopewise_key_x\"", Mistake::Quoted),
            ("'standard_x", Mistake::Quoted),
            ("\u{201c}standard_x\u{201d}", Mistake::Quoted),
            ("Bearer standard_x", Mistake::Bearer),
            ("bearer", Mistake::Bearer),
            ("X-Appwrite-Key: standard_x", Mistake::Named),
            ("$APPWRITE_KEY", Mistake::Placeholder),
            ("${APPWRITE_KEY}", Mistake::Placeholder),
            ("${{ secrets.APPWRITE_KEY }}", Mistake::Placeholder),
            ("$(cat key)", Mistake::Placeholder),
            ("%APPWRITE_KEY%", Mistake::Placeholder),
            ("{{key}}", Mistake::Placeholder),
            ("<YOUR_API_KEY>", Mistake::Placeholder),
            ("[API_KEY]", Mistake::Placeholder),
            ("YOUR_API_KEY", Mistake::Placeholder),
            ("process.env.APPWRITE_KEY", Mistake::Placeholder),
            ("undefined", Mistake::Empty),
            ("None", Mistake::Empty),
            ("[object Object]", Mistake::Empty),
        ] {
            assert_eq!(Mistake::of(text), Some(expected), "{text}");
            assert!(expected.message().ends_with('.'));
        }
    }

    #[test]
    fn nothing_that_may_be_a_key_is_taken_for_a_mistake() {
        let own = Secret::new(SecretKind::Key, &[7; 32]);
        let legacy = "0f".repeat(128);
        for text in ["", own.expose(), &legacy, &format!("standard_{legacy}"), "ephemeral_a.b.c", "nothing", "yours", "bearers_key"] {
            assert_eq!(Mistake::of(text), None, "{text}");
        }
    }
}
