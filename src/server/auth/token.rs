//! The tokens of console sessions and of the set-up link.

use std::fmt;

use super::{SecretHash, hex};
use crate::server::random::{Random, RandomError, bytes};

/// A token of 256 random bits in plain text, as 64 hexadecimal digits. It can be neither cloned, printed nor serialised.
pub struct SessionToken(String);

impl SessionToken {
    /// A new token.
    ///
    /// # Errors
    /// [`RandomError`] where there is no randomness.
    pub fn new(random: &dyn Random) -> Result<Self, RandomError> {
        let bytes: [u8; 32] = bytes(random)?;
        Ok(Self(hex::encode(&bytes)))
    }

    /// The plain text, for the cookie or the link.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its stored form.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}
