//! What a description of a key may be.

use alloc::boxed::Box;
use core::str::FromStr;

/// The longest description, in Unicode scalar values. Newer SDKs document none; it is room for a few lines.
pub const MAX_CHARACTERS: usize = 512;

/// What a key is for: up to [`MAX_CHARACTERS`] characters of any script, in one line or more; empty for none.
///
/// ```
/// use scopewise::key::KeyDescription;
/// assert!("Imports orders.\nAsk Ada before it is deleted.".parse::<KeyDescription>().is_ok());
/// assert!("a\u{0}b".parse::<KeyDescription>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDescription(Box<str>);

/// Why a text is not a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    /// More than [`MAX_CHARACTERS`] characters.
    #[error("must have at most {MAX_CHARACTERS} characters")]
    TooLong,
    /// A character that is no part of a text.
    #[error("must not hold control characters other than line breaks")]
    Control,
}

impl KeyDescription {
    /// The description as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyDescription {
    type Err = DescriptionError;

    fn from_str(text: &str) -> Result<Self, DescriptionError> {
        if text.chars().nth(MAX_CHARACTERS).is_some() {
            Err(DescriptionError::TooLong)
        } else if text.chars().any(|c| c.is_control() && c != '\n') {
            Err(DescriptionError::Control)
        } else {
            Ok(Self(text.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_a_text_of_a_few_lines() {
        for text in ["", "one\ntwo", &"🔑".repeat(512)] {
            assert_eq!(text.parse::<KeyDescription>().map(|description| description.as_str().to_owned()).as_deref(), Ok(text));
        }
        assert_eq!("a".repeat(513).parse::<KeyDescription>(), Err(DescriptionError::TooLong));
        for text in ["\0", "a\tb", "a\r\nb", "\u{7f}", "\u{85}"] {
            assert_eq!(text.parse::<KeyDescription>(), Err(DescriptionError::Control), "{text:?}");
        }
    }
}
