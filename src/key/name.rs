//! What a name of a key (or of a project) may be.

use alloc::{boxed::Box, string::String};
use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

/// The longest name, in Unicode scalar values (contract §1.1: 128).
pub const MAX_CHARACTERS: usize = 128;

/// A name: 1 to [`MAX_CHARACTERS`] characters of any script, none of them a control character (Unicode's category Cc). It is kept as it was given; code that shows it must not let its
/// direction or its markup reach the text around it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyName(Box<str>);

/// Why a text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing at all.
    #[error("must not be empty")]
    Empty,
    /// More than [`MAX_CHARACTERS`] characters.
    #[error("must have at most {MAX_CHARACTERS} characters")]
    TooLong,
    /// A zero, a line break or another control character: no name needs one, and not every database can hold them.
    #[error("must not hold control characters, such as line breaks")]
    Control,
}

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.chars().take(MAX_CHARACTERS + 1).count() {
            0 => Err(NameError::Empty),
            count if count > MAX_CHARACTERS => Err(NameError::TooLong),
            _ if text.chars().any(char::is_control) => Err(NameError::Control),
            _ => Ok(Self(text.into())),
        }
    }
}

impl From<KeyName> for String {
    fn from(name: KeyName) -> Self {
        name.0.into()
    }
}

impl PartialEq<&str> for KeyName {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl<'de> Deserialize<'de> for KeyName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!("🔑".repeat(128).parse::<KeyName>().is_ok());
        assert_eq!("a".repeat(129).parse::<KeyName>(), Err(NameError::TooLong));
        assert_eq!("".parse::<KeyName>(), Err(NameError::Empty));
    }

    #[test]
    fn no_control_character_is_part_of_a_name() {
        for c in ('\0'..='\u{9f}').filter(|c| c.is_control()) {
            assert_eq!(format!("a{c}b").parse::<KeyName>(), Err(NameError::Control), "{c:?}");
        }
        assert!("a b\u{a0}c\u{200d}d\u{10ffff}".parse::<KeyName>().is_ok());
    }
}
