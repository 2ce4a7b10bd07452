//! What the server hands out or stores, and alone can read: encrypted with AES-256-GCM, with a key that is derived from the root key.

use hmac::Mac;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::RootKey;

/// Random bytes for [`RootKey::seal`].
pub(super) type SealNonce = [u8; NONCE_LEN];

impl RootKey {
    /// Encrypts bytes that belong to one thing, such as the id of an account: only with the same purpose and thing can they be read.
    /// `None` where it cannot be encrypted, which does not happen.
    pub(super) fn seal(&self, purpose: &str, about: &str, plain: &[u8], nonce: SealNonce) -> Option<Vec<u8>> {
        let mut sealed = plain.to_vec();
        let aad = Aad::from(about.as_bytes());
        self.cipher(purpose)?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Reads what [`RootKey::seal`] has made. `None` for anything else, and with another root key.
    pub(super) fn open(&self, purpose: &str, about: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let (nonce, mut bytes) = (Nonce::try_assume_unique_for_key(nonce).ok()?, sealed.to_vec());
        Some(self.cipher(purpose)?.open_in_place(nonce, Aad::from(about.as_bytes()), &mut bytes).ok()?.to_vec())
    }

    fn cipher(&self, purpose: &str) -> Option<LessSafeKey> {
        let key = self.sign([purpose])?.finalize().into_bytes();
        UnboundKey::new(&AES_256_GCM, &key).ok().map(LessSafeKey::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::random::SeededRandom;

    #[test]
    fn only_the_same_root_key_purpose_and_thing_read_it() {
        let (root, other) = (RootKey::new(&SeededRandom::new(1)).unwrap(), RootKey::new(&SeededRandom::new(2)).unwrap());
        let sealed = root.seal("a", "ada", b"secret", [7; NONCE_LEN]).unwrap();
        assert!(!sealed.windows(6).any(|bytes| bytes == b"secret"));
        assert_eq!(root.open("a", "ada", &sealed).as_deref(), Some(b"secret".as_slice()));
        assert_eq!(other.open("a", "ada", &sealed), None);
        assert_eq!(root.open("b", "ada", &sealed), None);
        assert_eq!(root.open("a", "eve", &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(root.open("a", "ada", &changed), None, "{at}");
            assert_eq!(root.open("a", "ada", &sealed[..at]), None, "{at}");
        }
    }
}
