//! A store for tests: each change names its target by id, and depends only on the current version of the target.

use std::{ops::Deref, sync::Arc};

use scopewise::{
    key::Policy,
    scope::DateTime,
    server::{
        Caller,
        store::{
            AccountChange, AccountRecord, Action, Actor, ActorKind, Basis, DevKeyChange, DevKeyRecord, KeyChange, KeyRecord, KeyRotation,
            NewAccount, NewAudit, NewDevKey, NewKey, NewProject, NewSession, ProjectRecord, ProjectRef, SessionRecord, Store, StoreError,
            Write,
        },
    },
};

/// See the module documentation. All other methods are the store's own.
#[derive(Clone)]
pub struct Handle(pub Arc<dyn Store>);

impl Deref for Handle {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// An entry about the whole server.
pub fn entry(action: Action, target: &str) -> NewAudit {
    Caller::only(Actor::only(ActorKind::CommandLine), String::new()).entry(super::at(0), None, scopewise::server::Done::new(action, target))
}

type Answer<T> = Result<T, StoreError>;

/// Maps a stale basis to a missing row.
fn present<T>(answer: Answer<T>) -> Answer<Option<T>> {
    match answer {
        Err(StoreError::Stale) => Ok(None),
        answer => answer.map(Some),
    }
}

/// A change that depends on these keys.
pub fn by_keys(action: Action, keys: &[&KeyRecord]) -> Write {
    let entry = entry(action, keys.first().map_or("", |key| &key.id));
    Write { basis: Basis { keys: keys.iter().map(|key| key.version()).collect(), ..Basis::default() }, entry }
}

/// A change of the first of these accounts that depends on all of them.
pub fn by_accounts(action: Action, accounts: &[&AccountRecord]) -> Write {
    let entry = entry(action, accounts.first().map_or("", |account| &account.id));
    Write { basis: Basis { accounts: accounts.iter().map(|account| account.version()).collect(), ..Basis::default() }, entry }
}

/// A change that depends on this project, and is written to its log.
pub fn by_project(action: Action, project: &ProjectRecord) -> Write {
    let of = ProjectRef { sequence: project.sequence, id: project.id.clone() };
    Write {
        basis: Basis { project: Some(project.version()), ..Basis::default() },
        entry: NewAudit { project: Some(of), ..entry(action, &project.id) },
    }
}

impl Handle {
    pub async fn create_account(&self, account: NewAccount, only_first: bool) -> Answer<AccountRecord> {
        let entry = entry(Action::AccountCreate, account.id.as_str());
        self.0.create_account(account, only_first, entry).await
    }

    pub async fn account(&self, id: &str) -> Answer<Option<AccountRecord>> {
        Ok(self.0.accounts().await?.into_iter().find(|account| account.id == id))
    }

    pub async fn update_account(&self, id: &str, action: Action, change: AccountChange, at: DateTime) -> Answer<Option<AccountRecord>> {
        let Some(account) = self.account(id).await? else { return Ok(None) };
        present(self.0.update_account(id, change, at, by_accounts(action, &[&account])).await)
    }

    pub async fn delete_account(&self, id: &str) -> Answer<bool> {
        let Some(account) = self.account(id).await? else { return Ok(false) };
        Ok(present(self.0.delete_account(id, by_accounts(Action::AccountDelete, &[&account])).await)?.is_some())
    }

    pub async fn create_session(&self, session: NewSession, keep: u32) -> Answer<SessionRecord> {
        let entry = entry(Action::SessionCreate, &session.id);
        self.0.create_session(session, keep, entry.into()).await
    }

    pub async fn delete_session(&self, account_id: &str, session_id: &str) -> Answer<bool> {
        self.0.delete_session(account_id, session_id, entry(Action::SessionDelete, session_id)).await
    }

    pub async fn delete_sessions(&self, account_id: &str) -> Answer<()> {
        self.0.delete_sessions(account_id, None, entry(Action::SessionDelete, "all").into()).await
    }

    pub async fn create_project(&self, project: NewProject) -> Answer<ProjectRecord> {
        let entry = entry(Action::ProjectCreate, project.id.as_str());
        self.0.create_project(project, entry.into()).await
    }

    pub async fn rename_project(&self, id: &str, name: &str, at: DateTime) -> Answer<Option<ProjectRecord>> {
        let Some(project) = self.0.project(id).await? else { return Ok(None) };
        let write = by_project(Action::ProjectUpdate, &project);
        present(self.0.rename_project(project.sequence, name.parse().unwrap(), at, write).await)
    }

    pub async fn delete_project(&self, id: &str) -> Answer<bool> {
        let Some(project) = self.0.project(id).await? else { return Ok(false) };
        let write = by_project(Action::ProjectDelete, &project);
        Ok(present(self.0.delete_project(project.sequence, write).await)?.is_some())
    }

    pub async fn set_policy(&self, id: &str, policy: Policy, at: DateTime) -> Answer<Option<ProjectRecord>> {
        let Some(project) = self.0.project(id).await? else { return Ok(None) };
        let write = by_project(Action::PolicyUpdate, &project);
        present(self.0.set_policy(project.sequence, policy, at, write).await)
    }

    pub async fn rotate_signing_key(&self, id: &str, new_id: &str) -> Answer<bool> {
        let Some(project) = self.0.project(id).await? else { return Ok(false) };
        let write = by_project(Action::SigningKeyRotate, &project);
        Ok(present(self.0.rotate_signing_key(project.sequence, new_id, write).await)?.is_some())
    }

    pub async fn create_key(&self, key: NewKey) -> Answer<KeyRecord> {
        let entry = entry(Action::KeyCreate, key.id.as_str());
        self.0.create_key(key, entry.into()).await
    }

    pub async fn import_keys(&self, keys: Vec<NewKey>) -> Answer<Vec<usize>> {
        self.0.import_keys(keys, entry(Action::KeyImport, "").into()).await
    }

    /// Retries if another change was faster.
    pub async fn update_key(&self, project_id: &str, id: &str, change: KeyChange) -> Answer<Option<KeyRecord>> {
        loop {
            let Some(key) = self.0.key(project_id, id).await? else { return Ok(None) };
            match self.0.update_key(key.sequence, change.clone(), by_keys(Action::KeyUpdate, &[&key])).await {
                Err(StoreError::Stale) => {}
                answer => return answer.map(Some),
            }
        }
    }

    pub async fn delete_key(&self, project_id: &str, id: &str) -> Answer<bool> {
        let Some(key) = self.0.key(project_id, id).await? else { return Ok(false) };
        Ok(present(self.0.delete_key(key.sequence, by_keys(Action::KeyDelete, &[&key])).await)?.is_some())
    }

    pub async fn set_key_enabled(&self, project_id: &str, id: &str, enabled: bool, at: DateTime) -> Answer<Option<KeyRecord>> {
        let Some(key) = self.0.key(project_id, id).await? else { return Ok(None) };
        let action = if enabled { Action::KeyEnable } else { Action::KeyDisable };
        present(self.0.set_key_enabled(key.sequence, enabled, at, by_keys(action, &[&key])).await)
    }

    /// Retries if another change was faster.
    pub async fn rotate_key(&self, project_id: &str, id: &str, rotation: KeyRotation) -> Answer<Option<KeyRecord>> {
        loop {
            let Some(key) = self.0.key(project_id, id).await? else { return Ok(None) };
            match self.0.rotate_key(key.sequence, rotation.clone(), by_keys(Action::KeyRotate, &[&key])).await {
                Err(StoreError::Stale) => {}
                answer => return answer.map(Some),
            }
        }
    }

    /// Returns whether this is the first time.
    pub async fn record_key_exposure(&self, key_sequence: i64, at: DateTime) -> Answer<bool> {
        self.0.record_key_exposure(key_sequence, at, entry(Action::KeyExposed, "")).await
    }

    pub async fn create_dev_key(&self, key: NewDevKey) -> Answer<DevKeyRecord> {
        let entry = entry(Action::DevKeyCreate, key.id.as_str());
        self.0.create_dev_key(key, entry.into()).await
    }

    pub async fn update_dev_key(&self, project_id: &str, id: &str, change: DevKeyChange) -> Answer<Option<DevKeyRecord>> {
        let Some(key) = self.0.dev_key(project_id, id).await? else { return Ok(None) };
        let basis = Basis { dev_key: Some(key.version()), ..Basis::default() };
        let write = Write { basis, entry: entry(Action::DevKeyUpdate, id) };
        present(self.0.update_dev_key(key.sequence, change, write).await)
    }

    pub async fn delete_dev_key(&self, project_id: &str, id: &str) -> Answer<bool> {
        let Some(key) = self.0.dev_key(project_id, id).await? else { return Ok(false) };
        let basis = Basis { dev_key: Some(key.version()), ..Basis::default() };
        Ok(present(self.0.delete_dev_key(key.sequence, Write { basis, entry: entry(Action::DevKeyDelete, id) }).await)?.is_some())
    }
}
