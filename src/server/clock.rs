//! The clock. Everything else takes a time or this trait as an argument.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::scope::DateTime;

/// A source of time.
pub trait Clock: Send + Sync {
    /// The current time, to the millisecond.
    fn now(&self) -> DateTime;

    /// The time since a fixed moment of this process. Setting the system clock does not change it, so a lockout gets neither shorter nor
    /// longer.
    fn monotonic(&self) -> Duration;
}

/// The system clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one place that reads the clock of the machine")]
    fn now(&self) -> DateTime {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        DateTime::from_unix_milliseconds(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn monotonic(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}

/// A clock that moves only on request. For tests.
#[derive(Debug)]
pub struct FixedClock {
    unix_milliseconds: AtomicI64,
    passed_milliseconds: AtomicU64,
}

impl FixedClock {
    /// A clock that shows `now`.
    pub fn new(now: DateTime) -> Self {
        Self { unix_milliseconds: AtomicI64::new(now.unix_milliseconds()), passed_milliseconds: AtomicU64::new(0) }
    }

    /// Moves the clock by this many seconds; back if negative.
    pub fn advance_seconds(&self, seconds: i64) {
        self.advance_milliseconds(seconds.saturating_mul(1000));
    }

    /// Moves the clock by this many milliseconds; back if negative. Monotonic time passes only when the clock moves forward.
    pub fn advance_milliseconds(&self, milliseconds: i64) {
        self.set(self.now().plus_milliseconds(milliseconds));
        self.passed_milliseconds.fetch_add(u64::try_from(milliseconds).unwrap_or(0), Ordering::SeqCst);
    }

    /// Sets the clock, like an operator; no monotonic time passes.
    pub fn set(&self, now: DateTime) {
        self.unix_milliseconds.store(now.unix_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime {
        DateTime::from_unix_milliseconds(self.unix_milliseconds.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.passed_milliseconds.load(Ordering::SeqCst))
    }
}
