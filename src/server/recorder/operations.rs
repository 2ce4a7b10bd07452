//! Counts the requests of each key by operation and day, and adds them to the store from time to time, off the request path: neither the
//! time nor the content of an answer depends on it. What was counted since the last time is lost with the process.

use std::{
    hash::BuildHasher,
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hashbrown::{DefaultHashBuilder, HashMap};
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::{Instant, sleep, timeout},
};

use crate::{
    api::USE_DAYS,
    scope::DateTime,
    server::store::{OperationCount, Store},
};

/// How long a count waits, at most.
const WAIT: Duration = Duration::from_secs(20);
/// Threads that count at the same time seldom need the same part.
const PARTS: usize = 16;
/// So many counts can wait in a part; requests that would need more are not counted until they are written.
const MAX_WAITING: usize = 4096;
/// From so many on, a part does not wait any longer.
const MANY: usize = MAX_WAITING / 2;
/// After a write, nothing is written for so many times as long as it took: where many keys call much, counting takes a twentieth of the
/// database's time.
const REST: u32 = 19;
const MAX_REST: Duration = Duration::from_secs(60);
/// How many counts one transaction adds.
const BATCH: usize = 1000;
pub(in crate::server) const DAY_MILLISECONDS: i64 = 86_400_000;

/// A key, a day and the id of an operation.
type Place = (i64, i64, &'static str);

#[derive(Default)]
struct Waiting {
    parts: [Mutex<HashMap<Place, u32>>; PARTS],
    hasher: DefaultHashBuilder,
    /// Wakes up whoever writes.
    many: Notify,
    /// Requests that were not counted.
    lost: AtomicU64,
}

/// Counts requests, and writes the counts in the background.
pub(in crate::server) struct Operations {
    waiting: Arc<Waiting>,
    settle: mpsc::Sender<oneshot::Sender<()>>,
}

impl Operations {
    pub(in crate::server) fn start(store: Arc<dyn Store>) -> Self {
        let waiting = Arc::<Waiting>::default();
        let (settle, mut asked) = mpsc::channel::<oneshot::Sender<()>>(1);
        let counted = waiting.clone();
        tokio::spawn(async move {
            let mut rest = Duration::ZERO;
            loop {
                let settled = tokio::select! {
                    settled = asked.recv() => match settled {
                        Some(settled) => Some(settled),
                        None => return,
                    },
                    () = counted.are_due(rest) => None,
                };
                let begun = Instant::now();
                write(store.as_ref(), &counted.take()).await;
                rest = rest_after(begun.elapsed());
                let lost = counted.lost.swap(0, Ordering::Relaxed);
                if lost > 0 {
                    tracing::warn!(
                        requests = lost,
                        "too many keys call too many operations: these requests are not in the counts of operations"
                    );
                }
                if let Some(settled) = settled {
                    let _ = settled.send(());
                }
            }
        });
        Self { waiting, settle }
    }

    /// Counts a request of a key that may call the operation with this id.
    pub(in crate::server) fn count(&self, key_sequence: i64, operation: &'static str, now: DateTime) {
        self.waiting.count((key_sequence, day(now), operation));
    }

    /// Waits until everything that was counted so far is written.
    pub(in crate::server) async fn settle(&self) {
        let (done, settled) = oneshot::channel();
        if self.settle.send(done).await.is_ok() {
            let _ = settled.await;
        }
    }
}

/// The day of a time, in UTC: so many days after 1970-01-01.
pub(in crate::server) fn day(time: DateTime) -> i64 {
    time.unix_milliseconds().div_euclid(DAY_MILLISECONDS)
}

impl Waiting {
    fn count(&self, place: Place) {
        let part = usize::try_from(self.hasher.hash_one(place.0) % PARTS as u64).unwrap_or_default();
        let Some(mut counts) = self.parts.get(part).map(lock) else { return };
        if let Some(count) = counts.get_mut(&place) {
            *count = count.saturating_add(1);
            return;
        }
        if counts.len() >= MAX_WAITING {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        counts.insert(place, 1);
        if counts.len() == MANY {
            self.many.notify_one();
        }
    }

    /// When counts are to be written: after a rest, once there are many, or some time later.
    async fn are_due(&self, rest: Duration) {
        sleep(rest).await;
        let _ = timeout(WAIT, self.many.notified()).await;
    }

    fn take(&self) -> Vec<(Place, u32)> {
        let mut taken: Vec<_> = self.parts.iter().flat_map(|part| mem::take(&mut *lock(part))).collect();
        taken.sort_unstable();
        taken
    }
}

/// How long nothing is written after a write that took so long.
fn rest_after(took: Duration) -> Duration {
    took.saturating_mul(REST).min(MAX_REST)
}

fn lock(part: &Mutex<HashMap<Place, u32>>) -> MutexGuard<'_, HashMap<Place, u32>> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn write(store: &dyn Store, counts: &[(Place, u32)]) {
    let newest = counts.iter().map(|((_, day, _), _)| *day).max().unwrap_or_default();
    for batch in counts.chunks(BATCH) {
        let count = |((key_sequence, day, operation), requests): &(Place, u32)| OperationCount {
            key_sequence: *key_sequence,
            day: *day,
            operation: (*operation).to_owned(),
            requests: i64::from(*requests),
        };
        let batch = batch.iter().map(count).collect();
        if let Err(error) = store.add_operation_counts(batch, newest - USE_DAYS + 1).await {
            tracing::warn!(%error, "some requests are not in the counts of operations");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_requests_are_one_count_and_what_does_not_fit_is_known() {
        let waiting = Waiting::default();
        for _ in 0..3 {
            waiting.count((7, 20_000, "a"));
        }
        waiting.count((7, 20_001, "a"));
        waiting.count((6, 20_001, "b"));
        assert_eq!(waiting.take(), [((6, 20_001, "b"), 1), ((7, 20_000, "a"), 3), ((7, 20_001, "a"), 1)]);
        assert_eq!(waiting.take(), []);
        for day in 0..i64::try_from(MAX_WAITING).unwrap() + 5 {
            waiting.count((1, day, "a"));
        }
        waiting.count((1, 0, "a"));
        assert_eq!(waiting.lost.load(Ordering::Relaxed), 5);
        let taken = waiting.take();
        assert_eq!((taken.len(), taken[0]), (MAX_WAITING, ((1, 0, "a"), 2)));
    }

    #[tokio::test(start_paused = true)]
    async fn counts_are_due_after_a_rest_at_once_where_they_are_many_and_some_time_later_where_not() {
        let (waiting, begun) = (Waiting::default(), Instant::now());
        waiting.are_due(Duration::from_secs(3)).await;
        assert_eq!(begun.elapsed(), Duration::from_secs(3) + WAIT);
        for day in 0..i64::try_from(MANY).unwrap() {
            waiting.count((1, day, "a"));
        }
        let begun = Instant::now();
        waiting.are_due(rest_after(Duration::from_millis(200))).await;
        assert_eq!(begun.elapsed(), Duration::from_millis(3800));
        assert_eq!(rest_after(Duration::from_secs(1_000)), MAX_REST);
    }

    #[test]
    fn a_day_begins_at_midnight_in_utc() {
        let days = |text: &str| day(text.parse().unwrap());
        assert_eq!([days("1970-01-01T23:59:59.999Z"), days("1970-01-02T00:00:00Z"), days("1969-12-31T23:00:00Z")], [0, 1, -1]);
    }
}
