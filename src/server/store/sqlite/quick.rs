//! Owns the look-ups that every request makes: a project by its id, a key by its secret or id. They are done on the spot, since
//! handing a few microseconds of work to another thread takes longer than the work.
//!
//! What was found is kept for as long as nothing at all was written to the file, by whatever connection of whatever process: each
//! look-up begins with `PRAGMA data_version`, which opens a read transaction and so sees every commit before it. A kept answer is
//! therefore never older than the look-up, and strict revocation holds, also where the command line writes to the file.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension};

use super::{KeyRecord, ProjectRecord, keys, open, projects};
use crate::{
    scope::DateTime,
    server::{auth::SecretHash, store::StoreError},
};

/// Beyond this many keys or projects, a connection forgets those that it kept. About 4 MB for each connection.
const KEPT: usize = 4096;
/// Pages that a connection holds, in KiB; SQLite reads a negative number so.
const CACHE_KIB: i64 = -16_384;
/// More connections than this serve no machine better.
const MAX_SEATS: usize = 16;

/// Connections with what they found last; a request takes any that is free.
pub(super) struct Quick {
    seats: Vec<Mutex<Seat>>,
}

struct Seat {
    connection: Connection,
    /// SQLite's number for the state of the file, as this connection counts it.
    version: i64,
    keys: HashMap<SecretHash, keys::Found>,
    projects: HashMap<String, ProjectRecord>,
}

impl Quick {
    /// As many connections as threads can use at a time.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let seats = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_SEATS);
        let seat = |_| {
            let connection = open::reader(path)?;
            // Nobody waits here: where the file is locked, the readers wait on their own threads.
            let settings = connection.busy_timeout(Duration::ZERO).and_then(|()| connection.pragma_update(None, "cache_size", CACHE_KIB));
            settings.map_err(|error| StoreError::Unavailable(error.to_string()))?;
            Ok(Mutex::new(Seat { connection, version: 0, keys: HashMap::new(), projects: HashMap::new() }))
        };
        Ok(Self { seats: (0..seats).map(seat).collect::<Result<_, StoreError>>()? })
    }

    /// `None` where it cannot be told at once; then the readers are asked.
    pub(super) fn key_by_secret(&self, secret: &SecretHash, now: DateTime) -> Option<Option<KeyRecord>> {
        let mut seat = self.seat()?;
        let seat = &mut *seat;
        seat.refresh().ok()?;
        if !seat.keys.contains_key(secret) {
            let Some(found) = keys::find(&seat.connection, secret).ok()? else { return Some(None) };
            if seat.keys.len() >= KEPT {
                seat.keys.clear();
            }
            seat.keys.insert(secret.clone(), found);
        }
        Some(seat.keys.get(secret).filter(|found| found.opens_at(now)).map(|found| found.key.clone()))
    }

    /// As [`Quick::key_by_secret`].
    pub(super) fn project(&self, id: &str) -> Option<Option<ProjectRecord>> {
        let mut seat = self.seat()?;
        let seat = &mut *seat;
        seat.refresh().ok()?;
        if let Some(kept) = seat.projects.get(id) {
            return Some(Some(kept.clone()));
        }
        let found = projects::get(&seat.connection, id).ok()?;
        if let Some(found) = &found {
            if seat.projects.len() >= KEPT {
                seat.projects.clear();
            }
            seat.projects.insert(id.to_owned(), found.clone());
        }
        Some(found)
    }

    /// As [`Quick::key_by_secret`]; nothing is kept.
    pub(super) fn key(&self, project_id: &str, id: &str) -> Option<Option<KeyRecord>> {
        keys::get(&self.seat()?.connection, project_id, id).ok()
    }

    fn seat(&self) -> Option<MutexGuard<'_, Seat>> {
        self.seats.iter().find_map(|seat| seat.try_lock().ok())
    }
}

impl Seat {
    /// Forgets what was found before somebody wrote.
    fn refresh(&mut self) -> rusqlite::Result<()> {
        let version = self.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0)).optional()?;
        if version != Some(self.version) {
            self.keys.clear();
            self.projects.clear();
            self.version = version.unwrap_or_default();
        }
        Ok(())
    }
}
