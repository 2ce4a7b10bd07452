//! Owns how often something may be tried. In memory: a restart forgets, which gives an attacker little.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::scope::DateTime;

/// How often in which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many attempts.
    pub attempts: u32,
    /// In which window, in seconds; it begins with the first attempt.
    pub window_seconds: u32,
}

/// Told to whoever tried too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The limit that was reached.
    pub limit: Limit,
    /// In how many seconds the window ends; at least 1.
    pub retry_after_seconds: u32,
}

struct Window {
    ends: DateTime,
    count: u32,
}

/// Counts attempts by a key, such as an address.
pub struct Throttle {
    limit: Limit,
    windows: Mutex<HashMap<String, Window>>,
    /// Whether there may be any window. Most servers meet no attempt for days, and need no lock until then.
    used: AtomicBool,
}

/// From here on, windows that have ended are swept out; the number of keys is bounded by the attempts of one window.
const SWEEP_FROM: usize = 10_000;

impl Throttle {
    /// Allows what `limit` says for each key.
    pub fn new(limit: Limit) -> Self {
        Self { limit, windows: Mutex::default(), used: AtomicBool::new(false) }
    }

    /// Counts an attempt, or refuses it.
    ///
    /// # Errors
    /// [`Refusal`] where the limit is reached; the attempt is not counted then.
    pub fn attempt(&self, key: &str, now: DateTime) -> Result<(), Refusal> {
        let mut windows = self.windows.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.used.store(true, Ordering::Release);
        if windows.len() >= SWEEP_FROM {
            windows.retain(|_, window| window.ends > now);
        }
        let fresh = || Window { ends: now.plus_seconds(i64::from(self.limit.window_seconds)), count: 0 };
        let window = windows.entry(key.to_owned()).or_insert_with(fresh);
        if window.ends <= now {
            *window = fresh();
        }
        self.judge(window, now)?;
        window.count += 1;
        Ok(())
    }

    /// Refuses what [`Throttle::attempt`] would refuse, and counts nothing.
    ///
    /// # Errors
    /// [`Refusal`] where the limit is reached.
    pub fn check(&self, key: impl FnOnce() -> String, now: DateTime) -> Result<(), Refusal> {
        if !self.used.load(Ordering::Acquire) {
            return Ok(());
        }
        let key = key();
        let windows = self.windows.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        windows.get(&key).filter(|window| window.ends > now).map_or(Ok(()), |window| self.judge(window, now))
    }

    fn judge(&self, window: &Window, now: DateTime) -> Result<(), Refusal> {
        if window.count < self.limit.attempts {
            return Ok(());
        }
        let milliseconds = window.ends.milliseconds_since(now);
        let retry_after_seconds = u32::try_from((milliseconds + 999).div_euclid(1000)).unwrap_or(self.limit.window_seconds);
        Err(Refusal { limit: self.limit, retry_after_seconds: retry_after_seconds.min(self.limit.window_seconds).max(1) })
    }

    /// Forgets the attempts of a key, after one that succeeded.
    pub fn reset(&self, key: &str) {
        self.windows.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_refused_until_the_window_ends() {
        let throttle = Throttle::new(Limit { attempts: 2, window_seconds: 60 });
        let start = DateTime::from_unix_milliseconds(0);
        assert_eq!(throttle.attempt("a", start), Ok(()));
        assert_eq!(throttle.attempt("a", start), Ok(()));
        assert_eq!(throttle.attempt("a", start.plus_seconds(1)).map_err(|refusal| refusal.retry_after_seconds), Err(59));
        assert_eq!(throttle.attempt("b", start), Ok(()));
        assert!(throttle.attempt("a", start.plus_milliseconds(59_999)).is_err());
        assert_eq!(throttle.attempt("a", start.plus_seconds(60)), Ok(()));
    }

    #[test]
    fn a_success_forgets_the_attempts() {
        let throttle = Throttle::new(Limit { attempts: 1, window_seconds: 60 });
        let now = DateTime::from_unix_milliseconds(0);
        assert_eq!(throttle.attempt("a", now), Ok(()));
        throttle.reset("a");
        assert_eq!(throttle.attempt("a", now), Ok(()));
    }
}
