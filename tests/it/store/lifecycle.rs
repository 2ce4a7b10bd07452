//! Changes of existing keys, and inserts of many keys.

use scopewise::server::store::{KeyRotation, NewKey, StoreError};

use super::{Pair, all_keys, at, hash, key, project};

/// A rotation to the secret `secret` at second `now`, with an overlap until second `overlap_until`, if that is later. The expiry stays.
pub fn rotation(secret: &str, now: i64, overlap_until: i64) -> KeyRotation {
    KeyRotation {
        secret: hash(secret),
        hint: format!("hint of {secret}"),
        overlap_until: (overlap_until > now).then(|| at(overlap_until)),
        expire: Some(at(500)),
        rotated_at: at(now),
    }
}

async fn opens(pair: &Pair, secret: &str, now: i64) -> bool {
    pair.other.key_by_secret(&hash(secret), at(now)).await.unwrap().is_some()
}

pub async fn an_import_stores_all_keys(pair: Pair) {
    let pair = pair.with_shop().await;
    let keys: Vec<NewKey> = (0..50).map(|n| key("shop", &format!("k{n:02}"))).collect();
    assert_eq!(pair.one.import_keys(keys.clone()).await.unwrap(), [0; 0]);
    let found = all_keys(&*pair.other, "shop").await;
    assert_eq!(
        found.iter().map(|key| key.id.clone()).collect::<Vec<_>>(),
        keys.iter().map(|key| key.id.as_str().to_owned()).collect::<Vec<_>>()
    );
    assert!(opens(&pair, "secret of k07", 0).await);
    assert_eq!(pair.one.import_keys(Vec::new()).await.unwrap(), [0; 0]);
}

pub async fn an_import_reports_taken_keys_and_stores_nothing(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "taken")).await.unwrap();
    let mut same_secret = key("shop", "c");
    same_secret.secret = hash("secret of taken");
    let mut same_id = key("shop", "taken");
    same_id.secret = hash("free");
    // The id of a key that was refused for its secret is free for the next key.
    let mut after = key("shop", "c");
    after.secret = hash("free, too");
    let list = vec![key("shop", "a"), same_id, key("shop", "b"), same_secret, after];
    assert_eq!(pair.one.import_keys(list).await.unwrap(), [1, 3]);
    assert_eq!(all_keys(&*pair.other, "shop").await.len(), 1);
    assert!(!opens(&pair, "secret of a", 0).await);
}

pub async fn an_import_reports_its_own_duplicates(pair: Pair) {
    let pair = pair.with_shop().await;
    let mut double = key("shop", "b");
    double.secret = hash("secret of a");
    assert_eq!(pair.one.import_keys(vec![key("shop", "a"), key("shop", "a"), double]).await.unwrap(), [1, 2]);
    assert_eq!(all_keys(&*pair.other, "shop").await, []);
}

pub async fn an_import_into_a_missing_project_stores_nothing(pair: Pair) {
    let pair = pair.with_shop().await;
    let refused = pair.one.import_keys(vec![key("shop", "a"), key("gone", "b")]).await;
    assert!(matches!(refused, Err(StoreError::ParentMissing)));
    assert_eq!(all_keys(&*pair.other, "shop").await, []);
}

pub async fn a_key_is_disabled_and_enabled(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    for (enabled, second) in [(false, 3), (false, 4), (true, 5)] {
        let changed = pair.one.set_key_enabled("shop", "a", enabled, at(second)).await.unwrap().unwrap();
        assert_eq!((changed.enabled, changed.updated_at), (enabled, at(second)));
        assert_eq!(pair.other.key_by_secret(&hash("secret of a"), at(0)).await.unwrap(), Some(changed));
    }
}

pub async fn a_rotated_key_has_two_secrets_until_the_overlap_ends(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    let rotated = pair.one.rotate_key("shop", "a", rotation("new", 10, 60)).await.unwrap().unwrap();
    assert_eq!((rotated.sequence, rotated.hint.as_str(), rotated.expire), (made.sequence, "hint of new", made.expire));
    assert_eq!((rotated.rotated_at, rotated.updated_at, rotated.overlap_until), (Some(at(10)), at(10), Some(at(60))));
    assert!(opens(&pair, "new", 10).await && opens(&pair, "new", 9999).await);
    assert!(opens(&pair, "secret of a", 59).await && !opens(&pair, "secret of a", 60).await);
    assert_eq!(pair.other.key("shop", "a").await.unwrap(), Some(rotated));
    assert_eq!(pair.one.rotate_key("shop", "gone", rotation("x", 10, 60)).await.unwrap(), None);
    pair.one.create_project(project("other")).await.unwrap();
    assert_eq!(pair.one.rotate_key("other", "a", rotation("x", 20, 60)).await.unwrap(), None);
    assert!(!opens(&pair, "x", 20).await && opens(&pair, "new", 20).await);
}

pub async fn without_an_overlap_the_old_secret_ends_at_once(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    let rotated = pair.one.rotate_key("shop", "a", rotation("new", 10, 10)).await.unwrap().unwrap();
    assert_eq!(rotated.overlap_until, None);
    // An overlap that has already ended counts as none, and old secrets are invalid even for a replica whose clock is late.
    let rotated = pair.one.rotate_key("shop", "a", rotation("newer", 10, 3)).await.unwrap().unwrap();
    assert_eq!(rotated.overlap_until, None);
    assert!(!opens(&pair, "new", 5).await && opens(&pair, "newer", 5).await);
    assert!(!opens(&pair, "secret of a", 5).await);
}

pub async fn only_the_last_two_secrets_overlap(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    pair.one.rotate_key("shop", "a", rotation("second", 10, 400)).await.unwrap().unwrap();
    pair.other.rotate_key("shop", "a", rotation("third", 20, 300)).await.unwrap().unwrap();
    assert!(!opens(&pair, "secret of a", 20).await);
    assert!(opens(&pair, "second", 299).await && !opens(&pair, "second", 300).await);
    assert!(opens(&pair, "third", 9999).await);
}

pub async fn a_rotation_to_a_taken_secret_changes_nothing(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "b")).await.unwrap();
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    let refused = pair.one.rotate_key("shop", "a", rotation("secret of b", 10, 60)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate)));
    assert_eq!(pair.other.key_by_secret(&hash("secret of a"), at(9999)).await.unwrap(), Some(made));
    assert_eq!(pair.other.key_by_secret(&hash("secret of b"), at(9999)).await.unwrap().unwrap().id, "b");
}

/// All rotations happen in the same millisecond, so each one finds the key unchanged since its decision.
pub async fn concurrent_rotations_leave_at_most_two_secrets(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_key(key("shop", "a")).await.unwrap();
    let rotations = (0..12).map(|n| {
        let store = pair.turn(n);
        tokio::spawn(async move { store.rotate_key("shop", "a", rotation(&format!("r{n}"), 1, 400)).await.unwrap().is_some() })
    });
    for one in rotations.collect::<Vec<_>>() {
        assert!(one.await.unwrap());
    }
    let (mut lasting, mut overlapping) = (Vec::new(), Vec::new());
    for secret in (0..12).map(|n| format!("r{n}")).chain(["secret of a".to_owned()]) {
        match (opens(&pair, &secret, 1).await, opens(&pair, &secret, 9999).await) {
            (_, true) => lasting.push(secret),
            (true, false) => overlapping.push(secret),
            (false, false) => {}
        }
    }
    assert_eq!((lasting.len(), overlapping.len()), (1, 1), "{lasting:?} {overlapping:?}");
    assert_eq!(pair.one.key("shop", "a").await.unwrap().unwrap().hint, format!("hint of {}", lasting[0]));
}

pub async fn the_first_exposure_stays_until_the_key_is_rotated(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_key(key("shop", "a")).await.unwrap();
    for second in [5, 3, 9] {
        pair.one.record_key_exposure(made.sequence, at(second)).await.unwrap();
        let found = pair.other.key("shop", "a").await.unwrap().unwrap();
        assert_eq!((found.exposed_at, found.updated_at), (Some(at(5)), at(1)));
    }
    let rotated = pair.one.rotate_key("shop", "a", rotation("new", 10, 60)).await.unwrap().unwrap();
    assert_eq!(rotated.exposed_at, None);
}
