//! Connections to one SQLite file: one that writes, some that read, none of them on an async thread.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::key_cache::Watch;
use crate::server::store::StoreError;

/// How long work waits for its turn. Where another process holds the file, those behind must not wait for all before them.
const WAIT: Duration = Duration::from_secs(10);

/// Connections that take turns.
#[derive(Clone)]
pub(super) struct Pool {
    idle: Arc<Idle>,
    permits: Arc<Semaphore>,
}

/// Idle connections. They are closed before the watch: see [`Watch`].
struct Idle {
    connections: Mutex<Vec<Connection>>,
    watch: Option<Arc<Watch>>,
}

impl Idle {
    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan; it goes back even where the work panics.
struct Lease {
    connection: Option<Connection>,
    idle: Arc<Idle>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.idle.lock().push(connection);
        }
    }
}

impl Pool {
    /// Of connections to a file that is watched, if it is.
    pub(super) fn new(connections: Vec<Connection>, watch: Option<Arc<Watch>>) -> Self {
        let permits = Arc::new(Semaphore::new(connections.len()));
        Self { idle: Arc::new(Idle { connections: Mutex::new(connections), watch }), permits }
    }

    /// Does blocking work with a connection, on a thread that may block. Once started it runs to its end, even if its client is gone. Nothing
    /// is done with a file that was moved or replaced.
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
            let mut lease = Lease { connection, idle };
            let done = lease.connection.as_mut().map(work);
            drop(lease);
            drop(permit);
            done.ok_or_else(|| unavailable("no connection is left"))?.map_err(|error| store_error(&error))
        };
        match tokio::task::spawn_blocking(job).await {
            Ok(done) => done,
            Err(_) => Err(unavailable("a query was broken off")),
        }
    }
}

fn unavailable(why: &str) -> StoreError {
    StoreError::Unavailable(why.to_owned())
}

/// SQLite's extended result codes, see sqlite.org/rescode.html.
fn store_error(error: &rusqlite::Error) -> StoreError {
    const UNIQUE: i32 = 2067;
    const PRIMARY_KEY: i32 = 1555;
    const FOREIGN_KEY: i32 = 787;
    match error.sqlite_error().map(|failure| failure.extended_code) {
        Some(UNIQUE | PRIMARY_KEY) => StoreError::Duplicate,
        Some(FOREIGN_KEY) => StoreError::ParentMissing,
        _ => StoreError::Unavailable(error.to_string()),
    }
}
