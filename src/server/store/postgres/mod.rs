//! The store on a PostgreSQL server, which any number of replicas share.

// INVARIANT: after one replica has answered, the other replicas see the change: what is in memory is used only after a question to the
// database that was sent later; see `key_cache`.

mod accounts;
mod acting;
mod audit;
mod column;
mod connect;
mod contract;
mod dev_keys;
mod group;
mod key_cache;
mod key_reads;
mod keys;
mod lifecycle;
mod list;
mod migrate;
mod names_in_use;
mod operations;
mod primary;
mod projects;
mod schema;
mod second_factor;
mod tls;
mod together;
mod write;

use std::{sync::Arc, time::Duration};

use tokio_postgres::{Error, Row};

use super::{
    AccountChange, AccountRecord, Actor, ActorKind, AuditQuery, AuditRecord, DevKeyChange, DevKeyRecord, FactorRecord, KeyChange,
    KeyRecord, KeyRotation, KeyUse, NewAccount, NewAudit, NewDevKey, NewKey, NewProject, NewSession, OperationCount, Outcome,
    ProjectRecord, ProjectRef, SessionRecord, StoreError, Write,
};
use crate::{
    scope::DateTime,
    server::{
        config::PostgresUrl,
        limits::{Bounds, FairQueue},
    },
};
use acting::Acting;
pub(super) use connect::store_error;
use connect::{Checkout, Connections, run};
use group::{Group, Written};
use key_cache::{KeyCache, Lookup};
use key_reads::KeyReads;
use together::Together;
use write::Change;

/// See the module documentation.
pub struct PostgresStore {
    connections: Arc<Connections>,
    key_cache: KeyCache,
    /// Lists of many keys can take long and must not delay other requests. Projects take turns.
    lists: FairQueue<String>,
    /// Changes of one key, which share a transaction.
    group: Arc<Together<Group>>,
    /// Keys that are read by their ids, which share a statement.
    reads: Arc<Together<KeyReads>>,
    /// Changes that have a connection of their own. Who makes them takes turns.
    changes: FairQueue<Acting>,
}

/// The maximum number of lists of keys that one replica runs at the same time, and the maximum for one project. A project gets a
/// second slot only if two slots stay free: `n` projects that request nothing but heavy lists hold at most `n + 1` slots, and all
/// other projects share the rest.
const LISTS: Bounds =
    Bounds { in_all: 5, per_caller: 2, kept_free: 2, waiting: 64, waiting_in_all: 1024, wait: Some(Duration::from_secs(5)) };

/// The maximum number of changes that have a connection of their own, and the maximum for one caller. They may wait for locks.
const CHANGES: Bounds =
    Bounds { in_all: 6, per_caller: 3, kept_free: 3, waiting: 64, waiting_in_all: 256, wait: Some(Duration::from_secs(10)) };

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
        let group = Together::new(Group { connections: connections.clone() });
        let reads = Together::new(KeyReads { connections: connections.clone() });
        let key_cache = KeyCache::new(&connections);
        Ok(Self { key_cache, connections, lists: FairQueue::new(LISTS), group, reads, changes: FairQueue::new(CHANGES) })
    }

    /// The number of lookups that were answered from memory, after a question to the database.
    pub fn answered_from_memory(&self) -> u64 {
        self.key_cache.answered()
    }

    /// Makes a change along with others, or alone. `None` is a change whose basis cannot be met.
    async fn change<T>(&self, change: Option<Change>, read: impl Fn(&Row) -> Result<T, Error>) -> Result<T, StoreError> {
        let change = Arc::new(change.ok_or(StoreError::Stale)?);
        match self.group.ask(change.clone()).await? {
            Written::Made(row) => read(&row).map_err(|error| store_error(&error)),
            Written::Alone => {
                let _turn = self.changes.turn(change.acting.clone(), 1).await?;
                fresh(run!(self, client => async { change.make(client).await?.as_ref().map(&read).transpose() }))
            }
        }
    }

    /// Takes a connection for work that may take long.
    pub(super) async fn checkout(&self) -> Result<Checkout, StoreError> {
        self.connections.checkout().await
    }
}

/// Makes a change on a connection of its own, in the turn of who makes it.
macro_rules! change {
    ($store:expr, $write:expr, $client:ident => $work:expr) => {{
        let _turn = $store.changes.turn($crate::server::store::postgres::acting::Acting::of(&$write.entry), 1).await?;
        $crate::server::store::postgres::fresh($crate::server::store::postgres::connect::run!($store, $client => $work))
    }};
}
use change;

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
