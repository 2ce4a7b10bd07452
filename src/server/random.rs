//! Randomness. All other modules receive this trait as an argument.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// The operating system returned no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct RandomError;

/// A source of bytes for secrets, tokens, salts and ids.
pub trait Random: Send + Sync {
    /// Fills the whole buffer.
    ///
    /// # Errors
    /// [`RandomError`] if the source fails; do not use the buffer then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// The cryptographic random source of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|_| RandomError)
    }
}

/// Returns the same bytes in the same order for the same seed. For tests only.
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    counter: AtomicU64,
}

impl SeededRandom {
    /// Creates a source that depends only on the seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: AtomicU64::new(0) }
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for chunk in bytes.chunks_mut(32) {
            let count = self.counter.fetch_add(1, Ordering::SeqCst);
            let block = Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(count.to_be_bytes()).finalize();
            for (byte, random) in chunk.iter_mut().zip(block) {
                *byte = random;
            }
        }
        Ok(())
    }
}

/// Returns this many random bytes.
///
/// # Errors
/// Like [`Random::fill`].
pub fn bytes<const N: usize>(random: &dyn Random) -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    random.fill(&mut bytes)?;
    Ok(bytes)
}

/// Returns a new id of 20 characters: 11 hexadecimal digits of the time in milliseconds, so that ids sort by age until the year 2527,
/// and 9 random ones. This is the value of `unique()` in the contract (§1.1).
///
/// # Errors
/// Like [`Random::fill`].
pub fn unique_id(now: crate::scope::DateTime, random: &dyn Random) -> Result<String, RandomError> {
    let tail = u64::from_be_bytes(bytes(random)?) >> 28;
    Ok(format!("{:011x}{tail:09x}", now.unix_milliseconds().max(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::DateTime;

    #[test]
    fn a_unique_id_has_the_format_of_the_contract() {
        let now = DateTime::from_unix_milliseconds(1_800_000_000_000);
        let random = SeededRandom::new(1);
        let (first, second) = (unique_id(now, &random).unwrap(), unique_id(now, &random).unwrap());
        assert_ne!(first, second);
        assert!(first.len() == 20 && first.parse::<crate::key::KeyId>().is_ok());
    }
}
