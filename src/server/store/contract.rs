//! What a store can be asked for. The promises that hold for all of it stand in [`store`](super).

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    AccountChange, AccountRecord, AuditQuery, AuditRecord, DevKeyChange, DevKeyRecord, KeyChange, KeyQuery, KeyRecord, KeyRotation, KeyUse,
    NewAccount, NewAudit, NewDevKey, NewKey, NewProject, NewSession, PoolUse, ProjectRecord, SessionRecord, StoreError, Write,
};
use crate::{
    key::Policy,
    scope::DateTime,
    server::{auth::SecretHash, query::Page},
};

/// Everything that is kept. See the promises of [`store`](super).
///
/// A method that takes a [`Write`] refuses with [`StoreError::Stale`] where a row of its basis, or what it is to change, is not as it
/// was read any more; nothing is written then, and no entry. What it takes a `sequence` of is a row that was read.
#[async_trait]
pub trait Store: Send + Sync {
    /// Whether the database can be read and written: it is given a write that changes nothing and that it does not grow by.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], [`StoreError::NotPrimary`] or [`StoreError::Moved`] when it cannot.
    async fn ping(&self) -> Result<(), StoreError>;

    /// How its connections are used, where it has such that can run out.
    fn pool_use(&self) -> Option<PoolUse> {
        None
    }

    /// Says how many bytes of keys the store may keep in memory, where it keeps any, and lets it begin to read them in the
    /// background. A server says so once.
    fn read_ahead(&self, _max_bytes: usize) {}

    /// Whether there is any account.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn has_account(&self) -> Result<bool, StoreError>;

    /// Keeps a new account. With `only_first`, of any number of calls at the same time one at the most succeeds, and only while there is no account.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] for an id or an email that exists, or where an account exists and `only_first` is set.
    async fn create_account(&self, account: NewAccount, only_first: bool, entry: NewAudit) -> Result<AccountRecord, StoreError>;

    /// The account with this email (lower case), and the hash of its password.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn account_by_email(&self, email: &str) -> Result<Option<(AccountRecord, String)>, StoreError>;

    /// All accounts, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn accounts(&self) -> Result<Vec<AccountRecord>, StoreError>;

    /// Changes an account, and ends its sessions where the change says so: none of them opens anything once this has answered.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn update_account(&self, id: &str, change: AccountChange, at: DateTime, write: Write) -> Result<AccountRecord, StoreError>;

    /// Removes an account with its sessions.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn delete_account(&self, id: &str, write: Write) -> Result<(), StoreError>;

    /// Keeps the hash of the token of the set-up link, in the place of an earlier one. Where there is an account, nothing is kept.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn set_setup_token(&self, token: &SecretHash) -> Result<(), StoreError>;

    /// The hash of the token of the set-up link, while it counts: the first account ends it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn setup_token(&self) -> Result<Option<SecretHash>, StoreError>;

    /// Keeps a new session, and ends the oldest ones of the account beyond `keep`. With the account in its basis, a session is never
    /// opened by a password that was replaced meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Stale`], and [`StoreError::ParentMissing`] where the account does not exist.
    async fn create_session(&self, session: NewSession, keep: u32, write: Write) -> Result<SessionRecord, StoreError>;

    /// The session with this token, and whose it is. Says nothing of its age.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn session_by_token(&self, token: &SecretHash) -> Result<Option<(SessionRecord, AccountRecord)>, StoreError>;

    /// Moves the last use of a session forward to `at`; never back.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn touch_session(&self, session_id: &str, at: DateTime) -> Result<(), StoreError>;

    /// The sessions of an account, newest first. Says nothing of their age.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn sessions(&self, account_id: &str) -> Result<Vec<SessionRecord>, StoreError>;

    /// Ends a session of this account. `false` where it has no such session.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn delete_session(&self, account_id: &str, session_id: &str, entry: NewAudit) -> Result<bool, StoreError>;

    /// Ends all sessions of an account.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn delete_sessions(&self, account_id: &str, entry: NewAudit) -> Result<(), StoreError>;

    /// Keeps a new project.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] for an id that exists.
    async fn create_project(&self, project: NewProject, write: Write) -> Result<ProjectRecord, StoreError>;

    /// What the organization's keys belong to. It has a policy and versions as projects have, and is none: no method finds, lists or removes it as
    /// one. Its keys are kept as those of projects are.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn organization(&self) -> Result<Arc<ProjectRecord>, StoreError>;

    /// The project with this id.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn project(&self, id: &str) -> Result<Option<ProjectRecord>, StoreError>;

    /// All projects, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn projects(&self) -> Result<Vec<ProjectRecord>, StoreError>;

    /// Changes the name of a project.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn rename_project(&self, sequence: i64, name: &str, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError>;

    /// Removes a project with all that belongs to it.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn delete_project(&self, sequence: i64, write: Write) -> Result<(), StoreError>;

    /// Notes the first ping of a project; later ones change nothing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn note_ping(&self, id: &str, at: DateTime) -> Result<(), StoreError>;

    /// Keeps a new key and the hash of its secret.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] for an id that the project has already, [`StoreError::ParentMissing`] where the project does not exist.
    async fn create_key(&self, key: NewKey, write: Write) -> Result<KeyRecord, StoreError>;

    /// The key of this project with this id.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn key(&self, project_id: &str, id: &str) -> Result<Option<KeyRecord>, StoreError>;

    /// A page of the keys of a project: what [`query::page`](crate::server::query::page) answers of all of them, without holding more of
    /// them than the page.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], also for a query that takes too long.
    async fn list_keys(&self, project_id: &str, query: KeyQuery) -> Result<Page<KeyRecord>, StoreError>;

    /// The key that a secret opens at `now`, of whatever project. Says nothing of the key's own expiry.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn key_by_secret(&self, secret: &SecretHash, now: DateTime) -> Result<Option<KeyRecord>, StoreError>;

    /// What most requests want: the project with this id, and the key that a secret opens at `now`, of whatever project. As
    /// [`Store::project`] and [`Store::key_by_secret`], in one go.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn project_and_key(
        &self,
        id: &str,
        secret: &SecretHash,
        now: DateTime,
    ) -> Result<(Option<Arc<ProjectRecord>>, Option<KeyRecord>), StoreError> {
        Ok((self.project(id).await?.map(Arc::new), self.key_by_secret(secret, now).await?))
    }

    /// Replaces name, scopes and expiry of a key.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn update_key(&self, sequence: i64, change: KeyChange, write: Write) -> Result<KeyRecord, StoreError>;

    /// Removes a key with its secrets.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn delete_key(&self, sequence: i64, write: Write) -> Result<(), StoreError>;

    /// Notes when keys were used, and by which SDK. Never moves the last use of a key back; a key that is gone is passed over.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn note_key_uses(&self, uses: Vec<KeyUse>) -> Result<(), StoreError>;

    /// Keeps many new keys, all of them or none. Answers with the positions in `keys`, from 0, in order, of those whose id the
    /// project has already, or whose secret there is already, in the store or earlier in the list; where there is any, nothing is
    /// written.
    ///
    /// # Errors
    /// [`StoreError::ParentMissing`] where a project does not exist.
    async fn import_keys(&self, keys: Vec<NewKey>, write: Write) -> Result<Vec<usize>, StoreError>;

    /// Switches a key on or off.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn set_key_enabled(&self, sequence: i64, enabled: bool, at: DateTime, write: Write) -> Result<KeyRecord, StoreError>;

    /// Gives a key a new secret and an expiry. The secret before it stays valid until the overlap ends; secrets older than that one
    /// end at once. The key counts as not exposed any more.
    ///
    /// # Errors
    /// [`StoreError::Stale`], and [`StoreError::Duplicate`] for a secret that there is.
    async fn rotate_key(&self, sequence: i64, rotation: KeyRotation, write: Write) -> Result<KeyRecord, StoreError>;

    /// Ends the secret before the last rotation of a key at once.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn end_key_overlap(&self, sequence: i64, at: DateTime, write: Write) -> Result<KeyRecord, StoreError>;

    /// Notes that the secret of a key has arrived from a browser, with the entry, and answers whether it was the first time since the
    /// key was made or rotated; only the first time is kept. A key that is gone is passed over.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn note_key_exposure(&self, key_sequence: i64, at: DateTime, entry: NewAudit) -> Result<bool, StoreError>;

    /// Replaces a project's rules for its keys. Keys that there are stay as they are.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn set_policy(&self, sequence: i64, policy: Policy, at: DateTime, write: Write) -> Result<ProjectRecord, StoreError>;

    /// The id of the key that signs the project's ephemeral keys, made `new_id` where there is none yet: of any number of calls at
    /// the same time, all get the same answer. `None` where there is no such project.
    ///
    /// The signing key itself never reaches the store: it is derived from this id and a root key that is kept outside, so that
    /// nobody can sign with what a copy of the database holds.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn ensure_signing_key(&self, project_id: &str, new_id: &str) -> Result<Option<String>, StoreError>;

    /// Replaces the id of the project's signing key by `new_id`, which ends every ephemeral key that there is.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn rotate_signing_key(&self, sequence: i64, new_id: &str, write: Write) -> Result<(), StoreError>;

    /// Replaces the list of ephemeral keys that were ended before their time ([`ProjectRecord::ended_ephemeral`]).
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn set_ended_ephemeral(&self, sequence: i64, ended: Vec<String>, write: Write) -> Result<(), StoreError>;

    /// Keeps a new dev key.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] for an id that a dev key of the project has, [`StoreError::ParentMissing`] where the project does
    /// not exist.
    async fn create_dev_key(&self, key: NewDevKey, write: Write) -> Result<DevKeyRecord, StoreError>;

    /// The dev key of this project with this id.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn dev_key(&self, project_id: &str, id: &str) -> Result<Option<DevKeyRecord>, StoreError>;

    /// All dev keys of a project, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn dev_keys(&self, project_id: &str) -> Result<Vec<DevKeyRecord>, StoreError>;

    /// The dev key with this secret, of whatever project. Says nothing of its expiry. Never finds an API key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn dev_key_by_secret(&self, secret: &SecretHash) -> Result<Option<DevKeyRecord>, StoreError>;

    /// Replaces name and expiry of a dev key.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn update_dev_key(&self, sequence: i64, change: DevKeyChange, write: Write) -> Result<DevKeyRecord, StoreError>;

    /// Removes a dev key.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn delete_dev_key(&self, sequence: i64, write: Write) -> Result<(), StoreError>;

    /// As [`Store::note_key_uses`], for one use of a dev key; `sdk` is lower case.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn note_dev_key_use(&self, dev_key_sequence: i64, at: DateTime, sdk: Option<&str>) -> Result<(), StoreError>;

    /// Adds an entry to the audit log for something that changes nothing else in the store. No method changes or removes an entry,
    /// and the database refuses both.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    async fn record(&self, write: Write) -> Result<(), StoreError>;

    /// Adds entries about refusals to the audit log, all of them or none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn append_audit(&self, entries: Vec<NewAudit>) -> Result<(), StoreError>;

    /// A page of the audit log, newest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn audit(&self, query: AuditQuery) -> Result<Vec<AuditRecord>, StoreError>;
}
