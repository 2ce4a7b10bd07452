//! Changes depend on the rows that they were decided on, and are written together with their audit entry.

use scopewise::{
    key::Policy,
    server::store::{Action, AuditQuery, Basis, EndedKey, KeyChange, KeyRecord, StoreError, Write},
};

use super::{
    Pair, at,
    handle::{by_keys, by_project, entry},
    hash, key,
    lifecycle::rotation,
    project, session,
};

fn change(name: &str) -> KeyChange {
    KeyChange {
        name: name.parse().unwrap(),
        description: None,
        scopes: vec!["rows.read".parse().unwrap()],
        expire: None,
        updated_at: at(7),
    }
}

/// The actions and targets of the log, oldest first.
async fn log(pair: &Pair, project: Option<i64>) -> Vec<(String, String)> {
    let entries = pair.other.audit(AuditQuery { project, limit: 100, ..AuditQuery::default() }).await.unwrap();
    entries.into_iter().rev().map(|record| (record.entry.action.as_str().to_owned(), record.entry.target_id)).collect()
}

pub async fn a_change_and_its_entry_are_written_together(pair: Pair) {
    let pair = pair.with_shop().await;
    let store = &pair.one;
    let a = store.create_key(key("shop", "a")).await.unwrap();
    let a = store.0.update_key(a.sequence, change("N"), by_keys(Action::KeyUpdate, &[&a])).await.unwrap();
    let a = store.0.rotate_key(a.sequence, rotation("new", 10, 60), by_keys(Action::KeyRotate, &[&a])).await.unwrap();
    let a = store.0.end_key_overlap(a.sequence, at(11), by_keys(Action::KeyOverlapEnd, &[&a])).await.unwrap();
    let a = store.0.set_key_enabled(a.sequence, false, at(12), by_keys(Action::KeyDisable, &[&a])).await.unwrap();
    assert_eq!(a.version, 5);
    store.0.delete_key(a.sequence, by_keys(Action::KeyDelete, &[&a])).await.unwrap();
    // A refused change leaves no entry.
    let refused = store.0.create_key(key("gone", "b"), entry(Action::KeyCreate, "b").into()).await;
    assert!(matches!(refused, Err(StoreError::ParentMissing)));
    assert!(matches!(store.0.delete_key(a.sequence, by_keys(Action::KeyDelete, &[&a])).await, Err(StoreError::Stale)));
    store.create_key(key("shop", "c")).await.unwrap();
    assert!(matches!(store.0.create_key(key("shop", "c"), entry(Action::KeyCreate, "twice").into()).await, Err(StoreError::Duplicate)));
    let all = log(&pair, None).await;
    let actions: Vec<&str> = all.iter().map(|(action, _)| action.as_str()).collect();
    let wanted = ["key.create", "key.update", "key.rotate", "key.end-overlap", "key.disable", "key.delete", "key.create"];
    assert_eq!(actions, wanted, "{all:?}");
}

pub async fn a_change_is_made_only_if_its_basis_is_unchanged(pair: Pair) {
    let pair = pair.with_shop().await;
    let (one, other) = (&pair.one, &pair.other);
    let (caller, target) = (one.create_key(key("shop", "caller")).await.unwrap(), one.create_key(key("shop", "target")).await.unwrap());
    let shop = one.project("shop").await.unwrap().unwrap();
    one.create_account(super::account("ada", "ada@example.com"), true).await.unwrap();
    one.create_session(session("s1", "ada", at(0)), 10).await.unwrap();
    let judged = |target: &KeyRecord| {
        let mut write = by_keys(Action::KeyUpdate, &[target, &caller]);
        write.basis.project = Some(shop.version());
        write.basis.session = Some("s1".to_owned());
        write
    };
    let target = one.0.update_key(target.sequence, change("first"), judged(&target)).await.unwrap();
    let write = judged(&target);
    // A recorded use of the caller's key does not change its version.
    other.record_key_uses(super::used(caller.sequence, at(1), Some("rust"))).await.unwrap();
    let target = one.0.update_key(target.sequence, change("second"), write).await.unwrap();
    let write = judged(&target);

    let narrowed = other.0.update_key(caller.sequence, change("narrowed"), by_keys(Action::KeyUpdate, &[&caller])).await.unwrap();
    let stale = |answer: Result<KeyRecord, StoreError>| assert!(matches!(answer, Err(StoreError::Stale)), "{answer:?}");
    stale(one.0.update_key(target.sequence, change("x"), write.clone()).await);
    stale(one.0.set_key_enabled(target.sequence, false, at(9), write.clone()).await);
    stale(one.0.rotate_key(target.sequence, rotation("x", 10, 60), write.clone()).await);
    stale(one.0.end_key_overlap(target.sequence, at(9), write.clone()).await);
    stale(one.0.create_key(key("shop", "x"), write.clone()).await);
    assert!(matches!(one.0.delete_key(target.sequence, write.clone()).await, Err(StoreError::Stale)));
    assert!(matches!(one.0.record(write.clone()).await, Err(StoreError::Stale)));
    assert!(matches!(one.0.import_keys(vec![key("shop", "x")], write.clone()).await, Err(StoreError::Stale)));
    let anew = |basis: Basis| Write { basis, ..write.clone() };

    // The policy of the project and the session also count.
    other.set_policy("shop", Policy { require_expiry: true, ..Policy::default() }, at(9)).await.unwrap().unwrap();
    let basis = Basis { keys: vec![target.version(), narrowed.version()], ..write.basis.clone() };
    stale(one.0.update_key(target.sequence, change("x"), anew(basis.clone())).await);
    let shop = one.project("shop").await.unwrap().unwrap();
    let basis = Basis { project: Some(shop.version()), ..basis };
    other.delete_session("ada", "s1").await.unwrap();
    stale(one.0.update_key(target.sequence, change("x"), anew(basis.clone())).await);
    let basis = Basis { session: None, ..basis };
    assert_eq!(one.0.update_key(target.sequence, change("third"), anew(basis)).await.unwrap().name, "third");
    assert_eq!(other.key("shop", "x").await.unwrap(), None);
    assert!(other.key_by_secret(&hash("x"), at(0)).await.unwrap().is_none());
}

pub async fn a_deleted_row_is_not_a_basis(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    let shop = pair.one.project("shop").await.unwrap().unwrap();
    pair.other.delete_key("shop", "a").await.unwrap();
    // A new key with the same id is another key.
    pair.other.create_key(key("shop", "a")).await.unwrap();
    let answer = pair.one.0.update_key(made.sequence, change("x"), by_keys(Action::KeyUpdate, &[&made])).await;
    assert!(matches!(answer, Err(StoreError::Stale)));
    pair.other.delete_project("shop").await.unwrap();
    pair.other.create_project(project("shop")).await.unwrap();
    for answer in [
        pair.one.0.rename_project(shop.sequence, "x".parse().unwrap(), at(1), by_project(Action::ProjectUpdate, &shop)).await.map(drop),
        pair.one.0.set_policy(shop.sequence, Policy::default(), at(1), by_project(Action::PolicyUpdate, &shop)).await.map(drop),
        pair.one.0.rotate_signing_key(shop.sequence, "x", by_project(Action::SigningKeyRotate, &shop)).await,
        pair.one.0.set_ended_ephemeral(shop.sequence, Vec::new(), by_project(Action::EphemeralEnd, &shop)).await,
        pair.one.0.delete_project(shop.sequence, by_project(Action::ProjectDelete, &shop)).await,
        pair.one.0.create_key(key("shop", "b"), by_project(Action::KeyCreate, &shop)).await.map(drop),
    ] {
        assert!(matches!(answer, Err(StoreError::Stale)), "{answer:?}");
    }
    assert_eq!(pair.other.project("shop").await.unwrap().unwrap().name, "Project shop");
}

pub async fn of_changes_with_the_same_basis_one_is_made(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    let changes = (0..16).map(|n| {
        let (store, made) = (pair.turn(n), made.clone());
        tokio::spawn(async move {
            store.0.update_key(made.sequence, change(&format!("n{n}")), by_keys(Action::KeyUpdate, &[&made])).await.is_ok()
        })
    });
    let mut done = 0;
    for one in changes.collect::<Vec<_>>() {
        done += usize::from(one.await.unwrap());
    }
    assert_eq!((done, log(&pair, None).await.iter().filter(|(action, _)| action == "key.update").count()), (1, 1));
}

/// Each change depends on the other key: on PostgreSQL, a different lock order would deadlock.
pub async fn keys_that_change_each_other_never_deadlock(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    pair.one.create_key(key("shop", "b")).await.unwrap();
    let changes = (0..40).map(|n| {
        let store = pair.turn(n);
        tokio::spawn(async move {
            let (a, b) = (store.key("shop", "a").await.unwrap().unwrap(), store.key("shop", "b").await.unwrap().unwrap());
            let (target, caller) = if n % 2 == 0 { (a, b) } else { (b, a) };
            match store.0.update_key(target.sequence, change("x"), by_keys(Action::KeyUpdate, &[&target, &caller])).await {
                Ok(_) => 1,
                Err(StoreError::Stale) => 0,
                Err(error) => panic!("{error}"),
            }
        })
    });
    let mut done = 0;
    for one in changes.collect::<Vec<_>>() {
        done += one.await.unwrap();
    }
    assert!(done > 0);
}

pub async fn a_recreated_project_has_a_new_log(pair: Pair) {
    let pair = pair.with_shop().await;
    let old = pair.one.project("shop").await.unwrap().unwrap();
    pair.one.0.create_key(key("shop", "a"), by_project(Action::KeyCreate, &old)).await.unwrap();
    let of = |action: &str, target: &str| (action.to_owned(), target.to_owned());
    assert_eq!(log(&pair, Some(old.sequence)).await, [of("project.create", "shop"), of("key.create", "shop")]);
    pair.one.delete_project("shop").await.unwrap();
    let new = pair.one.create_project(project("shop")).await.unwrap();
    assert_eq!(log(&pair, Some(new.sequence)).await, [of("project.create", "shop")]);
}

pub async fn an_overlap_is_ended_early(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    let rotated = pair.one.rotate_key("shop", "a", rotation("new", 10, 400)).await.unwrap().unwrap();
    assert!(pair.other.key_by_secret(&hash("secret of a"), at(20)).await.unwrap().is_some());
    let ended = pair.one.0.end_key_overlap(rotated.sequence, at(20), by_keys(Action::KeyOverlapEnd, &[&rotated])).await.unwrap();
    assert_eq!((ended.overlap_until, ended.updated_at, ended.rotated_at), (None, at(20), Some(at(10))));
    assert!(pair.other.key_by_secret(&hash("secret of a"), at(20)).await.unwrap().is_none());
    assert_eq!(pair.other.key_by_secret(&hash("new"), at(20)).await.unwrap(), Some(ended));
}

pub async fn revoked_ephemeral_keys_are_stored_with_the_project(pair: Pair) {
    let pair = pair.with_shop().await;
    let shop = pair.one.project("shop").await.unwrap().unwrap();
    assert!(!shop.has_ended("e1"));
    let ended = vec![EndedKey::entry("e1", at(60))];
    pair.one.0.set_ended_ephemeral(shop.sequence, ended.clone(), by_project(Action::EphemeralEnd, &shop)).await.unwrap();
    let shop = pair.other.project("shop").await.unwrap().unwrap();
    assert_eq!((shop.ended_ephemeral.clone(), shop.has_ended("e1"), shop.has_ended("e")), (ended, true, false));
    assert!(!EndedKey::is_over(&shop.ended_ephemeral[0], at(59)) && EndedKey::is_over(&shop.ended_ephemeral[0], at(60)));
    // A new signing key revokes all of them, so none needs to be stored.
    pair.one.rotate_signing_key("shop", "next").await.unwrap();
    assert!(pair.other.project("shop").await.unwrap().unwrap().ended_ephemeral.is_empty());
}

/// They may share a transaction, or a wait for the disk.
pub async fn of_concurrent_changes_each_is_refused_alone(pair: Pair) {
    let pair = pair.with_shop().await;
    let (a, b) = (pair.one.create_key(key("shop", "a")).await.unwrap(), pair.one.create_key(key("shop", "b")).await.unwrap());
    let store = &pair.one.0;
    let creates = (0..20).map(|n| {
        let id = format!("c{n}");
        let write = entry(Action::KeyCreate, &id).into();
        store.create_key(key("shop", &id), write)
    });
    let update = |name: &str| store.update_key(a.sequence, change(name), by_keys(Action::KeyUpdate, &[&a]));
    let (created, first, second, twice, no_project, deleted) = tokio::join!(
        futures_util::future::join_all(creates),
        update("first"),
        update("second"),
        store.create_key(key("shop", "a"), entry(Action::KeyCreate, "twice").into()),
        store.create_key(key("gone", "x"), entry(Action::KeyCreate, "x").into()),
        store.delete_key(b.sequence, by_keys(Action::KeyDelete, &[&b])),
    );
    assert!(created.iter().all(Result::is_ok) && deleted.is_ok());
    assert!(matches!(twice, Err(StoreError::Duplicate)) && matches!(no_project, Err(StoreError::ParentMissing)));
    let is_stale = |answer: &Result<KeyRecord, StoreError>| matches!(answer, Err(StoreError::Stale));
    assert!(first.is_ok() && is_stale(&second) || is_stale(&first) && second.is_ok(), "{first:?} {second:?}");
    // One entry for each change that was made.
    let mut log = log(&pair, None).await;
    log.sort_unstable();
    let of = |action: &str, target: String| (action.to_owned(), target);
    let made = (0..20).map(|n| format!("c{n}")).chain(["a", "b"].map(str::to_owned)).map(|id| of("key.create", id));
    let mut wanted: Vec<_> = made.chain([of("key.update", "a".to_owned()), of("key.delete", "b".to_owned())]).collect();
    wanted.sort_unstable();
    assert_eq!(log, wanted);
    assert_eq!(super::all_keys(&*pair.other, "shop").await.len(), 21);
}
