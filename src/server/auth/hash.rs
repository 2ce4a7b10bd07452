//! The stored form of a secret.

use std::fmt;

use sha2::{Digest, Sha256};

use super::hex;

/// The SHA-256 of a secret: all that the store ever sees of it. A secret has 256 random bits, so that a slow hash would add
/// nothing. A look-up compares hashes of what was sent, never the secret itself, so its duration says nothing about a secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of a secret in plain text.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// A hash that was made elsewhere, of 64 hexadecimal digits; `None` if the text is not one.
    pub fn from_hex(text: &str) -> Option<Self> {
        hex::decode(text).map(Self)
    }

    /// The 32 bytes that are stored.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A hash that was stored; `None` if it does not have 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Whether both are the same, in a time that does not depend on where they differ.
    pub fn matches(&self, other: &Self) -> bool {
        constant_time_eq::constant_time_eq_32(&self.0, &other.0)
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_sha_256() {
        let bytes = SecretHash::of("abc").0;
        assert_eq!(bytes[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert!(SecretHash::of("abc").matches(&SecretHash::of("abc")));
        assert!(!SecretHash::of("abc").matches(&SecretHash::of("abd")));
        assert_eq!(format!("{:?}", SecretHash::of("abc")), "SecretHash(…)");
    }
}
