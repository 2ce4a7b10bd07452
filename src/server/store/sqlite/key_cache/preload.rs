//! Preloads the cache: reads all keys once, in the background, until the cache is full.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, Once, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use rusqlite::Connection;

use super::Shared;
use crate::server::store::sqlite::{keys, open};

/// The number of keys that one transaction reads.
const BATCH: i64 = 128;

/// The background thread; dropping this ends it.
pub(super) struct Preload {
    path: PathBuf,
    once: Once,
    stop: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Preload {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), once: Once::new(), stop: Arc::default(), thread: Mutex::default() }
    }

    /// Starts on the first call.
    pub fn begin(&self, shared: &Arc<Shared>) {
        self.once.call_once(|| {
            let (path, stop, shared) = (self.path.clone(), self.stop.clone(), shared.clone());
            let read = move || open::reader(&path).map(|connection| read_all(&connection, &shared, &stop)).unwrap_or_default();
            // Without the preload, lookups are only slower.
            let thread = thread::Builder::new().name("keys".to_owned()).spawn(read).ok();
            *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = thread;
        });
    }
}

#[cfg(test)]
impl Preload {
    /// Waits until all keys are read.
    pub fn wait(&self) {
        if let Some(thread) = self.thread.lock().unwrap().take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Preload {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

/// Stops at a key that cannot be read: the error appears again when a request looks it up.
fn read_all(connection: &Connection, shared: &Shared, stop: &AtomicBool) {
    let mut after = 0;
    while !stop.load(Ordering::Relaxed) {
        let read = |connection: &Connection| keys::with_secrets(connection, after, BATCH);
        let mut is_full = false;
        let batch = shared.look(connection, read, |kept, batch| {
            for (secret, found) in batch {
                is_full |= kept.is_full();
                if !is_full {
                    kept.keep_key(secret, found);
                }
            }
        });
        match batch.as_ref().and_then(|batch| batch.last()) {
            Some((_, last)) if !is_full => after = last.key.sequence,
            _ => return,
        }
    }
}
