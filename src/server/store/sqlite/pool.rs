//! Connections to one SQLite file: one writes, some read. All run outside of the async threads.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::key_cache::Watch;
use crate::server::store::StoreError;

/// How long work waits for its turn. If another process locks the file, later requests must not wait for all earlier ones.
const WAIT: Duration = Duration::from_secs(10);

/// A pool of connections.
#[derive(Clone)]
pub(super) struct Pool {
    idle: Arc<Idle>,
    permits: Arc<Semaphore>,
}

/// Idle connections.
/// INVARIANT: they are closed before the watch; see [`Watch`].
struct Idle {
    connections: Mutex<Vec<Connection>>,
    watch: Option<Arc<Watch>>,
}

impl Idle {
    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that was taken from the pool. It returns to the pool even if the work panics.
struct Checkout {
    connection: Option<Connection>,
    idle: Arc<Idle>,
}

impl Drop for Checkout {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.idle.lock().push(connection);
        }
    }
}

impl Pool {
    /// The watch of the file, if the file is watched.
    pub(super) fn new(connections: Vec<Connection>, watch: Option<Arc<Watch>>) -> Self {
        let permits = Arc::new(Semaphore::new(connections.len()));
        Self { idle: Arc::new(Idle { connections: Mutex::new(connections), watch }), permits }
    }

    /// Runs blocking work with a connection, on a thread that may block. Started work runs to its end, even if its client is gone.
    /// Refuses the work if the file was moved or replaced.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let waited = tokio::time::timeout(WAIT, self.permits.clone().acquire_owned()).await;
        let permit = waited.map_err(|_| unavailable("it is busy"))?.map_err(|_| unavailable("it is closed"))?;
        let idle = self.idle.clone();
        let job = move || {
            idle.watch.as_ref().map_or(Ok(()), |watch| watch.in_place())?;
            let connection = idle.lock().pop();
            let mut checkout = Checkout { connection, idle };
            let done = checkout.connection.as_mut().map(work);
            drop(checkout);
            drop(permit);
            done.ok_or_else(|| unavailable("no connection is left"))?.map_err(|error| store_error(&error))
        };
        match tokio::task::spawn_blocking(job).await {
            Ok(done) => done,
            Err(_) => Err(unavailable("a query was broken off")),
        }
    }
}

pub(super) fn unavailable(why: &str) -> StoreError {
    StoreError::Unavailable(why.to_owned())
}

/// SQLite's extended result codes, see sqlite.org/rescode.html.
pub(super) fn store_error(error: &rusqlite::Error) -> StoreError {
    const UNIQUE: i32 = 2067;
    const PRIMARY_KEY: i32 = 1555;
    const FOREIGN_KEY: i32 = 787;
    match error.sqlite_error().map(|failure| failure.extended_code) {
        Some(UNIQUE | PRIMARY_KEY) => StoreError::Duplicate,
        Some(FOREIGN_KEY) => StoreError::ParentMissing,
        _ => StoreError::Unavailable(error.to_string()),
    }
}
