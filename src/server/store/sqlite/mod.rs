//! The store in one SQLite file.

mod accounts;
mod audit;
pub mod backup;
mod contract;
mod dev_keys;
mod group;
mod key_cache;
mod keys;
mod lifecycle;
mod list;
mod names_in_use;
mod new_file;
mod open;
mod operations;
mod pool;
mod projects;
mod query_timeout;
mod schema;
mod second_factor;
mod write;

use std::{error::Error, path::Path, str::FromStr, sync::Arc, time::Duration};

use rusqlite::{Row, types::Type};

use super::{
    AccountChange, AccountRecord, Actor, ActorKind, AuditQuery, AuditRecord, DevKeyChange, DevKeyRecord, FactorCode, FactorRecord,
    KeyChange, KeyRecord, KeyRotation, KeyUse, NewAccount, NewAudit, NewDevKey, NewFactor, NewKey, NewProject, NewSession, OperationCount,
    Outcome, ProjectRecord, ProjectRef, SessionRecord, StoreError, UsedCode,
};
use crate::{
    scope::DateTime,
    server::limits::{Bounds, FairQueue},
};
use group::Group;
use key_cache::{KeyCache, Watch};
use pool::Pool;

/// The maximum number of requests that read at the same time.
const READERS: usize = 4;
/// The maximum number of lists of keys that run at the same time, and the maximum for one project. A project gets a second slot only if
/// two slots stay free: `n` projects that request nothing but heavy lists hold at most `n + 1` slots, and all other projects share the
/// rest.
const LISTS: usize = 5;
const LIST_TURNS: Bounds =
    Bounds { in_all: LISTS, per_caller: 2, kept_free: 2, waiting: 64, waiting_in_all: 1024, wait: Some(Duration::from_secs(5)) };
/// The maximum time of one list.
const LIST_TIME: Duration = Duration::from_secs(5);
/// The maximum time to read the names that all keys use.
const NAMES_TIME: Duration = Duration::from_secs(60);

/// See the module documentation.
pub struct SqliteStore {
    key_cache: KeyCache,
    readers: Pool,
    /// Lists of many keys can take long and must not delay other requests.
    lists: Pool,
    /// Projects take turns.
    list_turns: FairQueue<String>,
    group: Group,
    // INVARIANT: closed last, because only a connection that writes can checkpoint the `-wal` file.
    writer: Pool,
}

impl SqliteStore {
    /// Opens the file, creates it if it does not exist, and migrates its schema.
    ///
    /// # Errors
    /// [`StoreError`]; its message says how to fix the problem.
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
            group: Group::default(),
            writer: pool(vec![writer]),
        })
    }
}

/// A column with milliseconds since 1970.
fn date(row: &Row<'_>, column: &str) -> rusqlite::Result<DateTime> {
    row.get(column).map(DateTime::from_unix_milliseconds)
}

/// A column with milliseconds since 1970, or `NULL`.
fn maybe_date(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<DateTime>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(DateTime::from_unix_milliseconds))
}

/// A column with a parsed type. A text that does not parse is an error and not a default, which might allow more.
fn parsed<T: FromStr<Err: Error + Send + Sync + 'static>>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    maybe_parsed(row, column)?.ok_or(rusqlite::Error::InvalidQuery)
}

/// Such a column, or `NULL`.
fn maybe_parsed<T: FromStr<Err: Error + Send + Sync + 'static>>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    let value = text.map(str::parse).transpose();
    value.map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}
