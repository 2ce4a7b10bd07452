//! Owns the present. Everything else is handed a time, or this trait.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::scope::DateTime;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present, with a resolution of one millisecond.
    fn now(&self) -> DateTime;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one place that reads the clock of the machine")]
    fn now(&self) -> DateTime {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        DateTime::from_unix_milliseconds(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is moved. For tests.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows `now`.
    pub fn new(now: DateTime) -> Self {
        Self(AtomicI64::new(now.unix_milliseconds()))
    }

    /// Moves the clock by this many seconds; back when negative.
    pub fn advance_seconds(&self, seconds: i64) {
        let moved = self.now().plus_seconds(seconds);
        self.0.store(moved.unix_milliseconds(), Ordering::SeqCst);
    }

    /// Moves the clock by this many milliseconds; back when negative.
    pub fn advance_milliseconds(&self, milliseconds: i64) {
        let moved = self.now().plus_milliseconds(milliseconds);
        self.0.store(moved.unix_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime {
        DateTime::from_unix_milliseconds(self.0.load(Ordering::SeqCst))
    }
}
