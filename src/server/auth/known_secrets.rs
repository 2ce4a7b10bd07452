//! The hashes of secrets that have opened something before. Most requests carry one of them, and a look-up here takes a twelfth of what
//! SHA-256 takes on processors without instructions for it, and the checksum of a secret with it.
//!
//! Why it changes no answer: an entry says what the SHA-256 of a text is, and nothing of a key. The store is asked about that hash as if it
//! had just been computed, and with the same check of what it holds in memory. So a key that is deleted, rotated, disabled, narrowed or
//! expired is so at the next request, whatever is known here.
//!
//! Why it is safe:
//! - A secret is found by its mark, SipHash-2-4 with 128 bits under a random key that never leaves the process. Neither the secret nor
//!   anything that could be searched without that key is kept, and the other half of an entry is what the store holds as well.
//! - Only secrets of our own form are kept, of 256 random bits: guessing one is as hopeless by its mark as by its hash.
//! - To be taken for another secret, a text must have its mark. No output of the function is ever seen, so that one text in 2^128 for each
//!   entry has one, and trying takes a request each.
//! - The duration of a look-up depends on marks, which say nothing of a secret to anybody without the key.
//! - Only a secret that the store has found is kept, and no more of them than [`MAX_OF_SHARD`] times [`SHARDS`]: a few megabytes.

use std::{
    array,
    sync::{PoisonError, RwLock},
};

use hashbrown::HashTable;
use siphasher::sip128::SipHasher24;

use super::SecretHash;
use crate::{
    key::SecretKind,
    server::random::{Random, RandomError, bytes},
};

/// Parts of the memory with a lock each, so that processors seldom meet. A power of two.
const SHARDS: usize = 64;
/// With more secrets than this, a part is emptied. What a table of 1,024 places holds.
const MAX_OF_SHARD: usize = 896;
/// Secrets of our own form are shorter.
const MAX_BYTES: usize = 64;

/// See the module documentation.
pub struct KnownSecrets {
    marks: SipHasher24,
    shards: [RwLock<HashTable<(Mark, SecretHash)>>; SHARDS],
}

/// What a secret is found by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mark(u128);

impl Mark {
    fn hash(self) -> u64 {
        // The mark is a good hash already.
        (self.0 >> 64) as u64
    }
}

impl KnownSecrets {
    /// Knows none.
    ///
    /// # Errors
    /// [`RandomError`] where there is no randomness.
    pub fn new(random: &dyn Random) -> Result<Self, RandomError> {
        Ok(Self { marks: SipHasher24::new_with_key(&bytes(random)?), shards: array::from_fn(|_| RwLock::default()) })
    }

    /// The mark of a text; `None` where it is no secret of a key by its beginning or its length.
    pub fn mark(&self, secret: &str) -> Option<Mark> {
        let has_form = secret.len() <= MAX_BYTES && secret.starts_with(SecretKind::Key.prefix());
        has_form.then(|| Mark(self.marks.hash(secret.as_bytes()).into()))
    }

    /// The SHA-256 of the secret with this mark, if it is known.
    pub fn find(&self, mark: Mark) -> Option<SecretHash> {
        let shard = self.shard(mark)?.read().unwrap_or_else(PoisonError::into_inner);
        shard.find(mark.hash(), |(known, _)| *known == mark).map(|(_, hash)| hash.clone())
    }

    /// Keeps the SHA-256 of a secret that the store has found.
    pub fn keep(&self, mark: Mark, hash: &SecretHash) {
        let Some(shard) = self.shard(mark) else { return };
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        if shard.find(mark.hash(), |(known, _)| *known == mark).is_some() {
            return;
        }
        if shard.len() >= MAX_OF_SHARD {
            shard.clear();
        }
        shard.insert_unique(mark.hash(), (mark, hash.clone()), |(mark, _)| mark.hash());
    }

    fn shard(&self, mark: Mark) -> Option<&RwLock<HashTable<(Mark, SecretHash)>>> {
        self.shards.get(mark.0 as usize % SHARDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{key::Secret, server::random::SeededRandom};

    fn secret(number: u32) -> String {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        Secret::new(SecretKind::Key, &bytes).expose().to_owned()
    }

    #[test]
    fn what_is_known_is_the_hash_of_this_secret_and_of_no_other() {
        let known = KnownSecrets::new(&SeededRandom::new(1)).unwrap();
        for number in 0..500 {
            let (secret, other) = (secret(number), secret(number + 1));
            let mark = known.mark(&secret).unwrap();
            assert_eq!(known.find(mark), None);
            known.keep(mark, &SecretHash::of(&secret));
            assert_eq!(known.find(mark), Some(SecretHash::of(&secret)));
            assert_eq!(known.find(known.mark(&other).unwrap()), None);
            assert_eq!(known.find(known.mark(secret.get(..62).unwrap()).unwrap()), None, "a part of it");
        }
    }

    #[test]
    fn only_secrets_of_our_keys_are_known() {
        let known = KnownSecrets::new(&SeededRandom::new(1)).unwrap();
        let own = secret(1);
        let organization = Secret::new(SecretKind::Organization, &[1; 32]);
        for other in [&format!("standard_{}", "ab".repeat(128)), organization.expose(), &own.repeat(2), "scopewise_key", ""] {
            assert!(known.mark(other).is_none(), "{other}");
        }
    }

    #[test]
    fn marks_of_two_processes_are_not_the_same() {
        let marks = [1, 2].map(|seed| KnownSecrets::new(&SeededRandom::new(seed)).unwrap().mark(&secret(1)).unwrap());
        assert!(marks[0] != marks[1]);
    }

    #[test]
    fn the_memory_is_bounded() {
        let known = KnownSecrets::new(&SeededRandom::new(1)).unwrap();
        let count = u32::try_from(SHARDS * MAX_OF_SHARD).unwrap();
        for number in 0..2 * count {
            let secret = secret(number);
            let mark = known.mark(&secret).unwrap();
            // The hash is not looked at here.
            known.keep(mark, &SecretHash::from_bytes(&[7; 32]).unwrap());
            known.keep(mark, &SecretHash::from_bytes(&[7; 32]).unwrap());
            assert!(known.find(mark).is_some());
        }
        for shard in &known.shards {
            let shard = shard.read().unwrap();
            assert!(shard.len() <= MAX_OF_SHARD && shard.capacity() <= MAX_OF_SHARD, "{} of {}", shard.len(), shard.capacity());
        }
    }
}
