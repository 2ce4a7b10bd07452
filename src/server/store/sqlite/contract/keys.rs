//! API keys.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        query::Page,
        store::{
            Actor, KeyChange, KeyQuery, KeyRecord, KeyRotation, KeyStore, KeyUse, NewAudit, NewKey, ORGANIZATION_ID, OperationCount,
            ProjectRecord, ProjectStore, StoreError, StoredKey, Write,
            key_cache::Found,
            sqlite::{LIST_TIME, SqliteStore, keys, lifecycle, list, operations, query_timeout},
        },
    },
};

impl SqliteStore {
    /// A key of any project by a secret that is valid at `now`.
    async fn stored(&self, secret: &SecretHash, now: DateTime) -> Result<Option<StoredKey>, StoreError> {
        if let Some(found) = self.key_cache.key_by_secret(secret, now).await {
            return Ok(found);
        }
        let looked_up = secret.clone();
        let key = self.readers.run(move |connection| keys::by_secret(connection, &looked_up, now)).await?;
        key.map(|key| StoredKey::new(secret, &Found { key, valid_until: None })).transpose()
    }
}

#[async_trait]
impl KeyStore for SqliteStore {
    async fn create_key(&self, key: NewKey, write: Write) -> Result<KeyRecord, StoreError> {
        self.write(write, move |transaction, entry| keys::insert(transaction, &key, &entry.actor).map(Some)).await
    }

    async fn import_keys(&self, keys: Vec<NewKey>, write: Write) -> Result<Vec<usize>, StoreError> {
        // Reads taken ids and secrets first, in the same transaction: if there are any, it writes no key and no entry.
        let taken = Arc::new(Mutex::new(Vec::new()));
        let seen = taken.clone();
        let written = self.write_large(write, move |transaction, entry| {
            let found = lifecycle::import(transaction, &keys, &entry.actor)?;
            let none = found.is_empty().then_some(());
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = found;
            Ok(none)
        });
        let written = written.await;
        let taken = std::mem::take(&mut *taken.lock().unwrap_or_else(PoisonError::into_inner));
        if taken.is_empty() { written.map(|()| taken) } else { Ok(taken) }
    }

    async fn key_creators(&self, sequences: &[i64]) -> Result<Vec<(i64, Actor)>, StoreError> {
        let sequences = sequences.to_vec();
        self.readers.run(move |connection| keys::creators(connection, &sequences)).await
    }

    async fn key(&self, project_id: &str, id: &str) -> Result<Option<KeyRecord>, StoreError> {
        if let Some(found) = self.key_cache.key(project_id, id).await {
            return Ok(found);
        }
        let (project_id, id) = (project_id.to_owned(), id.to_owned());
        self.readers.run(move |connection| keys::get(connection, &project_id, &id)).await
    }

    async fn list_keys(&self, project_id: &str, query: KeyQuery) -> Result<Page<KeyRecord>, StoreError> {
        let project_id = project_id.to_owned();
        let turn = self.list_turns.turn(project_id.clone(), 1).await?;
        let page = move |connection: &mut _| {
            // The turn ends with the work, not with the client that waits for it.
            let _turn = turn;
            list::page(connection, &project_id, &query)
        };
        query_timeout::run(&self.lists, LIST_TIME, page).await
    }

    async fn count_keys(&self, project_id: &str, queries: Vec<KeyQuery>) -> Result<Vec<usize>, StoreError> {
        let project_id = project_id.to_owned();
        let turn = self.list_turns.turn(project_id.clone(), 1).await?;
        let counts = move |connection: &mut _| {
            let _turn = turn;
            list::counts(connection, &project_id, &queries)
        };
        query_timeout::run(&self.lists, LIST_TIME, counts).await
    }

    async fn key_by_secret(&self, secret: &SecretHash, now: DateTime) -> Result<Option<KeyRecord>, StoreError> {
        self.stored(secret, now).await?.map(|key| key.record()).transpose()
    }

    async fn keys_by_secrets(&self, secrets: &[SecretHash], now: DateTime) -> Result<Vec<Option<StoredKey>>, StoreError> {
        let mut kept = self.key_cache.keys_by_secrets(secrets, now).await;
        let mut found = Vec::with_capacity(secrets.len());
        for (place, secret) in secrets.iter().enumerate() {
            found.push(match kept.get_mut(place).and_then(Option::take) {
                Some(key) => key,
                None => self.stored(secret, now).await?,
            });
        }
        Ok(found)
    }

    async fn project_and_key(
        &self,
        id: &str,
        secret: &SecretHash,
        now: DateTime,
    ) -> Result<(Option<Arc<ProjectRecord>>, Option<StoredKey>), StoreError> {
        match self.key_cache.project_and_key(id, secret, now).await.filter(|_| id != ORGANIZATION_ID) {
            Some((project, key)) => Ok((Some(project), key)),
            None => Ok((self.project(id).await?.map(Arc::new), self.stored(secret, now).await?)),
        }
    }

    async fn update_key(&self, sequence: i64, change: KeyChange, write: Write) -> Result<KeyRecord, StoreError> {
        self.write(write, move |transaction, _| keys::update(transaction, sequence, &change)).await
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

    async fn delete_key(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        self.write(write, move |transaction, _| keys::delete(transaction, sequence)).await
    }

    async fn record_key_uses(&self, uses: Vec<KeyUse>) -> Result<(), StoreError> {
        self.writer.run(move |connection| keys::record_uses(connection, &uses)).await
    }

    async fn add_operation_counts(&self, counts: Vec<OperationCount>, since: i64) -> Result<(), StoreError> {
        self.writer.run(move |connection| operations::add(connection, &counts, since)).await
    }

    async fn operation_counts(&self, key_sequence: i64, since: i64) -> Result<Vec<OperationCount>, StoreError> {
        self.readers.run(move |connection| operations::of(connection, key_sequence, since)).await
    }

    async fn record_key_exposure(&self, key_sequence: i64, at: DateTime, entry: NewAudit) -> Result<bool, StoreError> {
        self.writer.run(move |connection| lifecycle::note_exposure(connection, key_sequence, at, &entry)).await
    }
}
