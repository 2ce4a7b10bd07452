//! The promises of the store, on whatever keeps it.

use std::sync::Arc;

use scopewise::{
    key::{BrowserUse, KeyCreation, Policy},
    scope::DateTime,
    server::{
        SecretHash,
        config::DatabaseUrl,
        store::{
            self, Action, Actor, ActorKind, AuditQuery, DevKeyChange, KeyRotation, NewAudit, NewDevKey, NewKey, NewProject, Outcome, Store,
            StoreError,
        },
    },
};

/// A store with the projects `shop` and `other`, in a folder that goes with it.
struct Kept {
    store: Arc<dyn Store>,
    folder: std::path::PathBuf,
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn at(seconds: i64) -> DateTime {
    DateTime::from_unix_milliseconds(1_800_000_000_000).plus_seconds(seconds)
}

async fn kept(name: &str) -> Kept {
    let folder = std::env::temp_dir().join(format!("scopewise-store-{}-{name}", std::process::id()));
    let store = store::open(&DatabaseUrl::Sqlite { path: folder.join("test.db") }).unwrap();
    for id in ["shop", "other"] {
        let project = NewProject { id: id.parse().unwrap(), name: id.parse().unwrap(), created_at: at(0) };
        store.create_project(project).await.unwrap();
    }
    Kept { store, folder }
}

fn new_key(id: &str, secret: &str) -> NewKey {
    NewKey {
        project_id: "shop".into(),
        id: id.parse().unwrap(),
        name: id.parse().unwrap(),
        scopes: vec!["keys.read".into()],
        secret: SecretHash::of(secret),
        hint: "…".into(),
        expire: None,
        created_at: at(0),
    }
}

fn rotation(secret: &str, overlap_until: i64, judged_at: DateTime, rotated_at: i64) -> KeyRotation {
    KeyRotation {
        secret: SecretHash::of(secret),
        hint: "new".into(),
        overlap_until: at(overlap_until),
        judged_at,
        rotated_at: at(rotated_at),
    }
}

async fn opens(store: &dyn Store, secret: &str, seconds: i64) -> bool {
    store.key_by_secret(&SecretHash::of(secret), at(seconds)).await.unwrap().is_some()
}

#[tokio::test]
async fn a_rotation_happens_only_to_the_key_that_was_judged() {
    let kept = kept("judged").await;
    let store = kept.store.as_ref();
    let key = store.create_key(new_key("k", "one")).await.unwrap();
    let changed = store.set_key_enabled("shop", "k", true, at(5)).await.unwrap().unwrap();
    assert_eq!(store.rotate_key("shop", "k", rotation("two", 60, key.updated_at, 6)).await.unwrap(), None);
    assert!(opens(store, "one", 6).await && !opens(store, "two", 6).await);
    let rotated = store.rotate_key("shop", "k", rotation("two", 60, changed.updated_at, 6)).await.unwrap().unwrap();
    assert_eq!((rotated.rotated_at, rotated.overlap_until, rotated.hint.as_str()), (Some(at(6)), Some(at(60)), "new"));
    assert!(opens(store, "one", 59).await && !opens(store, "one", 60).await && opens(store, "two", 60).await);
    assert_eq!(store.rotate_key("other", "k", rotation("three", 60, rotated.updated_at, 7)).await.unwrap(), None);
}

#[tokio::test]
async fn an_overlap_in_the_past_is_none() {
    let kept = kept("past").await;
    let store = kept.store.as_ref();
    let key = store.create_key(NewKey { expire: Some(at(-10)), ..new_key("k", "one") }).await.unwrap();
    let rotated = store.rotate_key("shop", "k", rotation("two", 60, key.updated_at, 0)).await.unwrap().unwrap();
    assert_eq!(rotated.overlap_until, None);
    assert!(!opens(store, "one", 0).await && opens(store, "two", 0).await);
}

#[tokio::test]
async fn an_exposure_keeps_its_first_moment_until_the_rotation() {
    let kept = kept("exposed").await;
    let store = kept.store.as_ref();
    let key = store.create_key(new_key("k", "one")).await.unwrap();
    for seconds in [5, 9] {
        store.note_key_exposure(key.sequence, at(seconds)).await.unwrap();
    }
    assert_eq!(store.key("shop", "k").await.unwrap().unwrap().exposed_at, Some(at(5)));
    let rotated = store.rotate_key("shop", "k", rotation("two", 10, key.updated_at, 10)).await.unwrap().unwrap();
    assert_eq!(rotated.exposed_at, None);
    store.note_key_exposure(999, at(1)).await.unwrap();
}

#[tokio::test]
async fn an_import_is_all_or_nothing_and_names_what_is_there_already() {
    let kept = kept("import").await;
    let store = kept.store.as_ref();
    store.create_key(new_key("k5", "there")).await.unwrap();
    let mut keys: Vec<NewKey> = (0..1000).map(|index| new_key(&format!("k{index}"), &format!("s{index}"))).collect();
    keys[7].secret = SecretHash::of("there");
    keys[9].secret = SecretHash::of("s8");
    keys[11].id = "k10".parse().unwrap();
    assert_eq!(store.import_keys(keys.clone()).await.unwrap(), [5, 7, 9, 11]);
    assert_eq!(store.keys("shop").await.unwrap().len(), 1);
    assert!(!opens(store, "s0", 0).await);
    for index in [11, 9, 7, 5] {
        keys.remove(index);
    }
    assert!(store.import_keys(keys.clone()).await.unwrap().is_empty());
    assert_eq!(store.keys("shop").await.unwrap().len(), 997);
    assert!(opens(store, "s999", 0).await);
    let stray = NewKey { project_id: "nowhere".into(), ..new_key("x", "x") };
    assert!(matches!(store.import_keys(vec![new_key("y", "y"), stray]).await, Err(StoreError::ParentMissing)));
    assert!(!opens(store, "y", 0).await);
}

#[tokio::test]
async fn everybody_gets_the_same_signing_key_id() {
    let kept = kept("signing").await;
    let store = kept.store.as_ref();
    let (a, b, c) =
        tokio::join!(store.ensure_signing_key("shop", "a"), store.ensure_signing_key("shop", "b"), store.ensure_signing_key("shop", "c"));
    let ids = [a.unwrap(), b.unwrap(), c.unwrap()];
    assert!(ids[0].is_some() && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert!(store.rotate_signing_key("shop", "d").await.unwrap());
    assert_eq!(store.ensure_signing_key("shop", "e").await.unwrap().as_deref(), Some("d"));
    assert_eq!(store.project("other").await.unwrap().unwrap().signing_key_id, None);
    assert_eq!(store.ensure_signing_key("nowhere", "f").await.unwrap(), None);
    assert!(!store.rotate_signing_key("nowhere", "f").await.unwrap());
}

#[tokio::test]
async fn a_policy_is_kept_whole() {
    let kept = kept("policy").await;
    let store = kept.store.as_ref();
    assert_eq!(store.project("shop").await.unwrap().unwrap().policy, Policy::default());
    for key_creation in KeyCreation::ALL.iter().copied() {
        for browser_use in BrowserUse::ALL.iter().copied() {
            let policy = Policy { key_creation, browser_use, max_lifetime_seconds: Some(86_400), require_expiry: true };
            let changed = store.set_policy("shop", policy, at(9)).await.unwrap().unwrap();
            assert_eq!((changed.policy, changed.policy_updated_at), (policy, Some(at(9))));
            assert_eq!(store.project("shop").await.unwrap().unwrap(), changed);
        }
    }
    assert_eq!(store.set_policy("nowhere", Policy::default(), at(9)).await.unwrap(), None);
}

#[tokio::test]
async fn dev_keys_and_api_keys_are_never_found_for_each_other() {
    let kept = kept("dev").await;
    let store = kept.store.as_ref();
    let new = NewDevKey {
        project_id: "shop".into(),
        id: "k".parse().unwrap(),
        name: "Dev".parse().unwrap(),
        secret: SecretHash::of("dev"),
        hint: "…".into(),
        expire: at(100),
        created_at: at(0),
    };
    let made = store.create_dev_key(new.clone()).await.unwrap();
    store.create_key(new_key("k", "api")).await.unwrap();
    assert!(!opens(store, "dev", 0).await);
    assert_eq!(store.dev_key_by_secret(&SecretHash::of("api")).await.unwrap(), None);
    assert_eq!(store.dev_key_by_secret(&SecretHash::of("dev")).await.unwrap(), Some(made.clone()));
    assert!(matches!(store.create_dev_key(new.clone()).await, Err(StoreError::Duplicate)));
    let stray = NewDevKey { project_id: "nowhere".into(), secret: SecretHash::of("x"), ..new };
    assert!(matches!(store.create_dev_key(stray).await, Err(StoreError::ParentMissing)));
    let change = DevKeyChange { name: "New".parse().unwrap(), expire: at(200), updated_at: at(5) };
    let changed = store.update_dev_key("shop", "k", change.clone()).await.unwrap().unwrap();
    assert_eq!((changed.name.as_str(), changed.expire, changed.updated_at), ("New", at(200), at(5)));
    assert_eq!(store.update_dev_key("other", "k", change).await.unwrap(), None);
    for (at_seconds, sdk) in [(7, Some("web")), (6, Some("web")), (8, None)] {
        store.note_dev_key_use(made.sequence, at(at_seconds), sdk).await.unwrap();
    }
    let used = store.dev_key("shop", "k").await.unwrap().unwrap();
    assert_eq!((used.accessed_at, used.sdks), (Some(at(8)), vec!["web".to_owned()]));
    assert!(!store.delete_dev_key("other", "k").await.unwrap() && store.delete_dev_key("shop", "k").await.unwrap());
    assert!(store.dev_keys("shop").await.unwrap().is_empty());
}

#[tokio::test]
async fn the_audit_log_is_read_newest_first_and_by_project() {
    let kept = kept("audit").await;
    let store = kept.store.as_ref();
    let entry = |project: Option<&str>, target: &str| NewAudit {
        at: at(0),
        project_id: project.map(str::to_owned),
        actor: Actor { kind: ActorKind::Key, id: "k".into(), name: "K".into() },
        action: Action::KeyDelete,
        target_id: target.into(),
        outcome: Outcome::Refused,
        detail: "a\nb".into(),
        ip: "::1".into(),
    };
    for (project, target) in [(Some("shop"), "1"), (None, "2"), (Some("shop"), "3"), (Some("other"), "4"), (Some("shop"), "5")] {
        store.append_audit(entry(project, target)).await.unwrap();
    }
    let page = |project: Option<&str>, before, limit| {
        let query = AuditQuery { project_id: project.map(str::to_owned), before, limit };
        async move { store.audit(query).await.unwrap() }
    };
    let newest = page(Some("shop"), None, 2).await;
    assert_eq!(newest.iter().map(|record| record.entry.target_id.as_str()).collect::<Vec<_>>(), ["5", "3"]);
    assert_eq!(newest[0].entry, entry(Some("shop"), "5"));
    let rest = page(Some("shop"), Some(newest[1].sequence), 9).await;
    assert_eq!(rest.iter().map(|record| record.entry.target_id.as_str()).collect::<Vec<_>>(), ["1"]);
    assert_eq!(page(None, None, 9).await.len(), 1);
}
