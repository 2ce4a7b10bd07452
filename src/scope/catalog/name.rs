//! The grammar of a scope's name. Does not know which scopes exist: that is the [catalog](crate::scope::catalog).

use alloc::{borrow::ToOwned, boxed::Box, string::String};
use core::{borrow::Borrow, error::Error, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::scope::support::text::{cut_last, digits, fill, quoted};

/// The longest name that is accepted, in bytes. RFC 6749 sets none; a limit keeps stored keys bounded.
pub const MAX_LENGTH: usize = 128;

/// The name of a scope: 1 to [`MAX_LENGTH`] characters of RFC 6749 §3.3 `scope-token`
/// (`%x21 / %x23-5B / %x5D-7E`: printable ASCII without space, `"` and `\`). Case matters.
///
/// ```
/// use scopewise::scope::ScopeName;
/// let name: ScopeName = "rows.read".parse()?;
/// assert_eq!((name.resource(), name.action()), ("rows", Some("read")));
/// assert!("rows read".parse::<ScopeName>().is_err());
/// # Ok::<(), scopewise::scope::ScopeNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ScopeName(Box<str>);

/// Why a text is not a scope's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeNameError {
    /// Nothing at all.
    Empty,
    /// More than [`MAX_LENGTH`] bytes.
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// A character outside of the grammar.
    BadCharacter {
        /// The first such character.
        found: char,
    },
}

impl ScopeNameError {
    /// What is wrong, without what `format!` would add to the checker's download.
    pub(in crate::scope) fn said(&self) -> String {
        match self {
            Self::Empty => "a scope name must not be empty".to_owned(),
            Self::TooLong { length } => {
                fill("a scope name has at most {} characters, this one has {}", &[&digits(MAX_LENGTH), &digits(*length)])
            }
            Self::BadCharacter { found } => fill("{} is not allowed in a scope name", &[&quoted(found.encode_utf8(&mut [0; 4]))]),
        }
    }
}

impl fmt::Display for ScopeNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said())
    }
}

impl Error for ScopeNameError {}

impl ScopeName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a text is a name, without making one.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(text: &str) -> Result<(), ScopeNameError> {
        if text.is_empty() {
            return Err(ScopeNameError::Empty);
        }
        if let Some(found) = text.chars().find(|c| !matches!(c, '!' | '#'..='[' | ']'..='~')) {
            return Err(ScopeNameError::BadCharacter { found });
        }
        if text.len() > MAX_LENGTH {
            return Err(ScopeNameError::TooLong { length: text.len() });
        }
        Ok(())
    }

    /// The part before the last dot; the whole name when it has none (`account`).
    pub fn resource(&self) -> &str {
        cut_last(&self.0, b'.').map_or(&*self.0, |(resource, _)| resource)
    }

    /// The part after the last dot: `read`, `write`, seldom another word. `None` for a name without a dot.
    pub fn action(&self) -> Option<&str> {
        cut_last(&self.0, b'.').map(|(_, action)| action)
    }
}

impl FromStr for ScopeName {
    type Err = ScopeNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::check(text).map(|()| Self(text.into()))
    }
}

impl<'de> Deserialize<'de> for ScopeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // The same text, not a copy: keys are read on every request.
        Self::check(&text).map(|()| Self(text.into_boxed_str())).map_err(serde::de::Error::custom)
    }
}

impl From<ScopeName> for String {
    fn from(name: ScopeName) -> Self {
        name.0.into_string()
    }
}

impl PartialEq<str> for ScopeName {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for ScopeName {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for ScopeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for ScopeName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for ScopeName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar_is_rfc_6749_scope_token() {
        for code in 0..=0x7f_u8 {
            let allowed = matches!(code, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
            let text = char::from(code).to_string();
            assert_eq!(text.parse::<ScopeName>().is_ok(), allowed, "{code:#x}");
        }
        assert_eq!("rows.reäd".parse::<ScopeName>(), Err(ScopeNameError::BadCharacter { found: 'ä' }));
        assert_eq!("".parse::<ScopeName>(), Err(ScopeNameError::Empty));
    }

    #[test]
    fn length_is_limited() {
        assert!("x".repeat(MAX_LENGTH).parse::<ScopeName>().is_ok());
        assert_eq!("x".repeat(129).parse::<ScopeName>(), Err(ScopeNameError::TooLong { length: 129 }));
    }

    #[test]
    fn resource_and_action_split_at_the_last_dot() {
        let name: ScopeName = "project.policies.read".parse().unwrap();
        assert_eq!((name.resource(), name.action()), ("project.policies", Some("read")));
        let name: ScopeName = "account".parse().unwrap();
        assert_eq!((name.resource(), name.action()), ("account", None));
    }
}
