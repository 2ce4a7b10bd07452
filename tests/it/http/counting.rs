//! A store that writes down what it is asked.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use scopewise::{
    key::Policy,
    scope::DateTime,
    server::{
        SecretHash,
        query::Page,
        store::{
            AccountRecord, AuditQuery, AuditRecord, DevKeyChange, DevKeyRecord, KeyChange, KeyQuery, KeyRecord, KeyRotation, KeyUse,
            NewAccount, NewAudit, NewDevKey, NewKey, NewProject, NewSession, ProjectRecord, SessionRecord, Store, StoreError,
        },
    },
};

pub struct CountingStore {
    inner: Arc<dyn Store>,
    calls: Mutex<Vec<&'static str>>,
    listed: AtomicUsize,
}

impl CountingStore {
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self { inner, calls: Mutex::default(), listed: AtomicUsize::new(0) }
    }

    /// What was asked since this was called last.
    pub fn calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// How many keys lists have read since this was called last.
    pub fn listed(&self) -> usize {
        self.listed.swap(0, Ordering::SeqCst)
    }
}

macro_rules! counted {
    ($($name:ident($($argument:ident: [$($kind:tt)+]),*) -> [$($answer:tt)+];)+) => {
        #[async_trait]
        impl Store for CountingStore {
            $(async fn $name(&self, $($argument: $($kind)+),*) -> Result<$($answer)+, StoreError> {
                self.calls.lock().unwrap().push(stringify!($name));
                self.inner.$name($($argument),*).await
            })+

            async fn list_keys(&self, project_id: &str, query: KeyQuery) -> Result<Page<KeyRecord>, StoreError> {
                self.calls.lock().unwrap().push("list_keys");
                let page = self.inner.list_keys(project_id, query).await?;
                self.listed.fetch_add(page.rows.len(), Ordering::SeqCst);
                Ok(page)
            }
        }
    };
}

counted! {
    ping() -> [()];
    has_account() -> [bool];
    create_account(account: [NewAccount], only_first: [bool]) -> [AccountRecord];
    account_by_email(email: [&str]) -> [Option<(AccountRecord, String)>];
    set_setup_token(token: [&SecretHash]) -> [()];
    setup_token() -> [Option<SecretHash>];
    create_session(session: [NewSession], keep: [u32]) -> [SessionRecord];
    session_by_token(token: [&SecretHash]) -> [Option<(SessionRecord, AccountRecord)>];
    touch_session(session_id: [&str], at: [DateTime]) -> [()];
    sessions(account_id: [&str]) -> [Vec<SessionRecord>];
    delete_session(account_id: [&str], session_id: [&str]) -> [bool];
    delete_sessions(account_id: [&str]) -> [()];
    create_project(project: [NewProject]) -> [ProjectRecord];
    project(id: [&str]) -> [Option<ProjectRecord>];
    projects() -> [Vec<ProjectRecord>];
    rename_project(id: [&str], name: [&str], at: [DateTime]) -> [Option<ProjectRecord>];
    delete_project(id: [&str]) -> [bool];
    note_ping(id: [&str], at: [DateTime]) -> [()];
    create_key(key: [NewKey]) -> [KeyRecord];
    key(project_id: [&str], id: [&str]) -> [Option<KeyRecord>];
    key_by_secret(secret: [&SecretHash], now: [DateTime]) -> [Option<KeyRecord>];
    project_and_key(id: [&str], secret: [&SecretHash], now: [DateTime]) -> [(Option<Arc<ProjectRecord>>, Option<KeyRecord>)];
    update_key(project_id: [&str], id: [&str], change: [KeyChange]) -> [Option<KeyRecord>];
    delete_key(project_id: [&str], id: [&str]) -> [bool];
    note_key_uses(uses: [Vec<KeyUse>]) -> [()];
    import_keys(keys: [Vec<NewKey>]) -> [Vec<usize>];
    set_key_enabled(project_id: [&str], id: [&str], enabled: [bool], at: [DateTime]) -> [Option<KeyRecord>];
    rotate_key(project_id: [&str], id: [&str], rotation: [KeyRotation]) -> [Option<KeyRecord>];
    note_key_exposure(key_sequence: [i64], at: [DateTime]) -> [()];
    set_policy(project_id: [&str], policy: [Policy], at: [DateTime]) -> [Option<ProjectRecord>];
    ensure_signing_key(project_id: [&str], new_id: [&str]) -> [Option<String>];
    rotate_signing_key(project_id: [&str], new_id: [&str]) -> [bool];
    create_dev_key(key: [NewDevKey]) -> [DevKeyRecord];
    dev_key(project_id: [&str], id: [&str]) -> [Option<DevKeyRecord>];
    dev_keys(project_id: [&str]) -> [Vec<DevKeyRecord>];
    dev_key_by_secret(secret: [&SecretHash]) -> [Option<DevKeyRecord>];
    update_dev_key(project_id: [&str], id: [&str], change: [DevKeyChange]) -> [Option<DevKeyRecord>];
    delete_dev_key(project_id: [&str], id: [&str]) -> [bool];
    note_dev_key_use(dev_key_sequence: [i64], at: [DateTime], sdk: [Option<&str>]) -> [()];
    append_audit(entry: [NewAudit]) -> [()];
    audit(query: [AuditQuery]) -> [Vec<AuditRecord>];
}
