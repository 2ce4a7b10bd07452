//! The look-ups that every request makes: a project by its id, a key by its secret or id. They are done on the spot, since
//! handing a few microseconds of work to another thread takes longer than the work.
//!
//! Keys that were found stay in memory. Each lookup first checks whether any process has committed since (see [`watch`]); if so, the table
//! `changes` lists which of them are old. A kept answer is therefore never older than the look-up, and
//! strict revocation holds, also where the command line writes to the file.

mod cache;
mod changes;
mod encoded;
mod preload;
mod wal_index;

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use rusqlite::Connection;

pub(super) use self::wal_index::Watch;
use self::{cache::Cache, changes::Changes, preload::Preload};
use super::{KeyRecord, ProjectRecord, keys, open, projects};
use crate::{
    scope::DateTime,
    server::{auth::SecretHash, store::StoreError},
};

/// Pages that a connection holds, in KiB; SQLite reads a negative number so.
const CACHE_KIB: i64 = -4_096;
/// More connections than this serve no machine better.
const MAX_SEATS: usize = 16;

/// What is kept, and connections to look up what is not; a request takes any that is free.
pub(super) struct KeyCache {
    warm: Preload,
    // Closed before the watch: see [`Watch`].
    seats: Vec<Mutex<Connection>>,
    shared: Arc<Shared>,
}

/// What the threads share.
struct Shared {
    kept: RwLock<Cache>,
    watch: Arc<Watch>,
}

impl KeyCache {
    /// As many connections as threads can use at a time.
    pub(super) fn open(path: &Path, watch: Arc<Watch>) -> Result<Self, StoreError> {
        let seats = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_SEATS);
        let seat = |_| {
            let connection = open::reader(path)?;
            // Never waits here: if the file is locked, the readers wait on their own threads.
            let settings = connection.busy_timeout(Duration::ZERO).and_then(|()| connection.pragma_update(None, "cache_size", CACHE_KIB));
            settings.map_err(|error| StoreError::Unavailable(error.to_string()))?;
            Ok(Mutex::new(connection))
        };
        let seats = (0..seats).map(seat).collect::<Result<_, StoreError>>()?;
        let shared = Arc::new(Shared { kept: RwLock::default(), watch });
        Ok(Self { warm: Preload::new(path), seats, shared })
    }

    /// See [`Store::read_ahead`](super::Store::read_ahead).
    pub(super) fn read_ahead(&self, max_bytes: usize) {
        self.shared.write().limit(max_bytes);
        self.warm.begin(&self.shared);
    }

    /// `None` where it cannot be told at once; then the readers are asked.
    pub(super) fn key_by_secret(&self, secret: &SecretHash, now: DateTime) -> Option<Option<KeyRecord>> {
        let opened = |found: keys::Found| found.opens_at(now).then_some(found.key);
        if let Some(found) = self.shared.kept(|kept| kept.by_secret(secret)) {
            return Some(opened(found));
        }
        let keep = |kept: &mut Cache, found: &Option<keys::Found>| found.iter().for_each(|found| kept.keep_key(secret, found));
        let found = self.shared.look(&*self.seat()?, |connection| keys::find(connection, secret), keep)?;
        Some(found.and_then(opened))
    }

    /// As [`KeyCache::key_by_secret`].
    pub(super) fn key(&self, project_id: &str, id: &str) -> Option<Option<KeyRecord>> {
        if let Some(found) = self.shared.kept(|kept| kept.by_name(project_id, id)) {
            return Some(Some(found));
        }
        // Not kept: that wants a secret.
        keys::get(&*self.seat()?, project_id, id).ok()
    }

    /// As [`KeyCache::key_by_secret`].
    pub(super) fn project(&self, id: &str) -> Option<Option<ProjectRecord>> {
        if let Some(found) = self.shared.kept(|kept| kept.project(id)) {
            return Some(Some((*found).clone()));
        }
        let keep = |kept: &mut Cache, found: &Option<ProjectRecord>| found.iter().for_each(|found| kept.keep_project(found));
        self.shared.look(&*self.seat()?, |connection| projects::get(connection, id), keep)
    }

    /// Both, where both are in memory.
    pub(super) fn project_and_key(&self, id: &str, secret: &SecretHash, now: DateTime) -> Option<(Arc<ProjectRecord>, Option<KeyRecord>)> {
        let (project, found) = self.shared.kept(|kept| Some((kept.project(id)?, kept.by_secret(secret)?)))?;
        Some((project, found.opens_at(now).then_some(found.key)))
    }

    fn seat(&self) -> Option<MutexGuard<'_, Connection>> {
        // The readers tell what is wrong.
        self.shared.watch.in_place().ok()?;
        self.seats.iter().find_map(|seat| seat.try_lock().ok())
    }
}

impl Shared {
    /// What is kept, where it is as new as the file.
    fn kept<T>(&self, find: impl FnOnce(&Cache) -> Option<T>) -> Option<T> {
        let state = self.watch.state();
        let kept = self.read();
        kept.is_as_new_as(state.as_ref()).then(|| find(&kept))?
    }

    /// Looks something up in the file, and keeps it where it is not old already.
    fn look<T>(
        &self,
        connection: &Connection,
        find: impl FnOnce(&Connection) -> rusqlite::Result<T>,
        keep: impl FnOnce(&mut Cache, &T),
    ) -> Option<T> {
        let from = self.read().applied();
        // Before the transaction, which therefore sees at least what this state has.
        let state = self.watch.state();
        let transaction = connection.unchecked_transaction().ok()?;
        let changes = Changes::since(&transaction, from).ok()?;
        let found = find(&transaction).ok()?;
        drop(transaction);
        let mut kept = self.write();
        if kept.follow(&changes, state) {
            keep(&mut kept, &found);
        }
        Some(found)
    }

    fn read(&self) -> RwLockReadGuard<'_, Cache> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Cache> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
