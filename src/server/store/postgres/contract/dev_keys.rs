//! Dev keys.

use async_trait::async_trait;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::{
            DevKeyChange, DevKeyRecord, DevKeyStore, NewDevKey, StoreError, Write,
            postgres::{
                PostgresStore, change,
                connect::{find, run},
                dev_keys,
            },
        },
    },
};

#[async_trait]
impl DevKeyStore for PostgresStore {
    async fn create_dev_key(&self, key: NewDevKey, write: Write) -> Result<DevKeyRecord, StoreError> {
        change!(self, write, client => dev_keys::create(client, &key, &write))
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
        change!(self, write, client => dev_keys::update(client, sequence, &change, &write))
    }

    async fn delete_dev_key(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        change!(self, write, client => dev_keys::delete(client, sequence, &write))
    }

    async fn record_dev_key_use(&self, dev_key_sequence: i64, at: DateTime, sdk: Option<&str>) -> Result<(), StoreError> {
        find!(self, client => dev_keys::record_use(client, dev_key_sequence, at, sdk))
    }
}
