//! API keys.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::try_join_all;

use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        query::Page,
        store::{
            Actor, KeyChange, KeyQuery, KeyRecord, KeyRotation, KeyStore, KeyUse, NewAudit, NewKey, ORGANIZATION_ID, OperationCount,
            ProjectRecord, ProjectStore, StoreError, StoredKey, Write,
            key_cache::Found,
            postgres::{
                Lookup, Own, PostgresStore, change,
                connect::{find, run, store_error},
                key_reads, keys, lifecycle, list, operations,
            },
        },
    },
};

impl PostgresStore {
    /// A key of any project by a secret that is valid at `now`.
    async fn stored(&self, secret: &SecretHash, now: DateTime) -> Result<Option<StoredKey>, StoreError> {
        if let Some(Lookup { key, .. }) = self.key_cache.look_up(None, Some(secret)).await {
            return Ok(key.filter(|key| key.opens_at(now)));
        }
        let found: Result<Option<KeyRecord>, StoreError> = find!(self, client => keys::by_secret(client, secret, now));
        found?.map(|key| StoredKey::new(secret, &Found { key, valid_until: None })).transpose()
    }
}

#[async_trait]
impl KeyStore for PostgresStore {
    async fn create_key(&self, key: NewKey, write: Write) -> Result<KeyRecord, StoreError> {
        self.change(keys::create(key, write), keys::key).await
    }

    async fn import_keys(&self, keys: Vec<NewKey>, write: Write) -> Result<Vec<usize>, StoreError> {
        change!(self, write, client => lifecycle::import(client, &keys, &write))
    }

    async fn key_creators(&self, sequences: &[i64]) -> Result<Vec<(i64, Actor)>, StoreError> {
        find!(self, client => keys::creators(client, sequences))
    }

    async fn key(&self, project_id: &str, id: &str) -> Result<Option<KeyRecord>, StoreError> {
        if key_reads::is_plain(project_id, id) {
            let row = self.reads.ask((project_id.to_owned(), id.to_owned())).await?;
            return row.map(|row| keys::key(&row)).transpose().map_err(|error| store_error(&error));
        }
        find!(self, client => keys::get(client, project_id, id))
    }

    async fn list_keys(&self, project_id: &str, query: KeyQuery) -> Result<Page<KeyRecord>, StoreError> {
        let turn = self.lists.turn(project_id.to_owned(), 1).await?;
        let (own, project_id) = (Own { connections: self.connections.clone() }, project_id.to_owned());
        // PostgreSQL continues the statement after the client is gone: the slot and the connection are returned when it ends.
        let made = tokio::spawn(async move {
            let _turn = turn;
            run!(own, client => list::page(client, &project_id, &query), Ok(Page { total: 0, rows: Vec::new() }))
        });
        made.await.map_err(|_| StoreError::Unavailable("a list was broken off".to_owned()))?
    }

    async fn count_keys(&self, project_id: &str, queries: Vec<KeyQuery>) -> Result<Vec<usize>, StoreError> {
        let turn = self.lists.turn(project_id.to_owned(), 1).await?;
        let (own, project_id) = (Own { connections: self.connections.clone() }, project_id.to_owned());
        let made = tokio::spawn(async move {
            let _turn = turn;
            run!(own, client => list::counts(client, &project_id, &queries), Ok(vec![0; queries.len()]))
        });
        made.await.map_err(|_| StoreError::Unavailable("a count was broken off".to_owned()))?
    }

    async fn key_by_secret(&self, secret: &SecretHash, now: DateTime) -> Result<Option<KeyRecord>, StoreError> {
        self.stored(secret, now).await?.map(|key| key.record()).transpose()
    }

    async fn keys_by_secrets(&self, secrets: &[SecretHash], now: DateTime) -> Result<Vec<Option<StoredKey>>, StoreError> {
        // They wait together, so that one question to the database serves all of them.
        try_join_all(secrets.iter().map(|secret| self.stored(secret, now))).await
    }

    async fn project_and_key(
        &self,
        id: &str,
        secret: &SecretHash,
        now: DateTime,
    ) -> Result<(Option<Arc<ProjectRecord>>, Option<StoredKey>), StoreError> {
        if id != ORGANIZATION_ID
            && let Some(Lookup { project, key }) = self.key_cache.look_up(Some(id), Some(secret)).await
        {
            return Ok((project, key.filter(|key| key.opens_at(now))));
        }
        Ok((self.project(id).await?.map(Arc::new), self.stored(secret, now).await?))
    }

    async fn update_key(&self, sequence: i64, change: KeyChange, write: Write) -> Result<KeyRecord, StoreError> {
        self.change(keys::update(sequence, change, write), keys::key).await
    }

    async fn set_key_enabled(&self, sequence: i64, enabled: bool, at: DateTime, write: Write) -> Result<KeyRecord, StoreError> {
        self.change(lifecycle::set_enabled(sequence, enabled, at, write), keys::key).await
    }

    async fn rotate_key(&self, sequence: i64, rotation: KeyRotation, write: Write) -> Result<KeyRecord, StoreError> {
        change!(self, write, client => lifecycle::rotate(client, sequence, &rotation, &write))
    }

    async fn end_key_overlap(&self, sequence: i64, at: DateTime, write: Write) -> Result<KeyRecord, StoreError> {
        change!(self, write, client => lifecycle::end_overlap(client, sequence, at, &write))
    }

    async fn delete_key(&self, sequence: i64, write: Write) -> Result<(), StoreError> {
        self.change(keys::delete(sequence, write), |_| Ok(())).await
    }

    async fn record_key_uses(&self, uses: Vec<KeyUse>) -> Result<(), StoreError> {
        let written: Result<(), StoreError> = run!(self, client => keys::record_uses(client, &uses));
        written?;
        self.key_cache.forget(uses.iter().map(|used| used.key_sequence));
        Ok(())
    }

    async fn add_operation_counts(&self, counts: Vec<OperationCount>, since: i64) -> Result<(), StoreError> {
        run!(self, client => operations::add(client, &counts, since))
    }

    async fn operation_counts(&self, key_sequence: i64, since: i64) -> Result<Vec<OperationCount>, StoreError> {
        run!(self, client => operations::of(client, key_sequence, since))
    }

    async fn record_key_exposure(&self, key_sequence: i64, at: DateTime, entry: NewAudit) -> Result<bool, StoreError> {
        run!(self, client => lifecycle::note_exposure(client, key_sequence, at, &entry))
    }
}
