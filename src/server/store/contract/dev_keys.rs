//! Dev keys.

use async_trait::async_trait;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::{DevKeyChange, DevKeyRecord, NewDevKey, StoreError, Write},
    },
};

/// Dev keys. The promises of [`store`](crate::server::store) hold.
#[async_trait]
pub trait DevKeyStore: Send + Sync {
    /// Inserts a dev key.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the project has a dev key with this id, [`StoreError::ParentMissing`] if the project does not
    /// exist.
    async fn create_dev_key(&self, key: NewDevKey, write: Write) -> Result<DevKeyRecord, StoreError>;

    /// Finds a dev key of this project by its id.
    async fn dev_key(&self, project_id: &str, id: &str) -> Result<Option<DevKeyRecord>, StoreError>;

    /// Lists all dev keys of a project, oldest first.
    async fn dev_keys(&self, project_id: &str) -> Result<Vec<DevKeyRecord>, StoreError>;

    /// Finds a dev key of any project by its secret. It may have expired. Never returns an API key.
    async fn dev_key_by_secret(&self, secret: &SecretHash) -> Result<Option<DevKeyRecord>, StoreError>;

    /// Replaces the name and expiry of a dev key.
    async fn update_dev_key(&self, sequence: i64, change: DevKeyChange, write: Write) -> Result<DevKeyRecord, StoreError>;

    /// Deletes a dev key.
    async fn delete_dev_key(&self, sequence: i64, write: Write) -> Result<(), StoreError>;

    /// Like [`KeyStore::record_key_uses`](super::KeyStore::record_key_uses), for one use of a dev key; `sdk` is lower case.
    async fn record_dev_key_use(&self, dev_key_sequence: i64, at: DateTime, sdk: Option<&str>) -> Result<(), StoreError>;
}
