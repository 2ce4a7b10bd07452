//! Requests that write. Callers take turns at the database's writer. A request that has started to write runs to its end, with its audit
//! entry, even if its client is gone; one that has not started ends with its client.

use std::{
    net::IpAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{select, sync::oneshot};
use tokio_util::task::TaskTracker;

use super::limits::{Bounds, FairQueue, Full, Turn};

/// Keys and people. Each change that waits has its body in memory, which may be 1 MiB.
const KNOWN: Bounds =
    Bounds { in_all: 96, per_caller: 48, kept_free: 48, waiting: 64, waiting_in_all: 256, wait: Some(Duration::from_secs(10)) };
/// The cost of a change that may take long, or has a connection to PostgreSQL of its own: a caller makes three of six.
const LARGE: usize = 16;
/// With a larger body, every change is large.
const MAX_SMALL_BODY_BYTES: usize = 16 * 1024;
/// Sign-in and set-up, so that many unknown networks keep no key and no account waiting. Their bodies are small.
const GUESTS: Bounds =
    Bounds { in_all: 4, per_caller: 2, kept_free: 1, waiting: 64, waiting_in_all: 1024, wait: Some(Duration::from_secs(10)) };

/// Who takes turns. A person never waits behind the keys of a project: the person may want to disable them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Writer {
    /// All keys of a project, by its sequence.
    Project(i64),
    /// All keys of the organization, in whatever project.
    Organization,
    /// A person, by the account's id, in whatever project.
    Account(String),
    /// Guests of a network.
    Network(Option<IpAddr>),
}

/// How much a change takes of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// It is written along with others, or in a moment.
    Small,
    /// See [`LARGE`].
    Large,
}

impl Size {
    /// The size of a change of `one_key` or of more, with a body of so many bytes.
    pub fn of(one_key: bool, body_bytes: usize) -> Self {
        if one_key && body_bytes <= MAX_SMALL_BODY_BYTES { Self::Small } else { Self::Large }
    }
}

/// Whether a request has begun to write.
#[derive(Clone, Debug, Default)]
pub struct Begun(Arc<AtomicBool>);

impl Begun {
    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A change that is being made; over when it is dropped.
pub struct Writing {
    begun: Arc<AtomicUsize>,
    _turn: Turn<Writer>,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.begun.fetch_sub(1, Ordering::Relaxed);
    }
}

/// All requests that change something.
pub struct Writes {
    tasks: TaskTracker,
    begun: Arc<AtomicUsize>,
    known: FairQueue<Writer>,
    guests: FairQueue<Writer>,
}

impl Default for Writes {
    fn default() -> Self {
        Self { tasks: TaskTracker::new(), begun: Arc::default(), known: FairQueue::new(KNOWN), guests: FairQueue::new(GUESTS) }
    }
}

impl Writes {
    /// Waits until this one may write.
    ///
    /// # Errors
    /// [`Full`] if its caller, or all callers, already wait for too much, or no turn came in time.
    pub async fn turn(&self, writer: Writer, size: Size) -> Result<Turn<Writer>, Full> {
        match (&writer, size) {
            (Writer::Network(_), _) => self.guests.turn(writer, 1).await,
            (_, Size::Small) => self.known.turn(writer, 1).await,
            (_, Size::Large) => self.known.turn(writer, LARGE).await,
        }
    }

    /// Starts to write: from now on the request runs to its end. `begun` is `None` for a request that cannot be cancelled.
    pub fn begin(&self, turn: Turn<Writer>, begun: Option<&Begun>) -> Writing {
        if let Some(begun) = begun {
            begun.0.store(true, Ordering::Relaxed);
        }
        self.begun.fetch_add(1, Ordering::Relaxed);
        Writing { begun: self.begun.clone(), _turn: turn }
    }

    /// How many have begun to write, and are not done.
    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::Relaxed)
    }

    /// Answers a request. If the returned future is dropped because the client is gone, the work is dropped too, unless it has started to
    /// write. `None` if the work panics.
    pub async fn run<T: Send + 'static>(&self, begun: Begun, work: impl Future<Output = T> + Send + 'static) -> Option<T> {
        let (client, mut gone) = oneshot::channel::<()>();
        let task = self.tasks.spawn(async move {
            let mut work = pin!(work);
            select! {
                biased;
                done = &mut work => return Some(done),
                _ = &mut gone => {}
            }
            if begun.is_set() { Some(work.await) } else { None }
        });
        let done = task.await;
        drop(client);
        done.ok().flatten()
    }

    /// How many requests are under way: those whose client is there, and those that have begun to write.
    pub fn under_way(&self) -> usize {
        self.tasks.len()
    }

    /// Waits until every one has come to its end.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn what_has_not_begun_to_write_ends_with_its_client_and_what_has_begun_does_not() {
        let (writes, begun) = (Writes::default(), Begun::default());
        let _ = futures_util::poll!(Box::pin(writes.run(Begun::default(), pending::<()>())));
        writes.finish().await;
        let (end, ends) = oneshot::channel::<()>();
        let (ended, has_ended) = oneshot::channel();
        let writing = writes.begin(writes.turn(Writer::Project(1), Size::Small).await.unwrap(), Some(&begun));
        let work = async move {
            ends.await.unwrap();
            drop(writing);
            ended.send(()).unwrap();
        };
        let _ = futures_util::poll!(Box::pin(writes.run(begun, work)));
        assert_eq!((writes.under_way(), writes.begun()), (1, 1));
        end.send(()).unwrap();
        writes.finish().await;
        assert_eq!((has_ended.await, writes.begun()), (Ok(()), 0));
    }

    #[tokio::test]
    async fn work_that_panics_has_no_answer() {
        let writes = Writes::default();
        let answer: Option<()> = writes.run(Begun::default(), async { panic!("a test asks for this panic") }).await;
        assert_eq!((answer, writes.under_way()), (None, 0));
    }

    #[tokio::test]
    async fn projects_people_and_strangers_do_not_wait_for_each_other() {
        // As many large changes as one caller makes at a time, or small ones instead.
        for (size, cost) in [(Size::Large, LARGE), (Size::Small, 1)] {
            let writes = Writes::default();
            let mut held = Vec::new();
            for _ in 0..KNOWN.per_caller / cost {
                held.push(writes.turn(Writer::Project(1), size).await.unwrap());
            }
            for network in 0..4 {
                held.push(writes.turn(Writer::Network(Some(IpAddr::from([10, 0, 0, network]))), size).await.unwrap());
            }
            for other in [Writer::Account("ada".to_owned()), Writer::Organization] {
                held.push(writes.turn(other, size).await.unwrap());
            }
            assert!(futures_util::poll!(Box::pin(writes.turn(Writer::Project(1), size))).is_pending());
        }
    }

    #[test]
    fn a_change_of_one_key_is_small_unless_its_body_is_large() {
        assert_eq!(Size::of(true, MAX_SMALL_BODY_BYTES), Size::Small);
        assert_eq!(Size::of(true, MAX_SMALL_BODY_BYTES + 1), Size::Large);
        assert_eq!(Size::of(false, 0), Size::Large);
    }

    #[test]
    fn six_large_changes_fit_and_one_caller_makes_three_of_them() {
        assert_eq!((KNOWN.in_all / LARGE, KNOWN.per_caller / LARGE, KNOWN.kept_free / LARGE), (6, 3, 3));
    }
}
