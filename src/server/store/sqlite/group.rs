//! Group commit: changes that wait for the connection that writes are written in one transaction, so that they wait for the disk together.
//!
//! Each change is checked, made and audited in its arrival order, and sees the changes before it. One that is refused or fails is undone
//! alone. No change is answered before the commit.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::{select, sync::oneshot};

use super::pool::{Pool, store_error, unavailable};
use crate::server::store::StoreError;

/// The maximum number of changes in one transaction.
const MAX_TOGETHER: usize = 64;

/// A change with a place for its result. It can be made again after its transaction is undone.
pub(super) trait Change: Send {
    /// Whether it may change any number of rows. Then it has a transaction of its own.
    fn is_large(&self) -> bool;

    /// Makes the change in a transaction. `false` if it is refused; then what it wrote is undone.
    fn make(&mut self, transaction: &Connection) -> rusqlite::Result<bool>;

    /// Sends the result to the waiting request, after the commit.
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// Changes in their arrival order, each with a number of its own.
type Numbered = VecDeque<(u64, Box<dyn Change>)>;

/// The changes that wait.
#[derive(Clone, Default)]
pub(super) struct Group {
    waiting: Arc<Mutex<Numbered>>,
    count: Arc<AtomicU64>,
}

/// A waiting change, which is withdrawn when this is dropped, unless its transaction has begun.
struct Waiting<'a> {
    group: &'a Group,
    number: u64,
}

impl Waiting<'_> {
    /// `false` if the transaction has begun.
    fn withdraw(&self) -> bool {
        let mut waiting = self.group.lock();
        let before = waiting.len();
        waiting.retain(|(number, _)| *number != self.number);
        waiting.len() < before
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.withdraw();
    }
}

impl Group {
    fn lock(&self) -> MutexGuard<'_, Numbered> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the first change that waits is large; `None` if none waits.
    fn begins_large(&self) -> Option<bool> {
        self.lock().front().map(|(_, change)| change.is_large())
    }

    /// The changes of one transaction: a large one, or small ones.
    fn take(&self, large: bool) -> Vec<Box<dyn Change>> {
        let mut waiting = self.lock();
        let most = if large { 1 } else { MAX_TOGETHER };
        let count = waiting.iter().take(most).take_while(|(_, change)| change.is_large() == large).count();
        waiting.drain(..count).map(|(_, change)| change).collect()
    }

    /// Waits until the change is written, by this call or along with another one.
    pub(super) async fn write<T>(
        &self,
        writer: &Pool,
        change: Box<dyn Change>,
        mut answer: oneshot::Receiver<Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        self.lock().push_back((number, change));
        let waiting = Waiting { group: self, number };
        loop {
            let group = self.clone();
            let ran = select! {
                biased;
                answer = &mut answer => return answer.unwrap_or_else(|_| Err(broken_off())),
                ran = writer.run(move |connection| write_all(connection, &group)) => ran,
            };
            // After a success, the loop finds the answer; or more changes waited than one transaction takes.
            if let Err(error) = ran {
                return if waiting.withdraw() { Err(error) } else { answer.await.unwrap_or_else(|_| Err(broken_off())) };
            }
        }
    }
}

fn broken_off() -> StoreError {
    unavailable("a change was broken off")
}

/// Writes the changes that wait when the transaction begins.
fn write_all(connection: &mut Connection, group: &Group) -> rusqlite::Result<()> {
    // Those that waited for the connection may have been written meanwhile.
    let Some(large) = group.begins_large() else { return Ok(()) };
    // To undo one change alone, SQLite keeps the pages as they were before it. Of a small change they are some dozens, and writing them
    // to a temporary file would take longer than the change.
    connection.pragma_update(None, "temp_store", if large { "FILE" } else { "MEMORY" })?;
    let changes = {
        let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Empty if the first one was withdrawn, and the next one is not of its size.
        let mut changes = group.take(large);
        match make_all(&mut transaction, &mut changes).and_then(|outcomes| transaction.commit().map(|()| outcomes)) {
            Ok(outcomes) => {
                changes.into_iter().zip(outcomes).for_each(|(change, outcome)| change.answer(outcome));
                return Ok(());
            }
            Err(error) if changes.len() < 2 => {
                changes.into_iter().for_each(|change| change.answer(Err(store_error(&error))));
                return Ok(());
            }
            // The database has undone all of them, because of one or of the disk.
            Err(_) => changes,
        }
    };
    for mut change in changes {
        let outcome = write_one(connection, &mut *change).map_err(|error| store_error(&error));
        change.answer(outcome);
    }
    Ok(())
}

fn make_all(transaction: &mut rusqlite::Transaction<'_>, changes: &mut [Box<dyn Change>]) -> rusqlite::Result<Vec<Result<(), StoreError>>> {
    let mut outcomes = Vec::with_capacity(changes.len());
    for change in changes {
        let savepoint = transaction.savepoint()?;
        let made = change.make(&savepoint);
        if matches!(made, Ok(true)) {
            savepoint.commit()?;
        } else {
            // Fails if the error has undone the whole transaction.
            savepoint.finish()?;
        }
        outcomes.push(made.map(drop).map_err(|error| store_error(&error)));
    }
    Ok(outcomes)
}

fn write_one(connection: &mut Connection, change: &mut dyn Change) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if change.make(&transaction)? {
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf, pin::Pin, sync::mpsc, task::Poll};

    use futures_util::{future::join_all, poll};

    use crate::{
        scope::DateTime,
        server::{
            auth::SecretHash,
            store::{
                Action, Actor, ActorKind, AuditQuery, AuditStore, Basis, KeyChange, KeyRecord, KeyStore, NewAudit, NewKey, NewProject,
                Outcome, ProjectStore, StoreError, Write, sqlite::SqliteStore,
            },
        },
    };

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("scopewise-group-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        /// A store with the project `p`.
        async fn store(&self) -> SqliteStore {
            let store = SqliteStore::open(&self.0.join("test.db")).unwrap();
            let project = NewProject { id: "p".parse().unwrap(), name: "P".parse().unwrap(), created_at: at() };
            store.create_project(project, write("p")).await.unwrap();
            store
        }

        /// The number of commits since the file was opened.
        fn commits(&self) -> u32 {
            let index = fs::read(self.0.join("test.db-shm")).unwrap();
            u32::from_ne_bytes(index[8..12].try_into().unwrap())
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn at() -> DateTime {
        DateTime::from_unix_milliseconds(0)
    }

    /// A change without a basis; its entry names the target.
    fn write(target: &str) -> Write {
        let actor = Actor::only(ActorKind::CommandLine);
        let (project, detail, ip) = (None, String::new(), String::new());
        let (action, outcome) = (Action::KeyCreate, Outcome::Success);
        Write::from(NewAudit { at: at(), project, actor, action, target_id: target.to_owned(), outcome, detail, ip })
    }

    /// A change that depends on this key.
    fn judged_by(target: &str, key: &KeyRecord) -> Write {
        Write { basis: Basis { keys: vec![key.version()], ..Basis::default() }, ..write(target) }
    }

    fn key(project: &str, id: &str) -> NewKey {
        NewKey {
            project_id: project.to_owned(),
            id: id.parse().unwrap(),
            name: id.parse().unwrap(),
            description: String::new(),
            scopes: Vec::new(),
            secret: SecretHash::of(id),
            hint: String::new(),
            expire: None,
            created_at: at(),
        }
    }

    fn change(name: &str) -> KeyChange {
        KeyChange { name: name.parse().unwrap(), description: None, scopes: Vec::new(), expire: None, updated_at: at() }
    }

    /// The targets of the entries that are about no project, oldest first.
    async fn log(store: &SqliteStore) -> Vec<String> {
        let entries = store.audit(AuditQuery { limit: 100, ..AuditQuery::default() }).await.unwrap();
        entries.into_iter().rev().map(|record| record.entry.target_id).collect()
    }

    /// Keeps the connection that writes until the sender is dropped.
    async fn hold(store: &SqliteStore) -> mpsc::Sender<()> {
        let ((release, released), writer) = (mpsc::channel::<()>(), store.writer.clone());
        let (begin, begun) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let wait = move |_: &mut rusqlite::Connection| {
                let _ = begin.send(());
                let _ = released.recv();
                Ok(())
            };
            writer.run(wait).await
        });
        begun.await.unwrap();
        release
    }

    /// All changes wait before the first one begins. Returns what came of each, and the number of commits.
    async fn together<T>(folder: &Folder, store: &SqliteStore, changes: Vec<impl Future<Output = T>>) -> (Vec<T>, u32) {
        let held = hold(store).await;
        let before = folder.commits();
        let mut all = std::pin::pin!(join_all(changes));
        assert!(poll!(&mut all).is_pending());
        drop(held);
        let done = all.await;
        (done, folder.commits() - before)
    }

    #[tokio::test]
    async fn changes_that_wait_share_one_commit_in_their_order() {
        let folder = Folder::new("order");
        let store = folder.store().await;
        let ids: Vec<String> = (0..40).map(|n| format!("k{}", n * 7 % 40)).collect();
        let changes = ids.iter().map(|id| store.create_key(key("p", id), write(id))).collect();
        let (made, commits) = together(&folder, &store, changes).await;
        let made: Vec<String> = made.into_iter().map(|made| made.unwrap().id).collect();
        assert_eq!(made, ids);
        assert_eq!((log(&store).await, commits), (ids, 1));
    }

    #[tokio::test]
    async fn more_changes_than_one_transaction_takes_are_all_written() {
        let folder = Folder::new("many");
        let store = folder.store().await;
        let ids: Vec<String> = (0..150).map(|n| format!("k{n}")).collect();
        let changes = ids.iter().map(|id| store.create_key(key("p", id), write(id))).collect();
        let (made, commits) = together(&folder, &store, changes).await;
        assert!(made.iter().all(Result::is_ok));
        assert_eq!(commits, 3);
    }

    #[tokio::test]
    async fn a_change_of_any_number_of_rows_has_a_transaction_of_its_own() {
        let folder = Folder::new("large");
        let store = folder.store().await;
        let project = store.project("p").await.unwrap().unwrap();
        let changes: Vec<Pin<Box<dyn Future<Output = bool>>>> = vec![
            Box::pin(async { store.create_key(key("p", "a"), write("a")).await.is_ok() }),
            Box::pin(async { store.create_key(key("p", "b"), write("b")).await.is_ok() }),
            Box::pin(async { store.import_keys(vec![key("p", "c"), key("p", "d")], write("import")).await.is_ok() }),
            Box::pin(async { store.create_key(key("p", "e"), write("e")).await.is_ok() }),
            Box::pin(async { store.delete_project(project.sequence, write("project")).await.is_ok() }),
        ];
        let (made, commits) = together(&folder, &store, changes).await;
        assert_eq!(made, [true; 5]);
        assert_eq!((log(&store).await, commits), (["a", "b", "import", "e", "project"].map(str::to_owned).to_vec(), 4));
    }

    #[tokio::test]
    async fn of_changes_in_one_transaction_each_is_refused_or_undone_alone() {
        let folder = Folder::new("alone");
        let store = folder.store().await;
        let (a, b) =
            (store.create_key(key("p", "a"), write("a")).await.unwrap(), store.create_key(key("p", "b"), write("b")).await.unwrap());
        let held = hold(&store).await;
        let before = folder.commits();
        let work = async {
            tokio::join!(
                store.update_key(a.sequence, change("first"), judged_by("first", &a)),
                // The change before has made a newer version.
                store.update_key(a.sequence, change("second"), judged_by("second", &a)),
                store.create_key(key("p", "a"), write("twice")),
                store.create_key(key("gone", "c"), write("no project")),
                // Fails after it has written.
                store.write(write("fails"), |transaction, _| -> rusqlite::Result<Option<()>> {
                    transaction.execute("UPDATE keys SET name = 'x', version = version + 1", [])?;
                    Err(rusqlite::Error::InvalidQuery)
                }),
                store.delete_key(b.sequence, judged_by("delete", &b)),
                store.create_key(key("p", "c"), judged_by("by a deleted key", &b)),
                store.create_key(key("p", "d"), write("d")),
            )
        };
        let mut work = std::pin::pin!(work);
        assert!(poll!(&mut work).is_pending());
        drop(held);
        let (first, second, twice, no_project, fails, delete, by_deleted, d) = work.await;
        assert_eq!((first.unwrap().name, d.unwrap().id), ("first".parse().unwrap(), "d".to_owned()));
        delete.unwrap();
        assert!(matches!(second, Err(StoreError::Stale)) && matches!(by_deleted, Err(StoreError::Stale)));
        assert!(matches!(twice, Err(StoreError::Duplicate)) && matches!(no_project, Err(StoreError::ParentMissing)));
        assert!(matches!(fails, Err(StoreError::Unavailable(_))));
        assert_eq!(log(&store).await, ["a", "b", "first", "delete", "d"]);
        assert_eq!((store.key("p", "a").await.unwrap().unwrap().version, store.key("p", "b").await.unwrap()), (2, None));
        assert_eq!(folder.commits() - before, 1);
    }

    #[tokio::test]
    async fn where_one_change_undoes_the_transaction_the_others_are_written_without_it() {
        let folder = Folder::new("undone");
        let store = folder.store().await;
        let held = hold(&store).await;
        let work = async {
            tokio::join!(
                store.create_key(key("p", "a"), write("a")),
                // As SQLite does when the disk is full.
                store.write(write("b"), |transaction, _| -> rusqlite::Result<Option<()>> {
                    transaction.execute_batch("ROLLBACK")?;
                    Err(rusqlite::Error::InvalidQuery)
                }),
                store.create_key(key("p", "c"), write("c")),
            )
        };
        let mut work = std::pin::pin!(work);
        assert!(poll!(&mut work).is_pending());
        drop(held);
        let (a, b, c) = work.await;
        assert!(a.is_ok() && b.is_err() && c.is_ok(), "{a:?} {b:?} {c:?}");
        assert_eq!(log(&store).await, ["a", "c"]);
    }

    #[tokio::test]
    async fn a_change_whose_request_ends_while_it_waits_is_not_written() {
        let folder = Folder::new("gone");
        let store = folder.store().await;
        let held = hold(&store).await;
        let mut gone = Box::pin(store.create_key(key("p", "gone"), write("gone")));
        let mut stays = Box::pin(store.create_key(key("p", "stays"), write("stays")));
        assert!(matches!((poll!(&mut gone), poll!(&mut stays)), (Poll::Pending, Poll::Pending)));
        drop(gone);
        drop(held);
        stays.await.unwrap();
        assert_eq!(log(&store).await, ["stays"]);
    }

    #[tokio::test]
    async fn all_changes_fail_if_another_file_takes_the_place() {
        let folder = Folder::new("moved");
        let store = folder.store().await;
        fs::rename(folder.0.join("test.db"), folder.0.join("other.db")).unwrap();
        let changes = ["a", "b", "c"].map(|id| store.create_key(key("p", id), write(id)));
        for made in join_all(changes).await {
            assert!(matches!(made, Err(StoreError::Moved { .. })), "{made:?}");
        }
        assert!(store.group.lock().is_empty());
    }
}
