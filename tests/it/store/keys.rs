//! API keys and their secrets.

use futures_util::future::join_all;
use scopewise::{
    key::Policy,
    server::store::{KeyChange, NamesInUse, NewKey, OperationCount, StoreError},
};

use super::{Pair, all_keys, at, hash, key, project, used};

fn change(name: &str, scopes: &[&str]) -> KeyChange {
    KeyChange {
        name: name.parse().unwrap(),
        description: None,
        scopes: scopes.iter().map(|scope| scope.parse().unwrap()).collect(),
        expire: None,
        updated_at: at(7),
    }
}

pub async fn a_key_is_stored_unchanged(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    assert_eq!((made.project_id.as_str(), made.id.as_str(), made.name.as_str()), ("shop", "a", "Key a “é”"));
    assert_eq!(made.scopes, key("shop", "a").scopes);
    assert_eq!((made.version, made.description.as_str()), (1, "for “é”"));
    assert_eq!((made.hint.as_str(), made.enabled, made.expire), ("standard_ab…cd", true, Some(at(500))));
    assert_eq!((made.created_at, made.updated_at, made.accessed_at, made.sdks.len()), (at(1), at(1), None, 0));
    assert_eq!((made.rotated_at, made.overlap_until, made.exposed_at), (None, None, None));
    assert_eq!(pair.other.key("shop", "a").await.unwrap(), Some(made.clone()));
    // The store does not check the expiry of the key itself.
    assert_eq!(pair.other.key_by_secret(&hash("secret of a"), at(9999)).await.unwrap(), Some(made));
}

pub async fn several_secrets_find_their_keys_in_order(pair: Pair) {
    let pair = pair.with_shop().await;
    let (first, second) = (pair.one.create_key(key("shop", "a")).await.unwrap(), pair.one.create_key(key("shop", "b")).await.unwrap());
    let secrets = ["secret of b", "unknown", "secret of a", "secret of b"].map(hash);
    let found = async || {
        let found = pair.other.keys_by_secrets(&secrets, at(0)).await.unwrap();
        found.into_iter().map(|key| key.map(|key| key.record().unwrap())).collect::<Vec<_>>()
    };
    // The second time, the keys are in memory.
    for _ in 0..2 {
        assert_eq!(found().await, [Some(second.clone()), None, Some(first.clone()), Some(second.clone())]);
    }
    pair.one.delete_key("shop", "b").await.unwrap();
    assert_eq!(found().await, [None, None, Some(first), None]);
    assert_eq!(pair.other.keys_by_secrets(&[], at(0)).await.unwrap(), []);
}

pub async fn keys_that_are_read_at_the_same_time_get_their_own_answers(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_project(project("other")).await.unwrap();
    let mut made = Vec::new();
    for (place, id) in ["a", "b", "c", "d", "e", "f"].into_iter().enumerate() {
        let mut new = key("shop", id);
        new.secret = hash(id);
        new.project_id = if place % 2 == 0 { "shop" } else { "other" }.to_owned();
        made.push(pair.one.create_key(new).await.unwrap());
    }
    let of = |project: &str, id: &str| made.iter().find(|key| key.project_id == project && key.id.as_str() == id).cloned();
    let projects = ["shop", "other", "none", "", "sh\0p", "“é”"];
    let ids = ["a", "b", "c", "d", "e", "f", "a", "f", "A", "a ", "", "{a,b}", "\"a\"", "NULL", "a\0", "“é”"];
    let asked = projects.iter().flat_map(|project| ids.iter().map(move |id| (*project, *id)));
    let read = async |(project, id)| (project, id, pair.other.key(project, id).await.unwrap());
    let found = join_all(asked.map(read)).await;
    assert_eq!(found.iter().filter(|(.., found)| found.is_some()).count(), 8);
    for (project, id, found) in found {
        assert_eq!(found, of(project, id), "{project:?} {id:?}");
    }
}

pub async fn a_key_id_is_unique_in_a_project(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_project(project("other")).await.unwrap();
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    let mut second = key("shop", "a");
    second.secret = hash("another secret");
    assert!(matches!(pair.other.create_key(second.clone()).await, Err(StoreError::Duplicate)));
    assert_eq!(all_keys(&*pair.other, "shop").await, [made]);
    second.project_id = "other".to_owned();
    pair.other.create_key(second).await.unwrap();
}

pub async fn the_names_in_use_are_counted(pair: Pair) {
    let pair = pair.with_shop().await;
    assert_eq!(pair.one.names_in_use().await.unwrap(), NamesInUse::default());
    let organization = pair.one.organization().await.unwrap();
    for (project, id, scopes) in [
        ("shop", "a", &["ships.sink", "ships.read"][..]),
        ("shop", "b", &["ships.read", "ships.read"]),
        ("shop", "c", &[]),
        (organization.id.as_str(), "d", &["Fleet.Read"]),
    ] {
        let scopes = scopes.iter().map(|scope| scope.parse().unwrap()).collect();
        pair.one.create_key(NewKey { scopes, ..key(project, id) }).await.unwrap();
    }
    pair.one.create_project(project("other")).await.unwrap();
    for (id, edition) in [("shop", Some("two".parse().unwrap())), ("other", None)] {
        pair.one.set_policy(id, Policy { edition, ..Policy::default() }, at(2)).await.unwrap().unwrap();
    }
    let owned = |names: &[(&str, u64)]| names.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    let expected = NamesInUse { scopes: owned(&[("ships.read", 2), ("Fleet.Read", 1), ("ships.sink", 1)]), editions: owned(&[("two", 1)]) };
    assert_eq!(pair.other.names_in_use().await.unwrap(), expected);
}

pub async fn a_secret_is_unique(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    let mut second = key("shop", "b");
    second.secret = hash("secret of a");
    assert!(matches!(pair.other.create_key(second).await, Err(StoreError::Duplicate)));
    assert_eq!(pair.one.key("shop", "b").await.unwrap(), None);
}

pub async fn a_key_needs_an_existing_project(pair: Pair) {
    assert!(matches!(pair.one.create_key(key("gone", "a")).await, Err(StoreError::ParentMissing)));
    assert_eq!(pair.other.key_by_secret(&hash("secret of a"), at(0)).await.unwrap(), None);
}

pub async fn a_refused_key_leaves_nothing_behind(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    let mut second = key("shop", "a");
    second.secret = hash("another secret");
    assert!(pair.one.create_key(second.clone()).await.is_err());
    // If the secret of the refused key were stored, this would be a duplicate.
    second.id = "b".parse().unwrap();
    pair.one.create_key(second).await.unwrap();
}

pub async fn of_many_keys_with_one_id_one_is_created(pair: Pair) {
    let pair = pair.with_shop().await;
    let tries = (0..16).map(|n| {
        let store = pair.turn(n);
        let mut new = key("shop", "a");
        new.secret = hash(&n.to_string());
        tokio::spawn(async move { store.create_key(new).await.is_ok() })
    });
    let mut made = 0;
    for one in tries.collect::<Vec<_>>() {
        made += usize::from(one.await.unwrap());
    }
    assert_eq!((made, all_keys(&*pair.one, "shop").await.len()), (1, 1));
}

pub async fn an_update_replaces_name_scopes_and_expiry(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    let changed = pair.one.update_key("shop", "a", change("New name", &["files.read"])).await.unwrap().unwrap();
    assert_eq!((changed.name.as_str(), changed.expire, changed.updated_at), ("New name", None, at(7)));
    assert_eq!(changed.scopes, ["files.read"]);
    assert_eq!((changed.sequence, &changed.hint, changed.created_at, changed.enabled), (made.sequence, &made.hint, made.created_at, true));
    assert_eq!(pair.other.key_by_secret(&hash("secret of a"), at(0)).await.unwrap(), Some(changed));
    let emptied = pair.other.update_key("shop", "a", change("New name", &[])).await.unwrap().unwrap();
    assert_eq!(emptied.scopes, [""; 0]);
}

pub async fn an_update_without_a_description_keeps_it(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    let kept = pair.one.update_key("shop", "a", change("N", &[])).await.unwrap().unwrap();
    assert_eq!((kept.description.as_str(), kept.version), ("for “é”", 2));
    let described = KeyChange { description: Some("new".to_owned()), ..change("N", &[]) };
    let changed = pair.one.update_key("shop", "a", described).await.unwrap().unwrap();
    assert_eq!((changed.description.as_str(), changed.version), ("new", 3));
    assert_eq!(pair.other.key_by_secret(&hash("secret of a"), at(0)).await.unwrap(), Some(changed));
}

pub async fn the_last_of_many_updates_is_complete(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    let updates = (0..16).map(|n| {
        let store = pair.turn(n);
        let word = format!("n{n}");
        tokio::spawn(async move { store.update_key("shop", "a", change(&word, &[&word])).await.unwrap().unwrap() })
    });
    for one in updates.collect::<Vec<_>>() {
        let answer = one.await.unwrap();
        assert_eq!(answer.scopes, [answer.name.as_str()]);
    }
    let kept = pair.other.key("shop", "a").await.unwrap().unwrap();
    assert_eq!(kept.scopes, [kept.name.as_str()]);
}

pub async fn deleting_a_key_deletes_its_secret(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    assert!(pair.one.delete_key("shop", "a").await.unwrap());
    assert_eq!(pair.other.key("shop", "a").await.unwrap(), None);
    assert_eq!(pair.other.key_by_secret(&hash("secret of a"), at(0)).await.unwrap(), None);
    assert!(!pair.other.delete_key("shop", "a").await.unwrap());
    // A use or an exposure that arrives after the deletion is skipped.
    pair.one.record_key_uses(used(made.sequence, at(0), Some("rust"))).await.unwrap();
    pair.one.record_key_exposure(made.sequence, at(0)).await.unwrap();
    assert_eq!(all_keys(&*pair.other, "shop").await, []);
}

pub async fn the_last_use_of_a_key_never_moves_back(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    for (used, last) in [(50, 50), (20, 50), (60, 60)] {
        pair.one.record_key_uses(super::used(made.sequence, at(used), None)).await.unwrap();
        let found = pair.other.key("shop", "a").await.unwrap().unwrap();
        assert_eq!((found.accessed_at, found.updated_at, found.sdks.len()), (Some(at(last)), at(1), 0));
    }
}

pub async fn every_sdk_is_recorded_once(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    for sdk in ["rust", "node.js", "rust", ".net", "node.js"] {
        pair.one.record_key_uses(used(made.sequence, at(2), Some(sdk))).await.unwrap();
    }
    assert_eq!(pair.other.key("shop", "a").await.unwrap().unwrap().sdks, ["rust", "node.js", ".net"]);
}

pub async fn a_batch_of_uses_equals_single_uses(pair: Pair) {
    let pair = pair.with_shop().await;
    let (a, b) = (pair.one.create_key(key("shop", "a")).await.unwrap(), pair.one.create_key(key("shop", "b")).await.unwrap());
    let uses = [(&a, 50, Some("rust")), (&b, 30, None), (&a, 20, Some("php")), (&a, 40, Some("rust"))];
    let mut uses: Vec<_> = uses.into_iter().flat_map(|(key, when, sdk)| used(key.sequence, at(when), sdk)).collect();
    // A use of a deleted key.
    uses.insert(1, used(b.sequence + 1, at(9), None).remove(0));
    pair.one.record_key_uses(uses).await.unwrap();
    let kept = pair.other.key("shop", "a").await.unwrap().unwrap();
    assert_eq!((kept.accessed_at, kept.sdks), (Some(at(50)), vec!["rust".to_owned(), "php".to_owned()]));
    assert_eq!(pair.other.key("shop", "b").await.unwrap().unwrap().accessed_at, Some(at(30)));
}

fn count(key_sequence: i64, day: i64, operation: &str, requests: i64) -> OperationCount {
    OperationCount { key_sequence, day, operation: operation.to_owned(), requests }
}

pub async fn operations_are_counted_by_day(pair: Pair) {
    let pair = pair.with_shop().await;
    let (a, b) =
        (pair.one.create_key(key("shop", "a")).await.unwrap().sequence, pair.one.create_key(key("shop", "b")).await.unwrap().sequence);
    pair.one.add_operation_counts(vec![count(b, 5, "z", 1), count(a, 5, "z", 2), count(a, 4, "a b", 3)], 1).await.unwrap();
    pair.other.add_operation_counts(vec![count(a, 5, "z", 40), count(a, 5, "a", 1), count(a, 6, "z", 1)], 1).await.unwrap();
    let all = [count(a, 4, "a b", 3), count(a, 5, "a", 1), count(a, 5, "z", 42), count(a, 6, "z", 1)];
    assert_eq!(pair.one.operation_counts(a, 0).await.unwrap(), all);
    assert_eq!(pair.one.operation_counts(a, 5).await.unwrap(), all[1..]);
    // Old days go with the next count of the same key.
    pair.one.add_operation_counts(vec![count(a, 7, "z", 1)], 6).await.unwrap();
    assert_eq!(pair.other.operation_counts(a, 0).await.unwrap(), [count(a, 6, "z", 1), count(a, 7, "z", 1)]);
    assert_eq!(pair.other.operation_counts(b, 0).await.unwrap(), [count(b, 5, "z", 1)]);
}

pub async fn counts_of_a_deleted_key_are_gone_and_later_ones_are_skipped(pair: Pair) {
    let pair = pair.with_shop().await;
    let (a, b) =
        (pair.one.create_key(key("shop", "a")).await.unwrap().sequence, pair.one.create_key(key("shop", "b")).await.unwrap().sequence);
    pair.one.add_operation_counts(vec![count(a, 5, "z", 2)], 1).await.unwrap();
    assert!(pair.one.delete_key("shop", "a").await.unwrap());
    assert_eq!(pair.one.operation_counts(a, 0).await.unwrap(), []);
    pair.other.add_operation_counts(vec![count(a, 5, "z", 1), count(b, 5, "z", 1)], 1).await.unwrap();
    assert_eq!(pair.one.operation_counts(a, 0).await.unwrap(), []);
    assert_eq!(pair.one.operation_counts(b, 0).await.unwrap(), [count(b, 5, "z", 1)]);
}

pub async fn concurrent_counts_are_all_added(pair: Pair) {
    let pair = pair.with_shop().await;
    let mut keys = Vec::new();
    for id in ["a", "b", "c"] {
        keys.push(pair.one.create_key(key("shop", id)).await.unwrap().sequence);
    }
    let adds = (0..12).map(|n| {
        let (store, mut counts) = (pair.turn(n), keys.iter().map(|key| count(*key, 5, "z", 1)).collect::<Vec<_>>());
        // In any order.
        counts.rotate_left(n % 3);
        tokio::spawn(async move { store.add_operation_counts(counts, 1).await })
    });
    for add in adds.collect::<Vec<_>>() {
        add.await.unwrap().unwrap();
    }
    for key in keys {
        assert_eq!(pair.one.operation_counts(key, 0).await.unwrap(), [count(key, 5, "z", 12)]);
    }
}

pub async fn concurrent_uses_are_all_recorded(pair: Pair) {
    let pair = pair.with_shop().await;
    let sequence = pair.one.create_key(key("shop", "a")).await.unwrap().sequence;
    let notes = (0..12).map(|n| {
        let store = pair.turn(n);
        tokio::spawn(async move {
            store.record_key_uses(used(sequence, at(i64::try_from(n).unwrap()), Some(&format!("sdk{}", n % 6)))).await.unwrap()
        })
    });
    for one in notes.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    let kept = pair.other.key("shop", "a").await.unwrap().unwrap();
    let mut sdks = kept.sdks;
    sdks.sort();
    assert_eq!((kept.accessed_at, sdks), (Some(at(11)), (0..6).map(|n| format!("sdk{n}")).collect()));
}

pub async fn a_sequence_is_never_reused(pair: Pair) {
    let pair = pair.with_shop().await;
    let first = pair.one.create_key(key("shop", "a")).await.unwrap();
    pair.one.delete_key("shop", "a").await.unwrap();
    let second = pair.other.create_key(key("shop", "a")).await.unwrap();
    assert!(second.sequence > first.sequence);
}

pub async fn a_missing_row_is_not_an_error(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    for (project_id, id) in [("shop", "gone"), ("gone", "a"), ("shop", "A"), ("shop", "")] {
        assert_eq!(pair.one.key(project_id, id).await.unwrap(), None);
        assert_eq!(pair.one.update_key(project_id, id, change("N", &[])).await.unwrap(), None);
        assert_eq!(pair.one.set_key_enabled(project_id, id, false, at(0)).await.unwrap(), None);
        assert!(!pair.one.delete_key(project_id, id).await.unwrap());
    }
    assert_eq!(all_keys(&*pair.one, "gone").await, []);
    assert_eq!(pair.one.key_by_secret(&hash("nobody's"), at(0)).await.unwrap(), None);
    assert!(pair.one.key("shop", "a").await.unwrap().unwrap().enabled);
}

pub async fn an_id_that_no_database_can_store_is_missing(pair: Pair) {
    let pair = pair.with_shop().await;
    for id in ["\0", "a\0b", "\u{fffd}\0", "\u{10ffff}"] {
        assert_eq!(pair.one.project(id).await.unwrap(), None);
        assert_eq!(pair.one.key("shop", id).await.unwrap(), None);
        assert_eq!(pair.one.dev_key("shop", id).await.unwrap(), None);
        assert_eq!(pair.one.account_by_email(id).await.unwrap(), None);
        assert_eq!(pair.one.update_key("shop", id, change("N", &[])).await.unwrap(), None);
        assert!(!pair.one.delete_key("shop", id).await.unwrap());
        assert!(!pair.one.delete_project(id).await.unwrap());
        assert!(!pair.one.delete_session("ada", id).await.unwrap());
    }
}

pub async fn one_handle_sees_the_finished_writes_of_the_other(pair: Pair) {
    let pair = pair.with_shop().await;
    for n in 0..40 {
        let (one, other) = (pair.turn(n), pair.turn(n + 1));
        let id = format!("k{n}");
        one.create_key(key("shop", &id)).await.unwrap();
        let secret = hash(&format!("secret of {id}"));
        assert!(other.key_by_secret(&secret, at(0)).await.unwrap().is_some());
        other.set_key_enabled("shop", &id, false, at(2)).await.unwrap().unwrap();
        assert!(!one.key_by_secret(&secret, at(0)).await.unwrap().unwrap().enabled);
        one.delete_key("shop", &id).await.unwrap();
        assert_eq!(other.key_by_secret(&secret, at(0)).await.unwrap(), None);
    }
}
