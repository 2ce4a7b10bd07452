//! API keys.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        query::Page,
        store::{
            Actor, KeyChange, KeyQuery, KeyRecord, KeyRotation, KeyUse, NewAudit, NewKey, OperationCount, ProjectRecord, StoreError,
            StoredKey, Write,
        },
    },
};

/// API keys. The promises of [`store`](crate::server::store) hold.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Inserts a key and the hash of its secret. Its creator is the actor of the audit entry.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the project has a key with this id, [`StoreError::ParentMissing`] if the project does not exist.
    async fn create_key(&self, key: NewKey, write: Write) -> Result<KeyRecord, StoreError>;

    /// Inserts many keys: all of them or none. Returns the positions in `keys`, in ascending order from 0, of those whose id or secret is
    /// taken, either in the store or earlier in the list. If there are any, it writes nothing.
    ///
    /// # Errors
    /// [`StoreError::ParentMissing`] if a project does not exist.
    async fn import_keys(&self, keys: Vec<NewKey>, write: Write) -> Result<Vec<usize>, StoreError>;

    /// Who created the keys with these sequences. Keys whose creator is not known are absent.
    async fn key_creators(&self, sequences: &[i64]) -> Result<Vec<(i64, Actor)>, StoreError>;

    /// Finds a key of this project by its id.
    async fn key(&self, project_id: &str, id: &str) -> Result<Option<KeyRecord>, StoreError>;

    /// Returns a page of the keys of a project. The result equals [`query::page`](crate::server::query::page) over all keys, but only
    /// the page is in memory.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if too many lists run at the same time, [`StoreError::Unavailable`] also if the query takes too long.
    async fn list_keys(&self, project_id: &str, query: KeyQuery) -> Result<Page<KeyRecord>, StoreError>;

    /// Returns how many keys of a project match the filters of each query: all of them, whatever limit the query has.
    ///
    /// # Errors
    /// As [`KeyStore::list_keys`].
    async fn count_keys(&self, project_id: &str, queries: Vec<KeyQuery>) -> Result<Vec<usize>, StoreError>;

    /// Finds a key of any project by a secret that is valid at `now`. The key itself may have expired.
    async fn key_by_secret(&self, secret: &SecretHash, now: DateTime) -> Result<Option<KeyRecord>, StoreError>;

    /// As [`KeyStore::key_by_secret`], for several secrets: the keys in the order of the secrets. One check of a cache serves all of them.
    async fn keys_by_secrets(&self, secrets: &[SecretHash], now: DateTime) -> Result<Vec<Option<StoredKey>>, StoreError>;

    /// Combines [`ProjectStore::project`](super::ProjectStore::project) and [`KeyStore::key_by_secret`]. Most requests need both.
    async fn project_and_key(
        &self,
        id: &str,
        secret: &SecretHash,
        now: DateTime,
    ) -> Result<(Option<Arc<ProjectRecord>>, Option<StoredKey>), StoreError>;

    /// Replaces the name, scopes and expiry of a key.
    async fn update_key(&self, sequence: i64, change: KeyChange, write: Write) -> Result<KeyRecord, StoreError>;

    /// Enables or disables a key.
    async fn set_key_enabled(&self, sequence: i64, enabled: bool, at: DateTime, write: Write) -> Result<KeyRecord, StoreError>;

    /// Gives a key a new secret and expiry. The previous secret stays valid until the overlap ends; older secrets end at once. Clears
    /// the mark that the key is exposed.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the secret is taken.
    async fn rotate_key(&self, sequence: i64, rotation: KeyRotation, write: Write) -> Result<KeyRecord, StoreError>;

    /// Ends the previous secret of a key at once.
    async fn end_key_overlap(&self, sequence: i64, at: DateTime, write: Write) -> Result<KeyRecord, StoreError>;

    /// Deletes a key and its secrets.
    async fn delete_key(&self, sequence: i64, write: Write) -> Result<(), StoreError>;

    /// Records when keys were used, and by which SDK. Never moves the last use of a key back, and skips deleted keys.
    async fn record_key_uses(&self, uses: Vec<KeyUse>) -> Result<(), StoreError>;

    /// Adds to the counts of operations, each of which is in the list once. Skips deleted keys. Forgets what the keys of the list have of
    /// days before `since`.
    async fn add_operation_counts(&self, counts: Vec<OperationCount>, since: i64) -> Result<(), StoreError>;

    /// The counts of a key from the day `since` on, by day and then by operation.
    async fn operation_counts(&self, key_sequence: i64, since: i64) -> Result<Vec<OperationCount>, StoreError>;

    /// Records that the secret of a key arrived from a browser, with the audit entry. Returns whether this is the first time since the
    /// key was created or rotated; only the first time is stored. Skips a deleted key.
    async fn record_key_exposure(&self, key_sequence: i64, at: DateTime, entry: NewAudit) -> Result<bool, StoreError>;
}
