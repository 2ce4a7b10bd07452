//! The store on one SQLite file.

mod accounts;
mod audit;
pub mod backup;
mod contract;
mod dev_keys;
mod key_cache;
mod keys;
mod lifecycle;
mod list;
mod new_file;
mod open;
mod pool;
mod projects;
mod query_timeout;
mod schema;
mod write;

use std::{path::Path, sync::Arc, time::Duration};

use rusqlite::Row;

use super::{
    AccountChange, AccountRecord, Actor, ActorKind, AuditQuery, AuditRecord, DevKeyChange, DevKeyRecord, KeyChange, KeyRecord, KeyRotation,
    KeyUse, NewAccount, NewAudit, NewDevKey, NewKey, NewProject, NewSession, Outcome, ProjectRecord, ProjectRef, SessionRecord, StoreError,
};
use crate::{
    scope::DateTime,
    server::limits::{Bounds, FairQueue},
};
use key_cache::{KeyCache, Watch};
use pool::Pool;

/// How many requests can read at a time.
const READERS: usize = 4;
/// How many lists of keys can be made at a time, and how many of one project, which gets a second one only where two stay free: some
/// projects that ask for nothing but heavy lists hold one more than they are, and everybody else has the rest.
const LISTS: usize = 5;
const LIST_TURNS: Bounds =
    Bounds { in_all: LISTS, per_caller: 2, kept_free: 2, waiting: 64, waiting_in_all: 1024, wait: Some(Duration::from_secs(5)) };
/// How long one list may take.
const LIST_TIME: Duration = Duration::from_secs(5);

/// See the module.
pub struct SqliteStore {
    key_cache: KeyCache,
    readers: Pool,
    /// Lists can take long where there are many keys: they must not keep other requests waiting.
    lists: Pool,
    /// Projects take turns at them.
    list_turns: FairQueue<String>,
    /// Closed last: only a connection that writes can checkpoint the `-wal` file.
    writer: Pool,
}

impl SqliteStore {
    /// Opens the file, creates it if it does not exist, and migrates its schema.
    ///
    /// # Errors
    /// [`StoreError`]; its text says what to do.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = open::writer(path)?;
        let watch = Arc::new(Watch::open(path, &writer).map_err(|error| StoreError::Unavailable(error.to_string()))?);
        let pool = |connections| Pool::new(connections, Some(watch.clone()));
        let readers = |count| (0..count).map(|_| open::reader(path)).collect::<Result<_, _>>().map(pool);
        Ok(Self {
            key_cache: KeyCache::open(path, watch.clone())?,
            readers: readers(READERS)?,
            lists: readers(LISTS)?,
            list_turns: FairQueue::new(LIST_TURNS),
            writer: pool(vec![writer]),
        })
    }
}

/// A column of milliseconds since 1970.
fn date(row: &Row<'_>, column: &str) -> rusqlite::Result<DateTime> {
    row.get(column).map(DateTime::from_unix_milliseconds)
}

/// A column of milliseconds since 1970, or `NULL`.
fn maybe_date(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<DateTime>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(DateTime::from_unix_milliseconds))
}
