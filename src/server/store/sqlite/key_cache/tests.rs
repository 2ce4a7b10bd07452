//! The cache is never older than the file.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicBool, AtomicI64, Ordering},
    thread,
};

use futures_util::future::join_all;

use super::{checks::Moment, *};
use crate::{
    key::Policy,
    scope::ScopeName,
    server::store::{
        Action, Actor, ActorKind, Basis, KeyChange, KeyRotation, KeyStore, KeyUse, NewAudit, NewKey, NewProject, Outcome, ProjectStore,
        Store, Write, sqlite::SqliteStore,
    },
};

fn start() -> DateTime {
    DateTime::from_unix_milliseconds(0)
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("scopewise-quick-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.0.join("test.db")).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn new_key(project: &str, id: &str) -> NewKey {
    NewKey {
        project_id: project.to_owned(),
        id: id.parse().unwrap(),
        name: id.parse().unwrap(),
        description: String::new(),
        scopes: vec!["users.read".parse().unwrap()],
        secret: SecretHash::of(id),
        hint: String::new(),
        expire: None,
        created_at: start(),
    }
}

/// A change without a basis.
fn write() -> Write {
    let entry = NewAudit {
        at: start(),
        project: None,
        actor: Actor::only(ActorKind::CommandLine),
        action: Action::KeyUpdate,
        target_id: String::new(),
        outcome: Outcome::Success,
        detail: String::new(),
        ip: String::new(),
    };
    Write { basis: Basis::default(), entry }
}

/// The sequence of a key of `shop`.
async fn of(store: &SqliteStore, id: &str) -> i64 {
    store.key("shop", id).await.unwrap().unwrap().sequence
}

async fn update(store: &SqliteStore, id: &str, change: KeyChange) {
    store.update_key(of(store, id).await, change, write()).await.unwrap();
}

async fn shop_sequence(store: &SqliteStore) -> i64 {
    store.project("shop").await.unwrap().unwrap().sequence
}

async fn shop(store: &SqliteStore, keys: usize) {
    let project = NewProject { id: "shop".parse().unwrap(), name: "Shop".parse().unwrap(), created_at: start() };
    store.create_project(project, write()).await.unwrap();
    let keys = (0..keys).map(|n| new_key("shop", &format!("key{n}"))).collect();
    assert!(store.import_keys(keys, write()).await.unwrap().is_empty());
}

fn change(scope: &str, at: i64) -> KeyChange {
    KeyChange {
        name: "n".parse().unwrap(),
        description: None,
        scopes: vec![scope.parse().unwrap()],
        expire: None,
        updated_at: DateTime::from_unix_milliseconds(at),
    }
}

/// Whether the key is in the cache, and the cache is as new as the file.
async fn is_kept(store: &SqliteStore, id: &str) -> bool {
    store.key_cache.shared.kept(|kept| kept.by_secret(&SecretHash::of(id)).map(drop)).await.is_some()
}

async fn scopes(store: &SqliteStore, id: &str) -> Vec<ScopeName> {
    store.key_by_secret(&SecretHash::of(id), start()).await.unwrap().unwrap().scopes
}

/// Brings the cache up to date with the file, without a lookup of a key.
async fn catch_up(store: &SqliteStore) {
    assert!(store.project("nothing").await.unwrap().is_none());
}

#[tokio::test]
async fn a_write_evicts_only_the_changed_key() {
    let folder = Folder::new("one");
    let (store, other) = (folder.open(), folder.open());
    shop(&store, 3).await;
    for id in ["key0", "key1", "key2"] {
        assert_eq!(scopes(&store, id).await, ["users.read"]);
        assert!(is_kept(&store, id).await);
    }
    // Changes by this process, and by another one.
    update(&store, "key0", change("rows.read", 2)).await;
    update(&other, "key1", change("teams.read", 2)).await;
    assert!(!is_kept(&store, "key2").await, "before a lookup, the cache is not as new as the file");
    catch_up(&store).await;
    assert!(is_kept(&store, "key2").await && !is_kept(&store, "key0").await && !is_kept(&store, "key1").await);
    assert_eq!(scopes(&store, "key0").await, ["rows.read"]);
    assert_eq!(scopes(&store, "key1").await, ["teams.read"]);
    assert_eq!(store.key("shop", "key1").await.unwrap().unwrap().scopes, ["teams.read"]);
}

#[tokio::test]
async fn every_kind_of_write_is_detected() {
    let folder = Folder::new("kinds");
    let (store, other) = (folder.open(), folder.open());
    shop(&store, 6).await;
    let sequence = |key: KeyRecord| key.sequence;
    let at = DateTime::from_unix_milliseconds(1);
    for n in 0..6 {
        let id = format!("key{n}");
        let key = store.key_by_secret(&SecretHash::of(&id), start()).await.unwrap().unwrap();
        assert!(is_kept(&store, &id).await);
        match n {
            0 => other.delete_key(key.sequence, write()).await.unwrap(),
            1 => assert!(!other.set_key_enabled(key.sequence, false, at, write()).await.unwrap().enabled),
            2 => {
                let used = KeyUse { key_sequence: sequence(key), at, sdk: Some("rust".to_owned()) };
                other.record_key_uses(vec![used]).await.unwrap();
            }
            3 => assert!(other.record_key_exposure(sequence(key), at, write().entry).await.unwrap()),
            4 => {
                let rotation = KeyRotation {
                    secret: SecretHash::of("new"),
                    hint: String::new(),
                    overlap_until: Some(at),
                    expire: None,
                    rotated_at: start(),
                };
                other.rotate_key(key.sequence, rotation, write()).await.unwrap();
            }
            _ => other.delete_project(shop_sequence(&other).await, write()).await.unwrap(),
        }
        catch_up(&store).await;
        assert!(!is_kept(&store, &id).await, "key {n}");
        let again = store.key_by_secret(&SecretHash::of(&id), start()).await.unwrap();
        assert_eq!(again, other.key("shop", &id).await.unwrap(), "key {n}");
    }
}

#[tokio::test]
async fn cached_projects_are_as_new_as_the_file() {
    let folder = Folder::new("projects");
    let (store, other) = (folder.open(), folder.open());
    shop(&store, 1).await;
    let project = async || store.project("shop").await.unwrap();
    assert_eq!(project().await.unwrap().name, "Shop");
    let sequence = shop_sequence(&other).await;
    other.rename_project(sequence, "Store".parse().unwrap(), start(), write()).await.unwrap();
    assert_eq!(project().await.unwrap().name, "Store");
    let policy = Policy { require_expiry: true, ..Policy::default() };
    other.set_policy(sequence, policy, start(), write()).await.unwrap();
    assert_eq!(project().await.unwrap().policy, policy);
    other.ensure_signing_key("shop", "a").await.unwrap();
    assert_eq!(project().await.unwrap().signing_key_id.as_deref(), Some("a"));
    other.set_ended_ephemeral(sequence, vec!["e 1".to_owned()], write()).await.unwrap();
    assert!(project().await.unwrap().has_ended("e"));
    other.delete_project(sequence, write()).await.unwrap();
    assert_eq!(project().await, None);
}

#[tokio::test]
async fn a_missed_change_clears_the_cache() {
    let folder = Folder::new("many");
    let (store, other) = (folder.open(), folder.open());
    shop(&store, 5000).await;
    assert_eq!(scopes(&store, "key0").await, ["users.read"]);
    update(&other, "key0", change("rows.read", 2)).await;
    // More changes at once than the table lists.
    let database = Connection::open(folder.0.join("test.db")).unwrap();
    database.execute("UPDATE keys SET accessed_at = 1 WHERE id <> 'key0'", []).unwrap();
    let listed: i64 = database.query_row("SELECT count(*) FROM changes", [], |row| row.get(0)).unwrap();
    assert_eq!(listed, 4096);
    assert_eq!(scopes(&store, "key0").await, ["rows.read"]);
}

#[tokio::test]
async fn all_keys_are_preloaded() {
    let folder = Folder::new("ahead");
    let store = folder.open();
    shop(&store, 1000).await;
    store.read_ahead(1 << 20);
    store.key_cache.preload.wait();
    for n in 0..1000 {
        assert!(is_kept(&store, &format!("key{n}")).await);
    }
}

#[tokio::test]
async fn lookups_that_arrive_together_share_a_check_and_see_every_earlier_write() {
    let folder = Folder::new("together");
    let (store, other) = (folder.open(), folder.open());
    let ids: Vec<String> = (0..10).map(|n| format!("key{n}")).collect();
    shop(&store, ids.len()).await;
    let together = async || join_all(ids.iter().map(|id| scopes(&store, id))).await;
    let checks = &store.key_cache.shared.checks;
    // One of them waits now and then, and finds that there are others.
    while !checks.is_worth_waiting(Moment(1)) {
        together().await;
    }
    for at in 1..100 {
        let before = checks.now();
        together().await;
        assert_eq!(checks.now().0, before.0 + 1, "one for all");
        let wanted = if at % 2 == 0 { "users.read" } else { "rows.read" };
        update(&other, "key3", change(wanted, at)).await;
        assert_eq!(together().await[3], [wanted]);
    }
}

/// A lookup sees every write from before it began, whichever process wrote it and however many lookups run.
#[test]
fn a_lookup_sees_every_earlier_write() {
    const WRITES: i64 = 400;
    let folder = Folder::new("race");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (store, other) = (folder.open(), folder.open());
    runtime.block_on(shop(&store, 1));
    store.read_ahead(1 << 20);
    let (written, done) = (AtomicI64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let lookers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut looks = 0_u64;
                    while !done.load(Ordering::SeqCst) || looks == 0 {
                        let before = written.load(Ordering::SeqCst);
                        let found = runtime.block_on(store.key_by_secret(&SecretHash::of("key0"), start())).unwrap().unwrap();
                        let named = runtime.block_on(store.key("shop", "key0")).unwrap().unwrap();
                        let project = runtime.block_on(store.project("shop")).unwrap().unwrap();
                        for at in [found.updated_at, named.updated_at, project.updated_at] {
                            assert!(at.unix_milliseconds() >= before, "{} after {before}", at.unix_milliseconds());
                        }
                        looks += 1;
                    }
                })
            })
            .collect();
        for at in 1..=WRITES {
            let writer = if at % 2 == 0 { &store } else { &other };
            let when = DateTime::from_unix_milliseconds(at);
            runtime.block_on(update(writer, "key0", change("rows.read", at)));
            runtime
                .block_on(async { writer.rename_project(shop_sequence(writer).await, "Shop".parse().unwrap(), when, write()).await })
                .unwrap();
            written.store(at, Ordering::SeqCst);
        }
        done.store(true, Ordering::SeqCst);
        for looker in lookers {
            looker.join().unwrap();
        }
    });
}
