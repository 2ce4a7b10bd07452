//! The store on a PostgreSQL server, which any number of replicas share. Nothing is kept in memory between two requests: what one
//! replica has answered, the others see.

mod accounts;
mod audit;
mod column;
mod connect;
mod contract;
mod dev_keys;
mod keys;
mod lifecycle;
mod list;
mod migrate;
mod primary;
mod projects;
mod schema;
mod tls;
mod write;

use std::{sync::Arc, time::Duration};

use tokio_postgres::{Error, Row};

use super::{
    AccountChange, AccountRecord, Actor, ActorKind, AuditQuery, AuditRecord, DevKeyChange, DevKeyRecord, KeyChange, KeyRecord, KeyRotation,
    KeyUse, NewAccount, NewAudit, NewDevKey, NewKey, NewProject, NewSession, Outcome, ProjectRecord, ProjectRef, SessionRecord, StoreError,
    Write,
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

/// See the module.
pub struct PostgresStore {
    connections: Arc<Connections>,
    /// Lists can take long where there are many keys: they must not keep other requests waiting. Projects take turns.
    lists: FairQueue<String>,
}

/// How many lists of keys one replica makes at a time, and how many of one project, which gets a second one only where two stay
/// free: some projects that ask for nothing but heavy lists hold one more than they are, and everybody else has the rest.
const LISTS: Bounds =
    Bounds { in_all: 5, per_caller: 2, kept_free: 2, waiting: 64, waiting_in_all: 1024, wait: Some(Duration::from_secs(5)) };

/// What work needs that ends by itself, whoever waits for it.
struct Own {
    connections: Arc<Connections>,
}

impl PostgresStore {
    /// Signs in, makes the tables where there are none, and brings the schema up to date.
    ///
    /// # Errors
    /// [`StoreError`]; its text says what to do.
    pub async fn open(url: &PostgresUrl) -> Result<Self, StoreError> {
        let store = Self::connect(url)?;
        let found = run!(store, client => migrate::migrate(client))?;
        migrate::judge(found, url.database())?;
        Ok(store)
    }

    /// As [`PostgresStore::open`], for a database whose schema is up to date. Signs in when it is first asked.
    ///
    /// # Errors
    /// [`StoreError`]; its text says what to do.
    pub fn connect(url: &PostgresUrl) -> Result<Self, StoreError> {
        Ok(Self { connections: Arc::new(Connections::new(url)?), lists: FairQueue::new(LISTS) })
    }

    /// A connection for work that may take long.
    pub(super) async fn checkout(&self) -> Result<Checkout, StoreError> {
        self.connections.checkout().await
    }
}

/// `None` where the change was judged by something that has changed or is gone.
fn fresh<T>(done: Result<Option<T>, StoreError>) -> Result<T, StoreError> {
    done?.ok_or(StoreError::Stale)
}

/// A column of milliseconds since 1970.
fn date(row: &Row, column: &str) -> Result<DateTime, Error> {
    row.try_get(column).map(DateTime::from_unix_milliseconds)
}

/// A column of milliseconds since 1970, or `NULL`.
fn maybe_date(row: &Row, column: &str) -> Result<Option<DateTime>, Error> {
    Ok(row.try_get::<_, Option<i64>>(column)?.map(DateTime::from_unix_milliseconds))
}
