//! How long a test waits for something that surely comes.

use std::time::{Duration, Instant};

/// Much longer than anything takes, also on a busy machine. It only ends a test that would wait forever; no promise depends on it.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// Counts the time from the moment when it is made.
pub struct Patience(Instant);

impl Patience {
    pub fn new() -> Self {
        Self(Instant::now())
    }

    /// Fails with this message once too much time has passed.
    pub fn or_fail(&self, what: &str) {
        assert!(self.0.elapsed() < PATIENCE, "{what}");
    }
}

/// Lets others run until this is true.
pub async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let patience = Patience::new();
    while !is_so() {
        patience.or_fail(what);
        tokio::task::yield_now().await;
    }
}
