//! Limits of unknown keys. Every key is looked up: a key that is found is never refused, however many unknown keys came from the same
//! network. A key that is not found counts, and is refused beyond the limit.

use std::{hash::Hash, time::Duration};

use super::{Bounds, FairQueue, Quota, RateLimited, RateLimiter, Turn};

/// Unknown keys of one network.
const LIMIT: Quota = Quota { attempts: 30, window_seconds: 60 };
/// How many lookups may run at a time for all callers beyond their limit: a fraction of the connections to the database, so that the
/// keys of others never wait behind a flood. None is refused before the lookup, since it may be a good key; the number of connections
/// bounds how many wait.
const LOOK_UPS: Bounds = Bounds { in_all: 2, per_caller: 1, kept_free: 0, waiting: usize::MAX, waiting_in_all: usize::MAX, wait: None };

/// Counts unknown keys by caller.
pub struct UnknownKeys<K: Clone + Eq + Hash> {
    throttle: RateLimiter,
    look_ups: FairQueue<K>,
}

impl<K: Clone + Eq + Hash> Default for UnknownKeys<K> {
    fn default() -> Self {
        Self::new(LIMIT)
    }
}

impl<K: Clone + Eq + Hash> UnknownKeys<K> {
    /// Lets each caller send as many as `limit` says.
    pub fn new(limit: Quota) -> Self {
        Self { throttle: RateLimiter::new(limit), look_ups: FairQueue::new(LOOK_UPS) }
    }

    /// Waits until a key of this caller may be looked up: not at all, unless the caller is beyond its limit. The look-up ends when
    /// the turn is dropped.
    pub async fn turn(&self, caller: &K, now: Duration) -> Option<Turn<K>> {
        if !self.throttle.is_reached(caller, now) {
            return None;
        }
        self.look_ups.turn(caller.clone(), 1).await.ok()
    }

    /// Whether no caller is beyond its limit: then [`UnknownKeys::turn`] keeps nobody waiting, and need not be asked.
    pub fn is_calm(&self) -> bool {
        self.throttle.is_calm()
    }

    /// Counts a key that was not found.
    ///
    /// # Errors
    /// [`RateLimited`] where the caller has sent too many of them.
    pub fn not_found(&self, caller: &K, now: Duration) -> Result<(), RateLimited> {
        self.throttle.attempt(caller, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_caller_beyond_its_limit_looks_one_up_at_a_time_and_keeps_nobody_waiting() {
        let (keys, now) = (UnknownKeys::default(), Duration::ZERO);
        for _ in 0..LIMIT.attempts {
            assert!(keys.is_calm() && keys.turn(&"flood", now).await.is_none());
            assert_eq!(keys.not_found(&"flood", now), Ok(()));
        }
        assert!(keys.not_found(&"flood", now).is_err());
        assert!(!keys.is_calm());
        let first = keys.turn(&"flood", now).await;
        assert!(first.is_some());
        let second = keys.turn(&"flood", now);
        tokio::pin!(second);
        tokio::select! {
            biased;
            _ = &mut second => panic!("two at a time"),
            () = std::future::ready(()) => {}
        }
        assert!(keys.turn(&"neighbour", now).await.is_none());
        drop(first);
        assert!(second.await.is_some());
        assert!(keys.turn(&"flood", now + Duration::from_secs(60)).await.is_none());
    }
}
