//! Readiness. The route is public and its check writes to the database, so only one check runs at a time, and at most one per second.

use tokio::sync::Mutex;

use super::{clock::Clock, store::Store};
use crate::scope::DateTime;

/// How long an answer is valid, in milliseconds.
const HOLDS_MILLISECONDS: i64 = 1_000;

/// The last answer.
#[derive(Default)]
pub(super) struct Readiness(Mutex<Option<(DateTime, bool)>>);

impl Readiness {
    /// Whether the database is readable and writable. Logs the error if it is not.
    pub(super) async fn ask(&self, store: &dyn Store, clock: &dyn Clock) -> bool {
        let mut last = self.0.lock().await;
        let now = clock.now().unix_milliseconds();
        if let Some((at, ready)) = *last
            && (0..HOLDS_MILLISECONDS).contains(&now.saturating_sub(at.unix_milliseconds()))
        {
            return ready;
        }
        let answer = store.ping().await;
        if let Err(error) = &answer {
            tracing::error!(%error, "the database is not ready");
        }
        *last = Some((clock.now(), answer.is_ok()));
        answer.is_ok()
    }
}
