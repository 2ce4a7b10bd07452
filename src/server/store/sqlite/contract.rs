//! What the store does on which of its connections: what is asked with every request on the spot, what writes on the one connection
//! that may, everything else on those that read.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::{
    AccountChange, AccountRecord, AuditQuery, AuditRecord, DevKeyChange, DevKeyRecord, KeyChange, KeyQuery, KeyRecord, KeyRotation, KeyUse,
    LIST_TIME, NewAccount, NewAudit, NewDevKey, NewKey, NewProject, NewSession, ORGANIZATION_ID, ProjectRecord, SessionRecord, SqliteStore,
    Store, StoreError, Write, accounts, audit, dev_keys, keys, lifecycle, list, open, projects, query_timeout,
};
use crate::{
    key::Policy,
    scope::DateTime,
    server::{auth::SecretHash, query::Page},
};

impl SqliteStore {
    /// A row of the table of projects.
    async fn row(&self, id: &str) -> Result<Option<ProjectRecord>, StoreError> {
        if let Some(found) = self.quick.project(id) {
            return Ok(found);
        }
        let id = id.to_owned();
        self.readers.run(move |connection| projects::get(connection, &id)).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.readers.run(|connection| connection.query_row("SELECT count(*) FROM setup", [], |_| Ok(()))).await?;
        self.writer.run(|connection| open::touch(connection)).await
    }

    fn read_ahead(&self, max_bytes: usize) {
        self.quick.read_ahead(max_bytes);
    }

    async fn has_account(&self) -> Result<bool, StoreError> {
        self.readers.run(|connection| accounts::any(connection)).await
    }

    async fn create_account(&self, account: NewAccount, only_first: bool, entry: NewAudit) -> Result<AccountRecord, StoreError> {
        let created = self.writer.run(move |connection| accounts::create(connection, &account, only_first, &entry)).await?;
        created.ok_or(StoreError::Duplicate)
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<(AccountRecord, String)>, StoreError> {
        let email = email.to_owned();
        self.readers.run(move |connection| accounts::by_email(connection, &email)).await
    }

    async fn accounts(&self) -> Result<Vec<AccountRecord>, StoreError> {
        self.readers.run(|connection| accounts::all(connection)).await
    }

    async fn update_account(&self, id: &str, change: AccountChange, at: DateTime, write: Write) -> Result<AccountRecord, StoreError> {
        let id = id.to_owned();
        self.write(write, move |transaction, _| accounts::update(transaction, &id, &change, at)).await
    }

    async fn delete_account(&self, id: &str, write: Write) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(write, move |transaction, _| accounts::delete(transaction, &id)).await
    }

    async fn set_setup_token(&self, token: &SecretHash) -> Result<(), StoreError> {
        let token = token.clone();
        self.writer.run(move |connection| accounts::set_setup_token(connection, &token)).await
    }

    async fn setup_token(&self) -> Result<Option<SecretHash>, StoreError> {
        self.readers.run(|connection| accounts::setup_token(connection)).await
    }

    async fn create_session(&self, session: NewSession, keep: u32, write: Write) -> Result<SessionRecord, StoreError> {
        self.write(write, move |transaction, _| accounts::create_session(transaction, session, keep).map(Some)).await
    }

    async fn session_by_token(&self, token: &SecretHash) -> Result<Option<(SessionRecord, AccountRecord)>, StoreError> {
        let token = token.clone();
        self.readers.run(move |connection| accounts::session_by_token(connection, &token)).await
    }

    async fn touch_session(&self, session_id: &str, at: DateTime) -> Result<(), StoreError> {
        let id = session_id.to_owned();
        self.writer.run(move |connection| accounts::touch_session(connection, &id, at)).await
    }

    async fn sessions(&self, account_id: &str) -> Result<Vec<SessionRecord>, StoreError> {
        let account_id = account_id.to_owned();
        self.readers.run(move |connection| accounts::sessions(connection, &account_id)).await
    }

    async fn delete_session(&self, account_id: &str, session_id: &str, entry: NewAudit) -> Result<bool, StoreError> {
        let (account_id, id) = (account_id.to_owned(), session_id.to_owned());
        self.writer.run(move |connection| accounts::delete_session(connection, &account_id, &id, &entry)).await
    }

    async fn delete_sessions(&self, account_id: &str, entry: NewAudit) -> Result<(), StoreError> {
        let account_id = account_id.to_owned();
        self.writer.run(move |connection| accounts::delete_sessions(connection, &account_id, &entry)).await
    }

    async fn create_project(&self, project: NewProject, write: Write) -> Result<ProjectRecord, StoreError> {
        self.write(write, move |transaction, entry| projects::create(transaction, &project, entry).map(Some)).await
    }

    async fn organization(&self) -> Result<Arc<ProjectRecord>, StoreError> {
        self.row(ORGANIZATION_ID).await?.map(Arc::new).ok_or_else(StoreError::no_organization)
    }

    async fn project(&self, id: &str) -> Result<Option<ProjectRecord>, StoreError> {
        if id == ORGANIZATION_ID { Ok(None) } else { self.row(id).await }
    }

    async fn projects(&self) -> Result<Vec<ProjectRecord>, StoreError> {
        self.readers.run(|connection| projects::all(connection)).await
    }

    async fn rename_project(&self, sequence: i64, name: &str, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError> {
        let name = name.to_owned();
        self.write(write, move |transaction, _| projects::rename(transaction, sequence, &name, at)).await
    }

    async fn delete_project(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        self.write(write, move |transaction, _| projects::delete(transaction, sequence)).await
    }

    async fn note_ping(&self, id: &str, at: DateTime) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.writer.run(move |connection| projects::note_ping(connection, &id, at)).await
    }

    async fn create_key(&self, key: NewKey, write: Write) -> Result<KeyRecord, StoreError> {
        self.write(write, move |transaction, _| keys::insert(transaction, &key).map(Some)).await
    }

    async fn key(&self, project_id: &str, id: &str) -> Result<Option<KeyRecord>, StoreError> {
        if let Some(found) = self.quick.key(project_id, id) {
            return Ok(found);
        }
        let (project_id, id) = (project_id.to_owned(), id.to_owned());
        self.readers.run(move |connection| keys::get(connection, &project_id, &id)).await
    }

    async fn list_keys(&self, project_id: &str, query: KeyQuery) -> Result<Page<KeyRecord>, StoreError> {
        let project_id = project_id.to_owned();
        let turn = self.list_turns.turn(project_id.clone(), 1).await?;
        let page = move |connection: &mut _| {
            // The turn ends with the work, not with whoever waits for it.
            let _turn = turn;
            list::page(connection, &project_id, &query)
        };
        query_timeout::run(&self.lists, LIST_TIME, page).await
    }

    async fn key_by_secret(&self, secret: &SecretHash, now: DateTime) -> Result<Option<KeyRecord>, StoreError> {
        if let Some(found) = self.quick.key_by_secret(secret, now) {
            return Ok(found);
        }
        let secret = secret.clone();
        self.readers.run(move |connection| keys::by_secret(connection, &secret, now)).await
    }

    async fn project_and_key(
        &self,
        id: &str,
        secret: &SecretHash,
        now: DateTime,
    ) -> Result<(Option<Arc<ProjectRecord>>, Option<KeyRecord>), StoreError> {
        match self.quick.project_and_key(id, secret, now).filter(|_| id != ORGANIZATION_ID) {
            Some((project, key)) => Ok((Some(project), key)),
            None => Ok((self.project(id).await?.map(Arc::new), self.key_by_secret(secret, now).await?)),
        }
    }

    async fn update_key(&self, sequence: i64, change: KeyChange, write: Write) -> Result<KeyRecord, StoreError> {
        self.write(write, move |transaction, _| keys::update(transaction, sequence, &change)).await
    }

    async fn delete_key(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        self.write(write, move |transaction, _| keys::delete(transaction, sequence)).await
    }

    async fn note_key_uses(&self, uses: Vec<KeyUse>) -> Result<(), StoreError> {
        self.writer.run(move |connection| keys::note_uses(connection, &uses)).await
    }

    async fn import_keys(&self, keys: Vec<NewKey>, write: Write) -> Result<Vec<usize>, StoreError> {
        // What is taken is read first, in the same transaction: where there is any, nothing is written, and no entry.
        let taken = Arc::new(Mutex::new(Vec::new()));
        let told = taken.clone();
        let written = self.write(write, move |transaction, _| {
            let found = lifecycle::import(transaction, &keys)?;
            let none = found.is_empty().then_some(());
            *told.lock().unwrap_or_else(PoisonError::into_inner) = found;
            Ok(none)
        });
        let written = written.await;
        let taken = std::mem::take(&mut *taken.lock().unwrap_or_else(PoisonError::into_inner));
        if taken.is_empty() { written.map(|()| taken) } else { Ok(taken) }
    }

    async fn set_key_enabled(&self, sequence: i64, enabled: bool, at: DateTime, write: Write) -> Result<KeyRecord, StoreError> {
        self.write(write, move |transaction, _| lifecycle::set_enabled(transaction, sequence, enabled, at)).await
    }

    async fn rotate_key(&self, sequence: i64, rotation: KeyRotation, write: Write) -> Result<KeyRecord, StoreError> {
        self.write(write, move |transaction, _| lifecycle::rotate(transaction, sequence, &rotation)).await
    }

    async fn end_key_overlap(&self, sequence: i64, at: DateTime, write: Write) -> Result<KeyRecord, StoreError> {
        self.write(write, move |transaction, _| lifecycle::end_overlap(transaction, sequence, at)).await
    }

    async fn note_key_exposure(&self, key_sequence: i64, at: DateTime, entry: NewAudit) -> Result<bool, StoreError> {
        self.writer.run(move |connection| lifecycle::note_exposure(connection, key_sequence, at, &entry)).await
    }

    async fn set_policy(&self, sequence: i64, policy: Policy, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError> {
        self.write(write, move |transaction, _| projects::set_policy(transaction, sequence, policy, at)).await
    }

    async fn ensure_signing_key(&self, project_id: &str, new_id: &str) -> Result<Option<String>, StoreError> {
        let (id, new_id) = (project_id.to_owned(), new_id.to_owned());
        self.writer.run(move |connection| projects::ensure_signing_key(connection, &id, &new_id)).await
    }

    async fn rotate_signing_key(&self, sequence: i64, new_id: &str, write: Write) -> Result<(), StoreError> {
        let new_id = new_id.to_owned();
        self.write(write, move |transaction, _| projects::rotate_signing_key(transaction, sequence, &new_id)).await
    }

    async fn set_ended_ephemeral(&self, sequence: i64, ended: Vec<String>, write: Write) -> Result<(), StoreError> {
        self.write(write, move |transaction, _| projects::set_ended_ephemeral(transaction, sequence, &ended)).await
    }

    async fn create_dev_key(&self, key: NewDevKey, write: Write) -> Result<DevKeyRecord, StoreError> {
        self.write(write, move |transaction, _| dev_keys::create(transaction, &key).map(Some)).await
    }

    async fn dev_key(&self, project_id: &str, id: &str) -> Result<Option<DevKeyRecord>, StoreError> {
        let (project_id, id) = (project_id.to_owned(), id.to_owned());
        self.readers.run(move |connection| dev_keys::get(connection, &project_id, &id)).await
    }

    async fn dev_keys(&self, project_id: &str) -> Result<Vec<DevKeyRecord>, StoreError> {
        let project_id = project_id.to_owned();
        self.readers.run(move |connection| dev_keys::of_project(connection, &project_id)).await
    }

    async fn dev_key_by_secret(&self, secret: &SecretHash) -> Result<Option<DevKeyRecord>, StoreError> {
        let secret = secret.clone();
        self.readers.run(move |connection| dev_keys::by_secret(connection, &secret)).await
    }

    async fn update_dev_key(&self, sequence: i64, change: DevKeyChange, write: Write) -> Result<DevKeyRecord, StoreError> {
        self.write(write, move |transaction, _| dev_keys::update(transaction, sequence, &change)).await
    }

    async fn delete_dev_key(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        self.write(write, move |transaction, _| dev_keys::delete(transaction, sequence)).await
    }

    async fn note_dev_key_use(&self, dev_key_sequence: i64, at: DateTime, sdk: Option<&str>) -> Result<(), StoreError> {
        let sdk = sdk.map(str::to_owned);
        self.writer.run(move |connection| dev_keys::note_use(connection, dev_key_sequence, at, sdk.as_deref())).await
    }

    async fn record(&self, write: Write) -> Result<(), StoreError> {
        self.write(write, |_, _| Ok(Some(()))).await
    }

    async fn append_audit(&self, entries: Vec<NewAudit>) -> Result<(), StoreError> {
        self.writer.run(move |connection| audit::append_all(connection, &entries)).await
    }

    async fn audit(&self, query: AuditQuery) -> Result<Vec<AuditRecord>, StoreError> {
        self.readers.run(move |connection| audit::page(connection, &query)).await
    }
}
