//! The store on a PostgreSQL server, which any number of replicas share.

// INVARIANT: after one replica has answered, the other replicas see the change: what is in memory is used only after a question to the
// database that was sent later; see `key_cache`.

mod accounts;
mod audit;
mod column;
mod connect;
mod contract;
mod dev_keys;
mod key_cache;
mod keys;
mod lifecycle;
mod list;
mod migrate;
mod names_in_use;
mod primary;
mod projects;
mod schema;
mod second_factor;
mod tls;
mod write;

use std::{sync::Arc, time::Duration};

use tokio_postgres::{Error, Row};

use super::{
    AccountChange, AccountRecord, Actor, ActorKind, AuditQuery, AuditRecord, DevKeyChange, DevKeyRecord, FactorCode, FactorRecord,
    KeyChange, KeyRecord, KeyRotation, KeyUse, NewAccount, NewAudit, NewDevKey, NewFactor, NewKey, NewProject, NewSession, Outcome,
    ProjectRecord, ProjectRef, SessionRecord, StoreError, UsedCode, Write,
};
use crate::{
    scope::DateTime,
    server::{
        config::PostgresUrl,
        limits::{Bounds, FairQueue},
    },
};
pub(super) use connect::store_error;
use connect::{Checkout, Connections, run};
use key_cache::{KeyCache, Lookup};

/// See the module documentation.
pub struct PostgresStore {
    connections: Arc<Connections>,
    key_cache: KeyCache,
    /// Lists of many keys can take long and must not delay other requests. Projects take turns.
    lists: FairQueue<String>,
}

/// The maximum number of lists of keys that one replica runs at the same time, and the maximum for one project. A project gets a
/// second slot only if two slots stay free: `n` projects that request nothing but heavy lists hold at most `n + 1` slots, and all
/// other projects share the rest.
const LISTS: Bounds =
    Bounds { in_all: 5, per_caller: 2, kept_free: 2, waiting: 64, waiting_in_all: 1024, wait: Some(Duration::from_secs(5)) };

/// The resources of work that ends without its caller.
struct Own {
    connections: Arc<Connections>,
}

impl PostgresStore {
    /// Connects, creates the tables if there are none, and migrates the schema.
    ///
    /// # Errors
    /// [`StoreError`]; its message says how to fix the problem.
    pub async fn open(url: &PostgresUrl) -> Result<Self, StoreError> {
        let store = Self::connect(url)?;
        let found = run!(store, client => migrate::migrate(client))?;
        migrate::judge(found, url.database())?;
        Ok(store)
    }

    /// Like [`PostgresStore::open`], for a database with a current schema. Connects on first use.
    ///
    /// # Errors
    /// [`StoreError`]; its message says how to fix the problem.
    pub fn connect(url: &PostgresUrl) -> Result<Self, StoreError> {
        let connections = Arc::new(Connections::new(url)?);
        Ok(Self { key_cache: KeyCache::new(&connections), connections, lists: FairQueue::new(LISTS) })
    }

    /// The number of lookups that were answered from memory, after a question to the database.
    pub fn answered_from_memory(&self) -> u64 {
        self.key_cache.answered()
    }

    /// Takes a connection for work that may take long.
    pub(super) async fn checkout(&self) -> Result<Checkout, StoreError> {
        self.connections.checkout().await
    }
}

/// `None` means that a row that the change depends on was changed or deleted.
fn fresh<T>(done: Result<Option<T>, StoreError>) -> Result<T, StoreError> {
    done?.ok_or(StoreError::Stale)
}

/// A column with milliseconds since 1970.
fn date(row: &Row, column: &str) -> Result<DateTime, Error> {
    row.try_get(column).map(DateTime::from_unix_milliseconds)
}

/// A column with milliseconds since 1970, or `NULL`.
fn maybe_date(row: &Row, column: &str) -> Result<Option<DateTime>, Error> {
    Ok(row.try_get::<_, Option<i64>>(column)?.map(DateTime::from_unix_milliseconds))
}
