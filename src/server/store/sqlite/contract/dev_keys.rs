//! Dev keys.

use async_trait::async_trait;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::{
            DevKeyChange, DevKeyRecord, DevKeyStore, NewDevKey, StoreError, Write,
            sqlite::{SqliteStore, dev_keys},
        },
    },
};

#[async_trait]
impl DevKeyStore for SqliteStore {
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

    async fn record_dev_key_use(&self, dev_key_sequence: i64, at: DateTime, sdk: Option<&str>) -> Result<(), StoreError> {
        let sdk = sdk.map(str::to_owned);
        self.writer.run(move |connection| dev_keys::record_use(connection, dev_key_sequence, at, sdk.as_deref())).await
    }
}
