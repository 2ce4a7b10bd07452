//! A store that records each call, and can be made to wait or never answer.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use scopewise::{
    key::{KeyName, Policy},
    scope::DateTime,
    server::{
        SecretHash,
        query::Page,
        store::{
            AccountChange, AccountRecord, AccountStore, Actor, AuditQuery, AuditRecord, AuditStore, DevKeyChange, DevKeyRecord,
            DevKeyStore, FactorRecord, KeyChange, KeyQuery, KeyRecord, KeyRotation, KeyStore, KeyUse, NamesInUse, NewAccount, NewAudit,
            NewDevKey, NewKey, NewProject, NewSession, OperationCount, PoolUse, ProjectRecord, ProjectStore, SessionRecord, Store,
            StoreError, StoredKey, Write,
        },
    },
};
use serde_json::json;

use super::world::{Client, World};

/// A server with the projects `shop` and `other`, on a store that records each call.
pub async fn counted() -> (World, Client, Arc<CountingStore>) {
    let mut counter = None;
    let world = World::with_store(|store| {
        let counting = Arc::new(CountingStore::new(store));
        counter = Some(counting.clone());
        counting
    });
    let owner = world.set_up().await;
    for id in ["shop", "other"] {
        owner.post("/v1/organization/projects", json!({ "projectId": id, "name": id })).await.ok(201);
    }
    (world, owner.on("shop"), counter.unwrap())
}

pub struct CountingStore {
    inner: Arc<dyn Store>,
    calls: Mutex<Vec<&'static str>>,
    listed: AtomicUsize,
    /// The call that panics.
    broken: Mutex<Option<&'static str>>,
    /// The call that fails.
    failing: Mutex<Option<&'static str>>,
    /// What is asked and not answered for now.
    held: tokio::sync::watch::Sender<Option<&'static str>>,
}

impl CountingStore {
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            calls: Mutex::default(),
            listed: AtomicUsize::new(0),
            broken: Mutex::default(),
            failing: Mutex::default(),
            held: tokio::sync::watch::Sender::new(None),
        }
    }

    /// What was asked since this was called last.
    pub fn calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// Makes calls that create a key wait, or go on.
    pub fn hold(&self, held: bool) {
        self.held.send_replace(held.then_some("create_key"));
    }

    /// From now on, this is asked and never answered.
    pub fn stick(&self, call: &'static str) {
        self.held.send_replace(Some(call));
    }

    /// From now on, this call panics; `None` mends it.
    pub fn break_at(&self, call: Option<&'static str>) {
        *self.broken.lock().unwrap() = call;
    }

    /// From now on, this call fails, as where the database cannot be reached.
    pub fn fail_at(&self, call: &'static str) {
        *self.failing.lock().unwrap() = Some(call);
    }

    async fn pass(&self, call: &'static str) -> Result<(), StoreError> {
        self.calls.lock().unwrap().push(call);
        let broken = *self.broken.lock().unwrap();
        assert_ne!(broken, Some(call), "a test asks for this panic");
        let _ = self.held.subscribe().wait_for(|held| *held != Some(call)).await;
        match *self.failing.lock().unwrap() == Some(call) {
            true => Err(StoreError::NotPrimary { problem: "a test asks for this".to_owned() }),
            false => Ok(()),
        }
    }

    /// How many keys lists have read since this was called last.
    pub fn listed(&self) -> usize {
        self.listed.swap(0, Ordering::SeqCst)
    }
}

/// Writes the call down, and forwards it. The traits have no defaults: a method that is missing here does not compile.
macro_rules! counted {
    ($trait:ident: $($name:ident($($argument:ident: [$($kind:tt)+]),*) -> [$($answer:tt)+];)+ $(+ { $($more:tt)* })?) => {
        #[async_trait]
        impl $trait for CountingStore {
            $(async fn $name(&self, $($argument: $($kind)+),*) -> Result<$($answer)+, StoreError> {
                self.pass(stringify!($name)).await?;
                self.inner.$name($($argument),*).await
            })+

            $($($more)*)?
        }
    };
}

#[async_trait]
impl Store for CountingStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.pass("ping").await?;
        self.inner.ping().await
    }

    async fn names_in_use(&self) -> Result<NamesInUse, StoreError> {
        self.pass("names_in_use").await?;
        self.inner.names_in_use().await
    }

    fn pool_use(&self) -> Option<PoolUse> {
        self.inner.pool_use()
    }

    fn read_ahead(&self, max_bytes: usize) {
        self.inner.read_ahead(max_bytes);
    }
}

counted! {
    AccountStore:
    has_account() -> [bool];
    create_account(account: [NewAccount], only_first: [bool], entry: [NewAudit]) -> [AccountRecord];
    invite_account(account: [NewAccount], write: [Write]) -> [AccountRecord];
    account_by_email(email: [&str]) -> [Option<(AccountRecord, Option<String>)>];
    account_by_invitation(token: [&SecretHash]) -> [Option<AccountRecord>];
    second_factor(account_id: [&str]) -> [Option<(AccountRecord, Option<FactorRecord>)>];
    accounts() -> [Vec<AccountRecord>];
    update_account(id: [&str], change: [AccountChange], at: [DateTime], write: [Write]) -> [AccountRecord];
    delete_account(id: [&str], write: [Write]) -> [()];
    set_setup_token(token: [&SecretHash]) -> [()];
    setup_token() -> [Option<SecretHash>];
    create_session(session: [NewSession], keep: [u32], write: [Write]) -> [SessionRecord];
    session_by_token(token: [&SecretHash]) -> [Option<(SessionRecord, AccountRecord)>];
    touch_session(session_id: [&str], at: [DateTime]) -> [()];
    sessions(account_id: [&str]) -> [Vec<SessionRecord>];
    delete_session(account_id: [&str], session_id: [&str], entry: [NewAudit]) -> [bool];
    all_sessions() -> [Vec<SessionRecord>];
    delete_sessions(account_id: [&str], keep: [Option<&str>], write: [Write]) -> [()];
}

counted! {
    ProjectStore:
    create_project(project: [NewProject], write: [Write]) -> [ProjectRecord];
    organization() -> [Arc<ProjectRecord>];
    project(id: [&str]) -> [Option<ProjectRecord>];
    projects() -> [Vec<ProjectRecord>];
    rename_project(sequence: [i64], name: [KeyName], at: [DateTime], write: [Write]) -> [ProjectRecord];
    delete_project(sequence: [i64], write: [Write]) -> [()];
    note_ping(id: [&str], at: [DateTime]) -> [()];
    set_policy(sequence: [i64], policy: [Policy], at: [DateTime], write: [Write]) -> [ProjectRecord];
    ensure_signing_key(project_id: [&str], new_id: [&str]) -> [Option<String>];
    rotate_signing_key(sequence: [i64], new_id: [&str], write: [Write]) -> [()];
    set_ended_ephemeral(sequence: [i64], ended: [Vec<String>], write: [Write]) -> [()];
}

counted! {
    KeyStore:
    create_key(key: [NewKey], write: [Write]) -> [KeyRecord];
    import_keys(keys: [Vec<NewKey>], write: [Write]) -> [Vec<usize>];
    key_creators(sequences: [&[i64]]) -> [Vec<(i64, Actor)>];
    key(project_id: [&str], id: [&str]) -> [Option<KeyRecord>];
    count_keys(project_id: [&str], queries: [Vec<KeyQuery>]) -> [Vec<usize>];
    key_by_secret(secret: [&SecretHash], now: [DateTime]) -> [Option<KeyRecord>];
    keys_by_secrets(secrets: [&[SecretHash]], now: [DateTime]) -> [Vec<Option<StoredKey>>];
    project_and_key(id: [&str], secret: [&SecretHash], now: [DateTime]) -> [(Option<Arc<ProjectRecord>>, Option<StoredKey>)];
    update_key(sequence: [i64], change: [KeyChange], write: [Write]) -> [KeyRecord];
    set_key_enabled(sequence: [i64], enabled: [bool], at: [DateTime], write: [Write]) -> [KeyRecord];
    rotate_key(sequence: [i64], rotation: [KeyRotation], write: [Write]) -> [KeyRecord];
    end_key_overlap(sequence: [i64], at: [DateTime], write: [Write]) -> [KeyRecord];
    delete_key(sequence: [i64], write: [Write]) -> [()];
    record_key_uses(uses: [Vec<KeyUse>]) -> [()];
    add_operation_counts(counts: [Vec<OperationCount>], since: [i64]) -> [()];
    operation_counts(key_sequence: [i64], since: [i64]) -> [Vec<OperationCount>];
    record_key_exposure(key_sequence: [i64], at: [DateTime], entry: [NewAudit]) -> [bool];
    + {
        async fn list_keys(&self, project_id: &str, query: KeyQuery) -> Result<Page<KeyRecord>, StoreError> {
        self.pass("list_keys").await?;
        let page = self.inner.list_keys(project_id, query).await?;
        self.listed.fetch_add(page.rows.len(), Ordering::SeqCst);
        Ok(page)
    }
    }
}

counted! {
    DevKeyStore:
    create_dev_key(key: [NewDevKey], write: [Write]) -> [DevKeyRecord];
    dev_key(project_id: [&str], id: [&str]) -> [Option<DevKeyRecord>];
    dev_keys(project_id: [&str]) -> [Vec<DevKeyRecord>];
    dev_key_by_secret(secret: [&SecretHash]) -> [Option<DevKeyRecord>];
    update_dev_key(sequence: [i64], change: [DevKeyChange], write: [Write]) -> [DevKeyRecord];
    delete_dev_key(sequence: [i64], write: [Write]) -> [()];
    record_dev_key_use(dev_key_sequence: [i64], at: [DateTime], sdk: [Option<&str>]) -> [()];
}

counted! {
    AuditStore:
    record(write: [Write]) -> [()];
    append_audit(entries: [Vec<NewAudit>]) -> [()];
    audit(query: [AuditQuery]) -> [Vec<AuditRecord>];
}
