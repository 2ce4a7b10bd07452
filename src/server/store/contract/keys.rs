//! API keys.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        query::Page,
        store::{KeyChange, KeyQuery, KeyRecord, KeyRotation, KeyUse, NewAudit, NewKey, ProjectRecord, StoreError, Write},
    },
};

/// API keys. The promises of [`store`](crate::server::store) hold.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Keeps a new key and the hash of its secret.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] for an id that the project has already, [`StoreError::ParentMissing`] where the project does not exist.
    async fn create_key(&self, key: NewKey, write: Write) -> Result<KeyRecord, StoreError>;

    /// Keeps many new keys, all of them or none. Answers with the positions in `keys`, from 0, in order, of those whose id the
    /// project has already, or whose secret there is already, in the store or earlier in the list; where there is any, nothing is
    /// written.
    ///
    /// # Errors
    /// [`StoreError::ParentMissing`] where a project does not exist.
    async fn import_keys(&self, keys: Vec<NewKey>, write: Write) -> Result<Vec<usize>, StoreError>;

    /// The key of this project with this id.
    async fn key(&self, project_id: &str, id: &str) -> Result<Option<KeyRecord>, StoreError>;

    /// A page of the keys of a project: what [`query::page`](crate::server::query::page) answers of all of them, without holding more of
    /// them than the page.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] also for a query that takes too long.
    async fn list_keys(&self, project_id: &str, query: KeyQuery) -> Result<Page<KeyRecord>, StoreError>;

    /// The key that a secret opens at `now`, of whatever project. Says nothing of the key's own expiry.
    async fn key_by_secret(&self, secret: &SecretHash, now: DateTime) -> Result<Option<KeyRecord>, StoreError>;

    /// What most requests want: the project with this id, and the key that a secret opens at `now`, of whatever project. As
    /// [`ProjectStore::project`](super::ProjectStore::project) and [`KeyStore::key_by_secret`], in one go.
    async fn project_and_key(
        &self,
        id: &str,
        secret: &SecretHash,
        now: DateTime,
    ) -> Result<(Option<Arc<ProjectRecord>>, Option<KeyRecord>), StoreError>;

    /// Replaces name, scopes and expiry of a key.
    async fn update_key(&self, sequence: i64, change: KeyChange, write: Write) -> Result<KeyRecord, StoreError>;

    /// Switches a key on or off.
    async fn set_key_enabled(&self, sequence: i64, enabled: bool, at: DateTime, write: Write) -> Result<KeyRecord, StoreError>;

    /// Gives a key a new secret and an expiry. The secret before it stays valid until the overlap ends; secrets older than that one
    /// end at once. The key counts as not exposed any more.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] for a secret that there is.
    async fn rotate_key(&self, sequence: i64, rotation: KeyRotation, write: Write) -> Result<KeyRecord, StoreError>;

    /// Ends the secret before the last rotation of a key at once.
    async fn end_key_overlap(&self, sequence: i64, at: DateTime, write: Write) -> Result<KeyRecord, StoreError>;

    /// Removes a key with its secrets.
    async fn delete_key(&self, sequence: i64, write: Write) -> Result<(), StoreError>;

    /// Notes when keys were used, and by which SDK. Never moves the last use of a key back; a key that is gone is passed over.
    async fn note_key_uses(&self, uses: Vec<KeyUse>) -> Result<(), StoreError>;

    /// Notes that the secret of a key has arrived from a browser, with the entry, and answers whether it was the first time since the
    /// key was made or rotated; only the first time is kept. A key that is gone is passed over.
    async fn note_key_exposure(&self, key_sequence: i64, at: DateTime, entry: NewAudit) -> Result<bool, StoreError>;
}
