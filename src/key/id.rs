//! The grammar of ids.

use alloc::{boxed::Box, string::String};
use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

/// The longest id, in characters (contract §1.1).
pub const MAX_CHARACTERS: usize = 36;

/// The rule for project ids, for people.
pub const PROJECT_ID_RULE: &str = "1 to 36 characters: a-z, 0-9 and hyphen, not at the beginning or the end";

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Empty, or longer than 36 characters.
    #[error("must have 1 to 36 characters")]
    Length,
    /// A character that is not allowed there.
    #[error("may hold a-z, A-Z, 0-9, period, hyphen and underscore, and begins with a letter or a digit")]
    Grammar,
    /// Not a project id.
    #[error("may hold a-z, 0-9 and hyphen, and begins and ends with a letter or a digit")]
    ProjectGrammar,
    /// `console` means the console itself.
    #[error("`console` is reserved")]
    Reserved,
}

macro_rules! id {
    ($name:ident, $check:expr, $(#[$doc:meta])+) => {
        $(#[$doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> Result<(), IdError> = $check;
                check(text).map(|()| Self(text.into()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(KeyId, custom_id,
    /// The id of a key (and of an account): 1 to 36 of `A-Z a-z 0-9 . - _`, the first a letter or a digit (contract §1.1 CustomId).
    ///
    /// ```
    /// use scopewise::key::KeyId;
    /// assert!("ci-2026.main".parse::<KeyId>().is_ok());
    /// assert!("_hidden".parse::<KeyId>().is_err());
    /// ```
);

id!(ProjectId, project_id,
    /// The id of a project: 1 to 36 of `a-z 0-9 -`, a hyphen not at the ends, not `console` (contract §1.6).
);

/// Counts characters, so that a wrong one is reported as such, not as a text that is too long.
fn check_length(text: &str) -> Result<(), IdError> {
    let is_good = !text.is_empty() && text.chars().nth(MAX_CHARACTERS).is_none();
    if is_good { Ok(()) } else { Err(IdError::Length) }
}

fn custom_id(text: &str) -> Result<(), IdError> {
    check_length(text)?;
    let head = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    let body = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if head && body { Ok(()) } else { Err(IdError::Grammar) }
}

fn project_id(text: &str) -> Result<(), IdError> {
    check_length(text)?;
    let body = text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if !body || text.starts_with('-') || text.ends_with('-') {
        return Err(IdError::ProjectGrammar);
    }
    if text == "console" { Err(IdError::Reserved) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_outside_of_the_grammar_are_refused() {
        for text in ["a", "A.b-c_d", "0", "x".repeat(36).as_str()] {
            assert!(text.parse::<KeyId>().is_ok(), "{text}");
        }
        for text in ["", ".a", "-a", "_a", "a b", "a/b", "ä", "$id", "x".repeat(37).as_str()] {
            assert!(text.parse::<KeyId>().is_err(), "{text}");
        }
        for text in ["a", "my-project", "0"] {
            assert!(text.parse::<ProjectId>().is_ok(), "{text}");
        }
        assert_eq!("ä".repeat(36).parse::<KeyId>(), Err(IdError::Grammar));
        assert_eq!("ä".repeat(36).parse::<ProjectId>(), Err(IdError::ProjectGrammar));
        assert_eq!("ä".repeat(37).parse::<KeyId>(), Err(IdError::Length));
        assert_eq!("console".parse::<ProjectId>(), Err(IdError::Reserved));
        for text in ["", "-a", "a-", "A", "a_b", "a.b", "x".repeat(37).as_str()] {
            assert!(text.parse::<ProjectId>().is_err(), "{text}");
        }
    }
}
