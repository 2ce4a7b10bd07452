//! Projects, their policies and signing keys.

use scopewise::{
    key::{BrowserUse, KeyCreation, Policy},
    server::store::{Action, AuditQuery, KeyChange, StoreError},
};

use super::handle::{by_project, entry};
use super::{Pair, all_keys, at, dev_key, hash, key, project};

pub async fn a_project_is_stored_unchanged(pair: Pair) {
    let made = pair.one.create_project(project("shop")).await.unwrap();
    assert_eq!((made.id.as_str(), made.name.as_str()), ("shop", "Project shop"));
    assert_eq!((made.created_at, made.updated_at, made.pinged_at), (at(0), at(0), None));
    assert_eq!((made.policy, made.policy_updated_at, made.signing_key_id.clone()), (Policy::default(), None, None));
    assert_eq!(pair.other.project("shop").await.unwrap(), Some(made));
}

pub async fn a_project_id_is_unique(pair: Pair) {
    let made = pair.one.create_project(project("shop")).await.unwrap();
    let mut second = project("shop");
    second.name = "Other".parse().unwrap();
    assert!(matches!(pair.other.create_project(second).await, Err(StoreError::Duplicate)));
    assert_eq!(pair.other.projects().await.unwrap(), [made]);
}

pub async fn projects_are_listed_oldest_first(pair: Pair) {
    for id in ["b", "c", "a"] {
        pair.one.create_project(project(id)).await.unwrap();
    }
    let found = pair.other.projects().await.unwrap();
    assert_eq!(found.iter().map(|project| project.id.as_str()).collect::<Vec<_>>(), ["b", "c", "a"]);
    assert!(found.is_sorted_by(|one, next| one.sequence < next.sequence));
}

pub async fn a_project_is_renamed(pair: Pair) {
    let made = pair.one.create_project(project("shop")).await.unwrap();
    let renamed = pair.one.rename_project("shop", "Web shop", at(9)).await.unwrap().unwrap();
    assert_eq!((renamed.name.as_str(), renamed.updated_at, renamed.created_at), ("Web shop", at(9), made.created_at));
    assert_eq!(pair.other.project("shop").await.unwrap(), Some(renamed));
}

pub async fn the_first_ping_stays(pair: Pair) {
    pair.one.create_project(project("shop")).await.unwrap();
    for second in [5, 3, 9] {
        pair.one.note_ping("shop", at(second)).await.unwrap();
        assert_eq!(pair.other.project("shop").await.unwrap().unwrap().pinged_at, Some(at(5)));
    }
    pair.one.note_ping("gone", at(1)).await.unwrap();
}

pub async fn a_policy_is_replaced_as_a_whole(pair: Pair) {
    let pair = pair.with_shop().await;
    let strict = Policy {
        key_creation: "denied".parse().unwrap(),
        max_lifetime_seconds: Some(3600),
        require_expiry: true,
        browser_use: "allow".parse().unwrap(),
        edition: Some("server-1.9".parse().unwrap()),
    };
    let changed = pair.one.set_policy("shop", strict, at(4)).await.unwrap().unwrap();
    assert_eq!((changed.policy, changed.policy_updated_at, changed.updated_at), (strict, Some(at(4)), at(0)));
    assert_eq!(pair.other.project("shop").await.unwrap(), Some(changed));
    for key_creation in KeyCreation::ALL {
        for browser_use in BrowserUse::ALL {
            let policy = Policy { key_creation: *key_creation, browser_use: *browser_use, ..strict };
            pair.one.set_policy("shop", policy, at(4)).await.unwrap();
            assert_eq!(pair.other.project("shop").await.unwrap().unwrap().policy, policy);
        }
    }
    let back = pair.other.set_policy("shop", Policy::default(), at(5)).await.unwrap().unwrap();
    assert_eq!((back.policy, back.policy_updated_at), (Policy::default(), Some(at(5))));
}

pub async fn deleting_a_project_deletes_everything_in_it(pair: Pair) {
    let pair = pair.with_shop().await;
    pair.one.create_project(project("other")).await.unwrap();
    pair.one.create_key(key("shop", "a")).await.unwrap();
    pair.one.create_key(key("other", "b")).await.unwrap();
    pair.one.create_dev_key(dev_key("shop", "d")).await.unwrap();
    assert!(pair.one.delete_project("shop").await.unwrap());
    let store = &pair.other;
    assert_eq!(store.project("shop").await.unwrap(), None);
    assert_eq!(all_keys(&**store, "shop").await, []);
    assert_eq!(store.key_by_secret(&hash("secret of a"), at(0)).await.unwrap(), None);
    assert_eq!(store.dev_key_by_secret(&hash("dev secret of d")).await.unwrap(), None);
    assert!(store.key_by_secret(&hash("secret of b"), at(0)).await.unwrap().is_some());
    assert!(!store.delete_project("shop").await.unwrap());
    // A new project with this id is empty, and its keys can use the freed secrets.
    pair.one.create_project(project("shop")).await.unwrap();
    assert_eq!(all_keys(&**store, "shop").await, []);
    store.create_key(key("shop", "a")).await.unwrap();
}

pub async fn all_callers_get_the_same_signing_key(pair: Pair) {
    let pair = pair.with_shop().await;
    let asked = (0..16).map(|n| {
        let store = pair.turn(n);
        tokio::spawn(async move { store.ensure_signing_key("shop", &format!("signer{n}")).await.unwrap().unwrap() })
    });
    let mut answers = Vec::new();
    for one in asked.collect::<Vec<_>>() {
        answers.push(one.await.unwrap());
    }
    let kept = pair.one.project("shop").await.unwrap().unwrap().signing_key_id.unwrap();
    assert!(answers.iter().all(|answer| *answer == kept), "{answers:?}");
}

pub async fn a_signing_key_is_replaced(pair: Pair) {
    let pair = pair.with_shop().await;
    assert_eq!(pair.one.ensure_signing_key("shop", "first").await.unwrap().as_deref(), Some("first"));
    pair.one.create_project(project("other")).await.unwrap();
    assert_eq!(pair.one.ensure_signing_key("other", "theirs").await.unwrap().as_deref(), Some("theirs"));
    assert!(pair.one.rotate_signing_key("shop", "second").await.unwrap());
    assert_eq!(pair.other.project("other").await.unwrap().unwrap().signing_key_id.as_deref(), Some("theirs"));
    assert_eq!(pair.other.project("shop").await.unwrap().unwrap().signing_key_id.as_deref(), Some("second"));
    assert_eq!(pair.other.ensure_signing_key("shop", "third").await.unwrap().as_deref(), Some("second"));
}

pub async fn a_missing_row_is_not_an_error(pair: Pair) {
    let store = &pair.one;
    store.ping().await.unwrap();
    assert_eq!(store.project("gone").await.unwrap(), None);
    assert_eq!(store.projects().await.unwrap(), []);
    assert_eq!(store.rename_project("gone", "Name", at(0)).await.unwrap(), None);
    assert!(!store.delete_project("gone").await.unwrap());
    assert_eq!(store.set_policy("gone", Policy::default(), at(0)).await.unwrap(), None);
    assert_eq!(store.ensure_signing_key("gone", "id").await.unwrap(), None);
    assert!(!store.rotate_signing_key("gone", "id").await.unwrap());
    let query = AuditQuery { project: Some(4711), limit: 10, ..AuditQuery::default() };
    assert_eq!(store.audit(query).await.unwrap(), []);
}

pub async fn the_organization_has_keys_and_is_not_a_project(pair: Pair) {
    let (one, other) = (&pair.one, &pair.other);
    let organization = one.organization().await.unwrap();
    assert!(organization.is_organization() && organization.log().is_none());
    assert_eq!((organization.policy, organization.version), (Policy::default(), 1));
    // No method finds, lists or deletes it as a project.
    let secret = hash("secret of a");
    let id = organization.id.clone();
    assert_eq!((one.project(&id).await.unwrap(), one.projects().await.unwrap()), (None, vec![]));
    assert!(matches!(
        one.0.delete_project(organization.sequence, by_project(Action::ProjectDelete, &organization)).await,
        Err(StoreError::Stale)
    ));
    assert!(
        matches!(one.0.create_project(project("shop"), entry(Action::ProjectCreate, "shop").into()).await, Ok(made) if made.sequence == 1)
    );
    // Its keys are stored like all other keys.
    let made = one.create_key(key(&id, "a")).await.unwrap();
    assert!(made.is_of_organization());
    assert_eq!(other.key_by_secret(&secret, at(2)).await.unwrap(), Some(made.clone()));
    assert_eq!(all_keys(&*other.0, &id).await, std::slice::from_ref(&made));
    for _ in 0..2 {
        let (project, key) = other.project_and_key(&id, &secret, at(2)).await.unwrap();
        assert_eq!((project, key.unwrap().record().unwrap()), (None, made.clone()));
        // This also holds when it is cached.
        assert_eq!(other.organization().await.unwrap(), organization);
        assert_eq!(other.project(&id).await.unwrap(), None);
    }
    // Every replica sees its policy, and changes of its keys depend on it.
    let policy = Policy { key_creation: KeyCreation::Subset, ..Policy::default() };
    one.0.set_policy(organization.sequence, policy, at(3), by_project(Action::PolicyUpdate, &organization)).await.unwrap();
    assert_eq!(other.organization().await.unwrap().policy, policy);
    let stale = other.0.update_key(made.sequence, change("b"), by_project(Action::KeyUpdate, &organization)).await;
    assert!(matches!(stale, Err(StoreError::Stale)));
}

fn change(name: &str) -> KeyChange {
    KeyChange { name: name.parse().unwrap(), description: None, scopes: vec![], expire: None, updated_at: at(4) }
}
