//! The lookups of every request: a project by its id, a key by its secret or id. They run on the current thread, because handing a few
//! microseconds of work to another thread takes longer than the work.
//!
//! Found keys stay in memory. Each lookup first checks whether any process has committed since (see [`wal_index`]); if so, the table
//! `changes` lists the stale ones.

// INVARIANT: a cached answer is never older than the start of the lookup. Strict revocation therefore also holds when the command line
// writes to the file.

mod changes;
mod checks;
mod follow;
mod preload;
mod wal_index;

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use rusqlite::Connection;

pub(super) use self::wal_index::Watch;
use self::{changes::Changes, checks::Checks, follow::Following, preload::Preload};
use super::{KeyRecord, ProjectRecord, keys, open, projects};
use crate::{
    scope::DateTime,
    server::{
        auth::SecretHash,
        store::{
            StoreError,
            key_cache::{Cache, Found, StoredKey},
        },
    },
};

/// The page cache of a connection, in KiB; SQLite reads a negative number as KiB.
const CACHE_KIB: i64 = -4_096;
/// More connections than this do not help on any machine.
const MAX_CONNECTIONS: usize = 16;

/// The cache, and connections for lookups that miss it; a request takes any free connection.
pub(super) struct KeyCache {
    preload: Preload,
    // INVARIANT: closed before the watch; see [`Watch`].
    connections: Vec<Mutex<Connection>>,
    shared: Arc<Shared>,
}

/// The state that all threads share.
struct Shared {
    kept: RwLock<Following>,
    checks: Checks,
    watch: Arc<Watch>,
}

impl KeyCache {
    /// Opens as many connections as threads can use at the same time.
    pub(super) fn open(path: &Path, watch: Arc<Watch>) -> Result<Self, StoreError> {
        let connections = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_CONNECTIONS);
        let open = |_| {
            let connection = open::reader(path)?;
            // Never waits here: if the file is locked, the readers wait on their own threads.
            let settings = connection.busy_timeout(Duration::ZERO).and_then(|()| connection.pragma_update(None, "cache_size", CACHE_KIB));
            settings.map_err(|error| StoreError::Unavailable(error.to_string()))?;
            Ok(Mutex::new(connection))
        };
        let connections = (0..connections).map(open).collect::<Result<_, StoreError>>()?;
        let shared = Arc::new(Shared { kept: RwLock::default(), checks: Checks::default(), watch });
        Ok(Self { preload: Preload::new(path), connections, shared })
    }

    /// See [`Store::read_ahead`](super::Store::read_ahead).
    pub(super) fn read_ahead(&self, max_bytes: usize) {
        self.shared.write().kept.limit(max_bytes);
        self.preload.begin(&self.shared);
    }

    /// `None` if there is no immediate answer; then the caller uses the readers.
    pub(super) async fn key_by_secret(&self, secret: &SecretHash, now: DateTime) -> Option<Option<StoredKey>> {
        if let Some(found) = self.shared.kept(|kept| kept.by_secret(secret).map(|found| opened(found, now))).await {
            return Some(found);
        }
        let keep = |kept: &mut Cache, found: &Option<Found>| found.iter().for_each(|found| kept.keep_key(secret, found));
        let found = self.shared.look(&*self.connection()?, |connection| keys::find(connection, secret), keep)?;
        // What cannot be encoded, the readers report.
        let found = found.map(|found| StoredKey::new(secret, &found)).transpose().ok()?;
        Some(found.filter(|found| found.opens_at(now)))
    }

    /// The keys that are in memory, in the order of the secrets. One check of the file holds for all of them.
    pub(super) async fn keys_by_secrets(&self, secrets: &[SecretHash], now: DateTime) -> Vec<Option<Option<StoredKey>>> {
        let find = |kept: &Cache| Some(secrets.iter().map(|secret| kept.by_secret(secret).map(|found| opened(found, now))).collect());
        self.shared.kept(find).await.unwrap_or_default()
    }

    /// Like [`KeyCache::key_by_secret`].
    pub(super) async fn key(&self, project_id: &str, id: &str) -> Option<Option<KeyRecord>> {
        if let Some(found) = self.shared.kept(|kept| kept.by_name(project_id, id)).await {
            return Some(Some(found));
        }
        // Not cached: a cache entry needs a secret.
        keys::get(&*self.connection()?, project_id, id).ok()
    }

    /// Like [`KeyCache::key_by_secret`].
    pub(super) async fn project(&self, id: &str) -> Option<Option<ProjectRecord>> {
        if let Some(found) = self.shared.kept(|kept| kept.project(id)).await {
            return Some(Some((*found).clone()));
        }
        let keep = |kept: &mut Cache, found: &Option<ProjectRecord>| found.iter().for_each(|found| kept.keep_project(found));
        self.shared.look(&*self.connection()?, |connection| projects::get(connection, id), keep)
    }

    /// Returns both, if both are in memory.
    pub(super) async fn project_and_key(
        &self,
        id: &str,
        secret: &SecretHash,
        now: DateTime,
    ) -> Option<(Arc<ProjectRecord>, Option<StoredKey>)> {
        self.shared.kept(|kept| Some((kept.project(id)?, opened(kept.by_secret(secret)?, now)))).await
    }

    fn connection(&self) -> Option<MutexGuard<'_, Connection>> {
        // The readers report the error.
        self.shared.watch.in_place().ok()?;
        self.connections.iter().find_map(|connection| connection.try_lock().ok())
    }
}

/// The key, if its secret is valid at `now`.
fn opened(found: &StoredKey, now: DateTime) -> Option<StoredKey> {
    found.opens_at(now).then(|| found.clone())
}

impl Shared {
    /// Looks up in the cache, if it is as new as the file.
    async fn kept<T>(&self, find: impl FnOnce(&Cache) -> Option<T>) -> Option<T> {
        let arrived = self.checks.now();
        if self.checks.is_worth_waiting(arrived) {
            tokio::task::yield_now().await;
            let kept = self.read();
            if self.checks.have_proven(arrived) {
                return find(&kept.kept);
            }
        }
        let check = self.checks.begin();
        let state = self.watch.state();
        let kept = self.read();
        if !kept.is_as_new_as(state.as_ref()) {
            return None;
        }
        self.checks.prove(check);
        find(&kept.kept)
    }

    /// Looks up in the file, and caches the result unless it is already stale.
    fn look<T>(
        &self,
        connection: &Connection,
        find: impl FnOnce(&Connection) -> rusqlite::Result<T>,
        keep: impl FnOnce(&mut Cache, &T),
    ) -> Option<T> {
        let from = self.read().applied();
        // INVARIANT: read the state before the transaction, so that the transaction sees at least every change of this state.
        let state = self.watch.state();
        let transaction = connection.unchecked_transaction().ok()?;
        let changes = Changes::since(&transaction, from).ok()?;
        let found = find(&transaction).ok()?;
        drop(transaction);
        let mut kept = self.write();
        if kept.follow(&changes, state) {
            if changes.everything {
                self.checks.prove_nothing();
            }
            keep(&mut kept.kept, &found);
        }
        Some(found)
    }

    fn read(&self) -> RwLockReadGuard<'_, Following> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Following> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
