//! The lookups of every request: a project by its id, a key by its secret. What was found stays in memory, and one question to the
//! database, the freshness read, proves for all lookups that wait at the same time that it is still true.
//!
//! [`rounds`](self::rounds) says why. The parts that the database plays:
//! - Triggers write each change of a key, a secret or a project into the table `changes`, in the transaction that makes it
//!   (`migrations/009_changes.sql`).
//! - A read asks on one connection, of one session of one server. When that ends, the cache is cleared: another server may have lost
//!   transactions, and use their numbers again.
//! - Every read also proves that the server accepts writes, and that this process has not seen a newer primary.
//!
//! A lookup never waits for the connection of the cache. Without it, the lookup asks the database itself.

// INVARIANT: an answer is never older than the start of its lookup, except for the last use of a key (`accessed_at`, `sdks`), which is
// no change.

#[cfg(test)]
mod model;
mod prune;
mod queries;
mod rounds;
mod task;

use std::sync::{
    Arc, Mutex, PoisonError, RwLock, RwLockReadGuard,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use tokio::{
    runtime::Handle,
    sync::{
        mpsc::{self, Sender},
        oneshot,
    },
};

pub(super) use self::prune::PRUNE;
use self::task::Waiter;
use super::{ProjectRecord, connect::Connections};
use crate::server::{
    auth::SecretHash,
    store::key_cache::{Cache, StoredKey},
};

/// More waiting lookups than this ask the database themselves.
const MAX_WAITING: usize = 4096;
/// How often a lookup begins again if its row was dropped before it looked.
const ATTEMPTS: usize = 3;

/// See the module documentation.
pub(super) struct KeyCache {
    shared: Arc<Shared>,
    task: Mutex<Task>,
    answered: AtomicU64,
}

struct Shared {
    connections: Arc<Connections>,
    kept: RwLock<Cache>,
    reads_ahead: AtomicBool,
}

impl Shared {
    fn read(&self) -> RwLockReadGuard<'_, Cache> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn clear(&self) {
        self.kept.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// What a lookup has found.
#[derive(Default)]
pub(super) struct Lookup {
    pub project: Option<Arc<ProjectRecord>>,
    pub key: Option<StoredKey>,
}

impl KeyCache {
    pub(super) fn new(connections: &Arc<Connections>) -> Self {
        let shared = Shared { connections: connections.clone(), kept: RwLock::default(), reads_ahead: AtomicBool::new(false) };
        Self { shared: Arc::new(shared), task: Mutex::default(), answered: AtomicU64::new(0) }
    }

    /// See [`Store::read_ahead`](crate::server::store::Store::read_ahead). Before this, nothing is cached: a command looks up few keys.
    pub(super) fn read_ahead(&self, max_bytes: usize) {
        self.shared.kept.write().unwrap_or_else(PoisonError::into_inner).limit(max_bytes);
        self.shared.reads_ahead.store(true, Ordering::Relaxed);
        let _ = self.task.lock().unwrap_or_else(PoisonError::into_inner).running(&self.shared);
    }

    /// The number of lookups that were answered from memory.
    pub(super) fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// Drops keys whose last use was written, so that it is not written again.
    pub(super) fn forget(&self, sequences: impl Iterator<Item = i64>) {
        let mut kept = self.shared.kept.write().unwrap_or_else(PoisonError::into_inner);
        sequences.for_each(|sequence| kept.forget(sequence));
    }

    /// A project by its id and a key by its secret. `None` if there is no answer; then the caller asks the database.
    pub(super) async fn look_up(&self, id: Option<&str>, secret: Option<&SecretHash>) -> Option<Lookup> {
        // PostgreSQL stores no text with a zero character, and refuses the whole query.
        if id.is_some_and(|id| id.contains('\0')) || !self.shared.reads_ahead.load(Ordering::Relaxed) {
            return None;
        }
        for _ in 0..ATTEMPTS {
            let (answer, receiver) = oneshot::channel();
            let (project, key) = {
                let kept = self.shared.read();
                (id.filter(|id| !kept.has_project(id)), secret.filter(|secret| !kept.has_key(secret)))
            };
            let waiter = Waiter { project: project.map(str::to_owned), secret: key.cloned(), answer };
            self.send(waiter)?;
            let loaded = receiver.await.ok()?;
            let kept = self.shared.read();
            let project_there = id.filter(|_| project.is_none()).map(|id| kept.project(id));
            let key_there = secret.filter(|_| key.is_none()).map(|secret| kept.by_secret(secret).cloned());
            drop(kept);
            // Dropped in the meantime: it has changed, or made room.
            if matches!(project_there, Some(None)) || matches!(key_there, Some(None)) {
                continue;
            }
            self.answered.fetch_add(1, Ordering::Relaxed);
            return Some(Lookup { project: project_there.unwrap_or(loaded.project), key: key_there.unwrap_or(loaded.key) });
        }
        None
    }

    fn send(&self, waiter: Waiter) -> Option<()> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner).running(&self.shared)?.try_send(waiter).ok()
    }
}

/// The task, if it runs. It ends with the runtime that it began in; then the next lookup starts another one.
#[derive(Default)]
struct Task(Option<Sender<Waiter>>);

impl Task {
    /// `None` outside of a runtime.
    fn running(&mut self, shared: &Arc<Shared>) -> Option<&Sender<Waiter>> {
        if self.0.as_ref().is_none_or(Sender::is_closed) {
            let runtime = Handle::try_current().ok()?;
            let (waiters, waiting) = mpsc::channel(MAX_WAITING);
            // INVARIANT: of the connection of an earlier task, nothing is left.
            shared.clear();
            runtime.spawn(task::run(shared.clone(), waiting));
            self.0 = Some(waiters);
        }
        self.0.as_ref()
    }
}
