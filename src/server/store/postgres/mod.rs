//! The store on a PostgreSQL server, which any number of replicas share. Nothing is kept in memory between two requests: what one
//! replica has answered, the others see.

mod accounts;
mod audit;
mod connect;
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

use async_trait::async_trait;
use tokio_postgres::{Error, Row};

use super::{
    AccountChange, AccountRecord, Actor, ActorKind, AuditQuery, AuditRecord, DevKeyChange, DevKeyRecord, KeyChange, KeyQuery, KeyRecord,
    KeyRotation, KeyUse, NewAccount, NewAudit, NewDevKey, NewKey, NewProject, NewSession, ORGANIZATION_ID, Outcome, PoolUse, ProjectRecord,
    ProjectRef, SessionRecord, Store, StoreError, Write,
};
use crate::{
    key::Policy,
    scope::DateTime,
    server::{
        auth::SecretHash,
        config::PostgresUrl,
        limits::{Bounds, FairQueue},
        query::Page,
    },
};
pub(super) use connect::store_error;
use connect::{Checkout, Connections, find, run};

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

#[async_trait]
impl Store for PostgresStore {
    async fn ping(&self) -> Result<(), StoreError> {
        run!(self, client => connect::ping(client))
    }

    fn pool_use(&self) -> Option<PoolUse> {
        Some(self.connections.in_use())
    }

    async fn has_account(&self) -> Result<bool, StoreError> {
        find!(self, client => accounts::any(client))
    }

    async fn create_account(&self, account: NewAccount, only_first: bool, entry: NewAudit) -> Result<AccountRecord, StoreError> {
        let created = run!(self, client => accounts::create(client, &account, only_first, &entry))?;
        created.ok_or(StoreError::Duplicate)
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<(AccountRecord, String)>, StoreError> {
        find!(self, client => accounts::by_email(client, email))
    }

    async fn accounts(&self) -> Result<Vec<AccountRecord>, StoreError> {
        find!(self, client => accounts::all(client))
    }

    async fn update_account(&self, id: &str, change: AccountChange, at: DateTime, write: Write) -> Result<AccountRecord, StoreError> {
        fresh(run!(self, client => accounts::update(client, id, &change, at, &write)))
    }

    async fn delete_account(&self, id: &str, write: Write) -> Result<(), StoreError> {
        fresh(run!(self, client => accounts::delete(client, id, &write)))
    }

    async fn set_setup_token(&self, token: &SecretHash) -> Result<(), StoreError> {
        run!(self, client => accounts::set_setup_token(client, token))
    }

    async fn setup_token(&self) -> Result<Option<SecretHash>, StoreError> {
        find!(self, client => accounts::setup_token(client))
    }

    async fn create_session(&self, session: NewSession, keep: u32, write: Write) -> Result<SessionRecord, StoreError> {
        fresh(run!(self, client => accounts::create_session(client, &session, keep, &write)))
    }

    async fn session_by_token(&self, token: &SecretHash) -> Result<Option<(SessionRecord, AccountRecord)>, StoreError> {
        find!(self, client => accounts::session_by_token(client, token))
    }

    async fn touch_session(&self, session_id: &str, at: DateTime) -> Result<(), StoreError> {
        find!(self, client => accounts::touch_session(client, session_id, at))
    }

    async fn sessions(&self, account_id: &str) -> Result<Vec<SessionRecord>, StoreError> {
        find!(self, client => accounts::sessions(client, account_id))
    }

    async fn delete_session(&self, account_id: &str, session_id: &str, entry: NewAudit) -> Result<bool, StoreError> {
        find!(self, client => accounts::delete_session(client, account_id, session_id, &entry))
    }

    async fn delete_sessions(&self, account_id: &str, entry: NewAudit) -> Result<(), StoreError> {
        find!(self, client => accounts::delete_sessions(client, account_id, &entry))
    }

    async fn create_project(&self, project: NewProject, write: Write) -> Result<ProjectRecord, StoreError> {
        fresh(run!(self, client => projects::create(client, &project, &write)))
    }

    async fn organization(&self) -> Result<Arc<ProjectRecord>, StoreError> {
        let row: Option<ProjectRecord> = find!(self, client => projects::get(client, ORGANIZATION_ID))?;
        row.map(Arc::new).ok_or_else(StoreError::no_organization)
    }

    async fn project(&self, id: &str) -> Result<Option<ProjectRecord>, StoreError> {
        if id == ORGANIZATION_ID {
            return Ok(None);
        }
        find!(self, client => projects::get(client, id))
    }

    async fn projects(&self) -> Result<Vec<ProjectRecord>, StoreError> {
        find!(self, client => projects::all(client))
    }

    async fn rename_project(&self, sequence: i64, name: &str, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError> {
        fresh(run!(self, client => projects::rename(client, sequence, name, at, &write)))
    }

    async fn delete_project(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        fresh(run!(self, client => projects::delete(client, sequence, &write)))
    }

    async fn note_ping(&self, id: &str, at: DateTime) -> Result<(), StoreError> {
        find!(self, client => projects::note_ping(client, id, at))
    }

    async fn create_key(&self, key: NewKey, write: Write) -> Result<KeyRecord, StoreError> {
        fresh(run!(self, client => keys::create(client, &key, &write)))
    }

    async fn key(&self, project_id: &str, id: &str) -> Result<Option<KeyRecord>, StoreError> {
        find!(self, client => keys::get(client, project_id, id))
    }

    async fn list_keys(&self, project_id: &str, query: KeyQuery) -> Result<Page<KeyRecord>, StoreError> {
        let turn = self.lists.turn(project_id.to_owned(), 1).await?;
        let (own, project_id) = (Own { connections: self.connections.clone() }, project_id.to_owned());
        // PostgreSQL goes on with a statement that nobody waits for any more: turn and connection are given back when it is done.
        let made = tokio::spawn(async move {
            let _turn = turn;
            run!(own, client => list::page(client, &project_id, &query), Ok(Page { total: 0, rows: Vec::new() }))
        });
        made.await.map_err(|_| StoreError::Unavailable("a list was broken off".to_owned()))?
    }

    async fn key_by_secret(&self, secret: &SecretHash, now: DateTime) -> Result<Option<KeyRecord>, StoreError> {
        find!(self, client => keys::by_secret(client, secret, now))
    }

    async fn update_key(&self, sequence: i64, change: KeyChange, write: Write) -> Result<KeyRecord, StoreError> {
        fresh(run!(self, client => keys::update(client, sequence, &change, &write)))
    }

    async fn delete_key(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        fresh(run!(self, client => keys::delete(client, sequence, &write)))
    }

    async fn note_key_uses(&self, uses: Vec<KeyUse>) -> Result<(), StoreError> {
        run!(self, client => keys::note_uses(client, &uses))
    }

    async fn import_keys(&self, keys: Vec<NewKey>, write: Write) -> Result<Vec<usize>, StoreError> {
        fresh(run!(self, client => lifecycle::import(client, &keys, &write)))
    }

    async fn set_key_enabled(&self, sequence: i64, enabled: bool, at: DateTime, write: Write) -> Result<KeyRecord, StoreError> {
        fresh(run!(self, client => lifecycle::set_enabled(client, sequence, enabled, at, &write)))
    }

    async fn rotate_key(&self, sequence: i64, rotation: KeyRotation, write: Write) -> Result<KeyRecord, StoreError> {
        fresh(run!(self, client => lifecycle::rotate(client, sequence, &rotation, &write)))
    }

    async fn end_key_overlap(&self, sequence: i64, at: DateTime, write: Write) -> Result<KeyRecord, StoreError> {
        fresh(run!(self, client => lifecycle::end_overlap(client, sequence, at, &write)))
    }

    async fn note_key_exposure(&self, key_sequence: i64, at: DateTime, entry: NewAudit) -> Result<bool, StoreError> {
        run!(self, client => lifecycle::note_exposure(client, key_sequence, at, &entry))
    }

    async fn set_policy(&self, sequence: i64, policy: Policy, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError> {
        fresh(run!(self, client => projects::set_policy(client, sequence, policy, at, &write)))
    }

    async fn ensure_signing_key(&self, project_id: &str, new_id: &str) -> Result<Option<String>, StoreError> {
        find!(self, client => projects::ensure_signing_key(client, project_id, new_id))
    }

    async fn rotate_signing_key(&self, sequence: i64, new_id: &str, write: Write) -> Result<(), StoreError> {
        fresh(run!(self, client => projects::rotate_signing_key(client, sequence, new_id, &write)))
    }

    async fn set_ended_ephemeral(&self, sequence: i64, ended: Vec<String>, write: Write) -> Result<(), StoreError> {
        fresh(run!(self, client => projects::set_ended_ephemeral(client, sequence, &ended, &write)))
    }

    async fn create_dev_key(&self, key: NewDevKey, write: Write) -> Result<DevKeyRecord, StoreError> {
        fresh(run!(self, client => dev_keys::create(client, &key, &write)))
    }

    async fn dev_key(&self, project_id: &str, id: &str) -> Result<Option<DevKeyRecord>, StoreError> {
        find!(self, client => dev_keys::get(client, project_id, id))
    }

    async fn dev_keys(&self, project_id: &str) -> Result<Vec<DevKeyRecord>, StoreError> {
        find!(self, client => dev_keys::of_project(client, project_id))
    }

    async fn dev_key_by_secret(&self, secret: &SecretHash) -> Result<Option<DevKeyRecord>, StoreError> {
        find!(self, client => dev_keys::by_secret(client, secret))
    }

    async fn update_dev_key(&self, sequence: i64, change: DevKeyChange, write: Write) -> Result<DevKeyRecord, StoreError> {
        fresh(run!(self, client => dev_keys::update(client, sequence, &change, &write)))
    }

    async fn delete_dev_key(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        fresh(run!(self, client => dev_keys::delete(client, sequence, &write)))
    }

    async fn note_dev_key_use(&self, dev_key_sequence: i64, at: DateTime, sdk: Option<&str>) -> Result<(), StoreError> {
        find!(self, client => dev_keys::note_use(client, dev_key_sequence, at, sdk))
    }

    async fn record(&self, write: Write) -> Result<(), StoreError> {
        fresh(run!(self, client => audit::record(client, &write)))
    }

    async fn append_audit(&self, entries: Vec<NewAudit>) -> Result<(), StoreError> {
        run!(self, client => audit::append_all(client, &entries))
    }

    async fn audit(&self, query: AuditQuery) -> Result<Vec<AuditRecord>, StoreError> {
        find!(self, client => audit::page(client, &query))
    }
}
