//! Owns how many unknown keys one address may send before it is refused without any look-up.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Limit, Refusal, SecretHash, Throttle};
use crate::scope::DateTime;

/// Unknown keys from one address.
const LIMIT: Limit = Limit { attempts: 30, window_seconds: 60 };
/// How many keys are remembered as good; one more takes the place of another, whose next use brings it back.
const KNOWN: usize = 16_384;

/// Counts unknown keys by address. Keys that were good lately pass all the same, so that nobody behind the same address or proxy
/// is locked out by another's guesses; whether they still are good is looked up at each request.
pub struct UnknownKeys {
    throttle: Throttle,
    /// The beginnings of hashes, each at the place that it names itself. No lock, since every request with a key comes by.
    good: Box<[AtomicU64]>,
}

impl Default for UnknownKeys {
    fn default() -> Self {
        Self::new(LIMIT)
    }
}

impl UnknownKeys {
    /// Lets each address send as many as `limit` says.
    pub fn new(limit: Limit) -> Self {
        Self { throttle: Throttle::new(limit), good: (0..KNOWN).map(|_| AtomicU64::new(0)).collect() }
    }

    /// Lets a key pass to be looked up.
    ///
    /// # Errors
    /// [`Refusal`] where too many unknown keys came from the address.
    pub fn check(&self, address: impl FnOnce() -> String, key: &SecretHash, now: DateTime) -> Result<(), Refusal> {
        let (mark, place) = self.place(key);
        if place.is_some_and(|place| place.load(Ordering::Relaxed) == mark) {
            return Ok(());
        }
        self.throttle.check(address, now)
    }

    /// Notes that a key was not found.
    pub fn note_unknown(&self, address: &str, key: &SecretHash, now: DateTime) {
        let (mark, place) = self.place(key);
        if let Some(place) = place {
            let _ = place.compare_exchange(mark, 0, Ordering::Relaxed, Ordering::Relaxed);
        }
        // That the limit is reached is told by the next check.
        let _ = self.throttle.attempt(address, now);
    }

    /// Notes that a key was found.
    pub fn note_good(&self, key: &SecretHash) {
        let (mark, place) = self.place(key);
        if let Some(place) = place.filter(|place| place.load(Ordering::Relaxed) != mark) {
            place.store(mark, Ordering::Relaxed);
        }
    }

    /// Nobody finds a second key with the same 64 bits; if one did, it would only be looked up like any other.
    fn place(&self, key: &SecretHash) -> (u64, Option<&AtomicU64>) {
        let mark = key.as_bytes().first_chunk().map_or(0, |first| u64::from_le_bytes(*first));
        let place = usize::try_from(mark % KNOWN as u64).ok().and_then(|at| self.good.get(at));
        (mark, place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_lock_out_unknown_keys_of_that_address_only() {
        let (keys, now) = (UnknownKeys::default(), DateTime::from_unix_milliseconds(0));
        let hash = |n: u32| SecretHash::of(&n.to_string());
        keys.note_good(&hash(1000));
        for n in 0..LIMIT.attempts {
            assert_eq!(keys.check(|| "a".to_owned(), &hash(n), now), Ok(()));
            keys.note_unknown("a", &hash(n), now);
        }
        assert!(keys.check(|| "a".to_owned(), &hash(999), now).is_err());
        assert_eq!(keys.check(|| "b".to_owned(), &hash(999), now), Ok(()));
        assert_eq!(keys.check(|| "a".to_owned(), &hash(1000), now), Ok(()));
        assert_eq!(keys.check(|| "a".to_owned(), &hash(999), now.plus_seconds(60)), Ok(()));
        // A key that was deleted is a guess like any other.
        keys.note_unknown("b", &hash(1000), now);
        assert!(keys.check(|| "a".to_owned(), &hash(1000), now).is_err());
    }
}
