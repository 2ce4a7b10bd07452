//! Group commit: changes that wait are written in one transaction, on one connection, and are sent together. So they wait for the disk
//! together, and one process of the database makes all of them without waiting for the next.
//!
//! Each change is a statement that makes it, with its audit entry, or does nothing (see [`Change`]). They run in their arrival order, and
//! each sees the ones before it. A change that did nothing, and every change of a transaction that was undone, is made alone: that path
//! waits for locks, and finds out why. No change is answered before the commit.
//!
//! A transaction with many changes must not wait for others that may take long, since all of its changes would wait. So it takes only
//! locks that are free. Where it still has to wait, for another transaction that inserts the same id, it is soon undone.

use std::{
    collections::VecDeque,
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use deadpool_postgres::Object;
use futures_util::poll;
use tokio::sync::oneshot;
use tokio_postgres::{Error, Row, error::Severity};

use super::{
    connect::{Connections, Next, bounded, judge},
    write::Change,
};
use crate::server::store::StoreError;

/// The maximum number of changes in one transaction.
const MAX_TOGETHER: usize = 64;

/// Begins a transaction that waits for no lock for long.
const BEGIN: &str = "BEGIN; SET LOCAL lock_timeout = 20";

/// What came of a change.
pub(super) enum Written {
    /// The row that it returned.
    Made(Row),
    /// Nothing yet: it is to be made alone.
    Alone,
}

/// A change that waits, and who waits for it.
struct Waiting {
    change: Arc<Change>,
    answer: oneshot::Sender<Result<Written, StoreError>>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// Whether a task takes them.
    is_led: bool,
}

/// The changes that wait.
pub(super) struct Group {
    connections: Arc<Connections>,
    state: Mutex<State>,
}

/// The task that writes changes as long as there are any.
struct Leader(Arc<Group>);

impl Drop for Leader {
    /// Its runtime may end before its work does. Then those that wait learn it, and the next change has another leader.
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.is_led = false;
        state.waiting.clear();
    }
}

impl Group {
    pub(super) fn new(connections: &Arc<Connections>) -> Arc<Self> {
        Arc::new(Self { connections: connections.clone(), state: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the change is written along with others, or is to be made alone.
    pub(super) async fn write(self: &Arc<Self>, change: Arc<Change>) -> Result<Written, StoreError> {
        let (answer, answered) = oneshot::channel();
        let leads = {
            let mut state = self.lock();
            state.waiting.push_back(Waiting { change, answer });
            !mem::replace(&mut state.is_led, true)
        };
        if leads {
            tokio::spawn(Leader(self.clone()).run());
        }
        answered.await.unwrap_or_else(|_| Err(StoreError::Unavailable("a change was broken off".to_owned())))
    }
}

impl Leader {
    async fn run(self) {
        while let Some(changes) = self.take() {
            self.0.write_all(changes).await;
        }
    }

    /// The changes that wait; `None` ends the task.
    fn take(&self) -> Option<Vec<Waiting>> {
        let mut state = self.0.lock();
        // Whoever has left before the beginning takes the change back.
        state.waiting.retain(|waiting| !waiting.answer.is_closed());
        let count = state.waiting.len().min(MAX_TOGETHER);
        state.is_led = count > 0;
        (count > 0).then(|| state.waiting.drain(..count).collect())
    }
}

impl Group {
    async fn write_all(&self, waiting: Vec<Waiting>) {
        let changes: Vec<&Change> = waiting.iter().map(|waiting| &*waiting.change).collect();
        let outcomes: Vec<Result<Written, StoreError>> = match self.attempt(&changes).await {
            Ok(rows) => rows.into_iter().map(|row| Ok(row.map_or(Written::Alone, Written::Made))).collect(),
            Err(Failure::Undone) => waiting.iter().map(|_| Ok(Written::Alone)).collect(),
            Err(Failure::Unknown(error)) => waiting.iter().map(|_| Err(error.clone())).collect(),
        };
        for (Waiting { answer, .. }, outcome) in waiting.into_iter().zip(outcomes) {
            // The request may be gone.
            let _ = answer.send(outcome);
        }
    }

    async fn attempt(&self, changes: &[&Change]) -> Result<Vec<Option<Row>>, Failure> {
        let mut checkout = self.connections.checkout().await.map_err(Failure::Unknown)?;
        let mut is_undone = false;
        let outcome = bounded(send(checkout.client(), changes, &mut is_undone)).await;
        match judge(checkout, outcome, &mut 0) {
            Next::Answer(Ok(rows)) => Ok(rows),
            Next::Answer(Err(error)) if !is_undone => Err(Failure::Unknown(error)),
            _ => Err(Failure::Undone),
        }
    }
}

/// Why no change of a transaction is answered.
enum Failure {
    /// None was made.
    Undone,
    /// The connection has failed; nobody knows whether they were made.
    Unknown(StoreError),
}

/// Sends a whole transaction before its first answer. Says whether the database certainly made no change.
async fn send(client: &Object, changes: &[&Change], is_undone: &mut bool) -> Result<Vec<Option<Row>>, Error> {
    *is_undone = true;
    let mut statements = Vec::with_capacity(changes.len());
    for change in changes {
        statements.push(client.prepare_cached(change.together()).await?);
    }
    *is_undone = false;
    let values: Vec<_> = changes.iter().map(|change| change.values()).collect();
    let begun = sent(client.batch_execute(BEGIN)).await;
    let mut made = Vec::with_capacity(changes.len());
    for (statement, values) in statements.iter().zip(&values) {
        made.push(sent(client.query_opt(statement, values)).await);
    }
    let ended = sent(client.batch_execute("COMMIT")).await;
    let (mut rows, mut failed) = (Vec::with_capacity(changes.len()), begun.answer().await.err());
    for made in made {
        // After an error, the others only say that there was one.
        match made.answer().await {
            Ok(row) => rows.push(row),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    let ended = ended.answer().await;
    let Some(error) = failed else { return ended.map(|()| rows) };
    // The database said so before it came to the end, which then undoes all. A pooler or a broken connection may say something else,
    // but not in the name of a statement.
    *is_undone = error.as_db_error().is_some_and(|error| error.parsed_severity() == Some(Severity::Error));
    Err(error)
}

/// Work that was polled once.
enum Sent<F: Future> {
    Answered(F::Output),
    Waiting(Pin<Box<F>>),
}

/// Polls once, which sends, so that the database gets everything in the order of the calls.
async fn sent<F: Future>(work: F) -> Sent<F> {
    let mut work = Box::pin(work);
    match poll!(work.as_mut()) {
        Poll::Ready(answer) => Sent::Answered(answer),
        Poll::Pending => Sent::Waiting(work),
    }
}

impl<F: Future> Sent<F> {
    async fn answer(self) -> F::Output {
        match self {
            Self::Answered(answer) => answer,
            Self::Waiting(work) => work.await,
        }
    }
}
