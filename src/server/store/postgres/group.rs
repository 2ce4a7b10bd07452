//! Group commit: changes that wait are written in one transaction, on one connection, and are sent together. So they wait for the disk
//! together, and one process of the database makes all of them without waiting for the next.
//!
//! Each change is a statement that makes it, with its audit entry, or does nothing (see [`Change`]). They run in their arrival order, and
//! each sees the ones before it. A change that did nothing, and every change of a transaction that was undone, is made alone: that path
//! waits for locks, and finds out why. No change is answered before the commit.
//!
//! A transaction with many changes must not wait for others that may take long, since all of its changes would wait. So it takes only
//! locks that are free. Where it still has to wait, for another transaction that inserts the same id, it is soon undone.

use std::{pin::Pin, sync::Arc, task::Poll};

use deadpool_postgres::Object;
use futures_util::poll;
use tokio_postgres::{Error, Row, error::Severity};

use super::{
    connect::{Connections, Next, bounded, judge},
    together::Serve,
    write::Change,
};
use crate::server::store::StoreError;

/// Begins a transaction that waits for no lock for long.
const BEGIN: &str = "BEGIN; SET LOCAL lock_timeout = 20";

/// What came of a change.
pub(super) enum Written {
    /// The row that it returned.
    Made(Row),
    /// Nothing yet: it is to be made alone.
    Alone,
}

/// Writes the changes that wait, with one transaction at a time.
pub(super) struct Group {
    pub connections: Arc<Connections>,
}

impl Serve for Group {
    type Question = Arc<Change>;
    type Answer = Written;

    const MAX: usize = 64;
    const AT_ONCE: usize = 1;

    async fn serve(&self, changes: Vec<Arc<Change>>) -> Vec<Result<Written, StoreError>> {
        match self.attempt(&changes).await {
            Ok(rows) => rows.into_iter().map(|row| Ok(row.map_or(Written::Alone, Written::Made))).collect(),
            Err(Failure::Undone) => changes.iter().map(|_| Ok(Written::Alone)).collect(),
            Err(Failure::Unknown(error)) => changes.iter().map(|_| Err(error.clone())).collect(),
        }
    }
}

impl Group {
    async fn attempt(&self, changes: &[Arc<Change>]) -> Result<Vec<Option<Row>>, Failure> {
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
async fn send(client: &Object, changes: &[Arc<Change>], is_undone: &mut bool) -> Result<Vec<Option<Row>>, Error> {
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
