//! Owns how many unknown keys one address may send before it is refused without any look-up.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use super::{Limit, Refusal, SecretHash, Throttle};
use crate::scope::DateTime;

/// Unknown keys from one address.
const LIMIT: Limit = Limit { attempts: 30, window_seconds: 60 };
/// Beyond this many, the keys that were seen to be good are forgotten; their next use brings them back.
const KNOWN: usize = 10_000;

/// Counts unknown keys by address. Keys that were good lately pass all the same, so that nobody behind the same address or proxy
/// is locked out by another's guesses; whether they still are good is looked up at each request.
pub struct UnknownKeys {
    throttle: Throttle,
    good: Mutex<HashSet<SecretHash>>,
}

impl Default for UnknownKeys {
    fn default() -> Self {
        Self::new(LIMIT)
    }
}

impl UnknownKeys {
    /// Lets each address send as many as `limit` says.
    pub fn new(limit: Limit) -> Self {
        Self { throttle: Throttle::new(limit), good: Mutex::new(HashSet::new()) }
    }

    /// Lets a key pass to be looked up.
    ///
    /// # Errors
    /// [`Refusal`] where too many unknown keys came from the address.
    pub fn check(&self, address: &str, key: &SecretHash, now: DateTime) -> Result<(), Refusal> {
        if self.good.lock().unwrap_or_else(PoisonError::into_inner).contains(key) {
            return Ok(());
        }
        self.throttle.check(address, now)
    }

    /// Notes that a key was not found.
    pub fn note_unknown(&self, address: &str, key: &SecretHash, now: DateTime) {
        self.good.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        // That the limit is reached is told by the next check.
        let _ = self.throttle.attempt(address, now);
    }

    /// Notes that a key was found.
    pub fn note_good(&self, key: &SecretHash) {
        let mut good = self.good.lock().unwrap_or_else(PoisonError::into_inner);
        if good.len() >= KNOWN {
            good.clear();
        }
        good.insert(key.clone());
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
            assert_eq!(keys.check("a", &hash(n), now), Ok(()));
            keys.note_unknown("a", &hash(n), now);
        }
        assert!(keys.check("a", &hash(999), now).is_err());
        assert_eq!(keys.check("b", &hash(999), now), Ok(()));
        assert_eq!(keys.check("a", &hash(1000), now), Ok(()));
        assert_eq!(keys.check("a", &hash(999), now.plus_seconds(60)), Ok(()));
        // A key that was deleted is a guess like any other.
        keys.note_unknown("b", &hash(1000), now);
        assert!(keys.check("a", &hash(1000), now).is_err());
    }
}
