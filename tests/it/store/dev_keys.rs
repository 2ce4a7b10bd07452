//! Dev keys.

use scopewise::server::store::{DevKeyChange, StoreError};

use super::{Pair, all_keys, at, dev_key, hash, key, project};

pub async fn a_dev_key_is_stored_unchanged(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_dev_key(dev_key("shop", "a")).await.unwrap();
    assert_eq!(
        (made.project_id.as_str(), made.id.as_str(), made.name.as_str(), made.hint.as_str()),
        ("shop", "a", "Dev key a", "dev_ab…cd")
    );
    assert_eq!((made.expire, made.created_at, made.updated_at, made.accessed_at, made.sdks.len()), (at(500), at(1), at(1), None, 0));
    assert_eq!(pair.other.dev_key("shop", "a").await.unwrap(), Some(made.clone()));
    assert_eq!(pair.other.dev_key_by_secret(&hash("dev secret of a")).await.unwrap(), Some(made.clone()));
    let second = pair.one.create_dev_key(dev_key("shop", "0")).await.unwrap();
    assert_eq!(pair.other.dev_keys("shop").await.unwrap(), [made, second]);
}

pub async fn a_dev_key_is_never_accepted_as_an_api_key(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_dev_key(dev_key("shop", "a")).await.unwrap();
    pair.one.create_key(key("shop", "a")).await.unwrap();
    assert_eq!(pair.one.key_by_secret(&hash("dev secret of a"), at(0)).await.unwrap(), None);
    assert_eq!(pair.one.dev_key_by_secret(&hash("secret of a")).await.unwrap(), None);
    assert_eq!((all_keys(&*pair.one, "shop").await.len(), pair.one.dev_keys("shop").await.unwrap().len()), (1, 1));
    assert!(pair.one.delete_dev_key("shop", "a").await.unwrap());
    assert!(pair.one.key("shop", "a").await.unwrap().is_some());
}

pub async fn a_dev_key_id_is_unique_in_a_project(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_project(project("other")).await.unwrap();
    pair.one.create_dev_key(dev_key("shop", "a")).await.unwrap();
    let mut second = dev_key("shop", "a");
    second.secret = hash("another");
    assert!(matches!(pair.other.create_dev_key(second.clone()).await, Err(StoreError::Duplicate)));
    second.project_id = "other".to_owned();
    pair.other.create_dev_key(second).await.unwrap();
}

pub async fn a_dev_key_needs_an_existing_project(pair: Pair) {
    assert!(matches!(pair.one.create_dev_key(dev_key("gone", "a")).await, Err(StoreError::ParentMissing)));
}

pub async fn a_dev_key_is_changed_and_deleted(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_dev_key(dev_key("shop", "a")).await.unwrap();
    let change = DevKeyChange { name: "New".parse().unwrap(), expire: at(900), updated_at: at(7) };
    let changed = pair.one.update_dev_key("shop", "a", change.clone()).await.unwrap().unwrap();
    assert_eq!((changed.name.as_str(), changed.expire, changed.updated_at, changed.created_at), ("New", at(900), at(7), at(1)));
    assert_eq!(pair.other.dev_key("shop", "a").await.unwrap(), Some(changed));
    assert_eq!(pair.one.update_dev_key("shop", "gone", change.clone()).await.unwrap(), None);
    pair.one.create_project(project("other")).await.unwrap();
    assert_eq!(pair.one.update_dev_key("other", "a", change).await.unwrap(), None);
    assert!(!pair.one.delete_dev_key("other", "a").await.unwrap());
    assert!(pair.one.delete_dev_key("shop", "a").await.unwrap());
    assert!(!pair.other.delete_dev_key("shop", "a").await.unwrap());
    assert_eq!(pair.other.dev_key_by_secret(&hash("dev secret of a")).await.unwrap(), None);
}

pub async fn uses_of_a_dev_key_are_recorded(pair: Pair) {
    let pair = pair.with_shop().await;
    let made = pair.one.create_dev_key(dev_key("shop", "a")).await.unwrap();
    for (used, sdk) in [(50, Some("web")), (20, None), (30, Some("web")), (40, Some("flutter"))] {
        pair.one.record_dev_key_use(made.sequence, at(used), sdk).await.unwrap();
    }
    let found = pair.other.dev_key("shop", "a").await.unwrap().unwrap();
    assert_eq!((found.accessed_at, found.updated_at), (Some(at(50)), at(1)));
    assert_eq!(found.sdks, ["web", "flutter"]);
    pair.one.record_dev_key_use(made.sequence + 1, at(0), Some("web")).await.unwrap();
}
