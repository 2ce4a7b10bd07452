//! The id of an edition, as a project's policy names one.

use alloc::string::String;
use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest id, in characters, all of them ASCII.
const MAX_CHARACTERS: usize = 40;

/// The id of an edition of a catalog, such as `server-1.9`: 1 to 40 printable characters of ASCII. Whether a catalog has it is for
/// the catalog to say. It is small and copied, as a policy is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EditionId {
    bytes: [u8; MAX_CHARACTERS],
    length: u8,
}

/// Why a text is not the id of an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the id of an edition: 1 to {MAX_CHARACTERS} characters of printable ASCII, without spaces")]
pub struct EditionIdError;

impl EditionId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl FromStr for EditionId {
    type Err = EditionIdError;

    fn from_str(text: &str) -> Result<Self, EditionIdError> {
        let mut bytes = [0; MAX_CHARACTERS];
        let place = bytes.get_mut(..text.len()).filter(|_| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()));
        place.ok_or(EditionIdError)?.copy_from_slice(text.as_bytes());
        Ok(Self { bytes, length: u8::try_from(text.len()).map_err(|_| EditionIdError)? })
    }
}

impl fmt::Debug for EditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for EditionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for EditionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_short_and_printable() {
        for text in ["server-1.9", "a", &"x".repeat(40)] {
            assert_eq!(text.parse::<EditionId>().map(|id| id.as_str().to_owned()).as_deref(), Ok(text));
        }
        for text in ["", "a b", "ä", "a\n", &"x".repeat(41)] {
            assert_eq!(text.parse::<EditionId>(), Err(EditionIdError), "{text:?}");
        }
    }
}
