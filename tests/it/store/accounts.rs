//! Accounts and sessions.

use scopewise::server::store::StoreError;

use super::{Pair, account, at, hash, session};

pub async fn an_account_is_kept_as_it_was_given(pair: Pair) {
    assert!(!pair.other.has_account().await.unwrap());
    let made = pair.one.create_account(account("ada", "ada@example.com"), false).await.unwrap();
    assert!(pair.other.has_account().await.unwrap());
    assert_eq!((made.id.as_str(), made.email.as_str(), made.name.as_str()), ("ada", "ada@example.com", "Ada Lovelace é"));
    assert_eq!((made.blocked, made.created_at, made.updated_at, made.password_updated_at), (false, at(0), at(0), at(0)));
    let (found, password) = pair.other.account_by_email("ada@example.com").await.unwrap().unwrap();
    assert_eq!((found, password.as_str()), (made, "$argon2id$ada"));
    assert_eq!(pair.one.account_by_email("eve@example.com").await.unwrap(), None);
}

pub async fn an_email_and_an_id_are_taken_once(pair: Pair) {
    pair.one.create_account(account("ada", "ada@example.com"), false).await.unwrap();
    for (id, email) in [("ada", "other@example.com"), ("other", "ada@example.com")] {
        assert!(matches!(pair.other.create_account(account(id, email), false).await, Err(StoreError::Duplicate)), "{id}");
    }
    assert_eq!(pair.one.account_by_email("other@example.com").await.unwrap(), None);
    pair.other.create_account(account("other", "other@example.com"), false).await.unwrap();
}

pub async fn of_many_first_accounts_at_once_one_is_made(pair: Pair) {
    let tries = (0..16).map(|n| {
        let store = pair.turn(n);
        tokio::spawn(async move { store.create_account(account(&format!("a{n}"), &format!("a{n}@example.com")), true).await })
    });
    let mut made = 0;
    for one in tries.collect::<Vec<_>>() {
        match one.await.unwrap() {
            Ok(_) => made += 1,
            Err(error) => assert!(matches!(error, StoreError::Duplicate), "{error}"),
        }
    }
    assert_eq!(made, 1);
}

pub async fn the_first_account_is_not_made_beside_another(pair: Pair) {
    pair.one.create_account(account("ada", "ada@example.com"), false).await.unwrap();
    let second = pair.other.create_account(account("eve", "eve@example.com"), true).await;
    assert!(matches!(second, Err(StoreError::Duplicate)));
    assert_eq!(pair.one.account_by_email("eve@example.com").await.unwrap(), None);
}

pub async fn a_session_is_found_by_its_token_until_it_is_ended(pair: Pair) {
    let ada = pair.one.create_account(account("ada", "ada@example.com"), true).await.unwrap();
    let made = pair.one.create_session(session("s1", "ada", at(0)), 10).await.unwrap();
    assert_eq!(
        (made.id.as_str(), made.account_id.as_str(), made.ip.as_str(), made.client_name.as_str()),
        ("s1", "ada", "192.0.2.1", "Chrome")
    );
    assert_eq!((made.created_at, made.last_used_at, made.expires_at), (at(0), at(0), at(1000)));
    assert_eq!(pair.other.session_by_token(&hash("s1")).await.unwrap(), Some((made, ada)));
    assert_eq!(pair.other.session_by_token(&hash("s2")).await.unwrap(), None);
    assert!(pair.other.delete_session("ada", "s1").await.unwrap());
    assert_eq!(pair.one.session_by_token(&hash("s1")).await.unwrap(), None);
    assert!(!pair.one.delete_session("ada", "s1").await.unwrap());
}

pub async fn a_session_belongs_to_an_account_that_exists(pair: Pair) {
    let orphan = pair.one.create_session(session("s1", "nobody", at(0)), 10).await;
    assert!(matches!(orphan, Err(StoreError::ParentMissing)));
    assert_eq!(pair.other.session_by_token(&hash("s1")).await.unwrap(), None);
}

pub async fn the_oldest_sessions_end_beyond_what_is_kept(pair: Pair) {
    for name in ["ada", "eve"] {
        pair.one.create_account(account(name, &format!("{name}@example.com")), false).await.unwrap();
    }
    pair.one.create_session(session("of-eve", "eve", at(-100)), 3).await.unwrap();
    // Two of them begin in the same millisecond: the one that was made later is the newer.
    for (id, second) in [("s1", 0), ("s2", 1), ("s3", 1), ("s4", 2), ("s5", 3)] {
        pair.one.create_session(session(id, "ada", at(second)), 3).await.unwrap();
    }
    let ids = |sessions: Vec<scopewise::server::store::SessionRecord>| sessions.into_iter().map(|session| session.id).collect::<Vec<_>>();
    assert_eq!(ids(pair.other.sessions("ada").await.unwrap()), ["s5", "s4", "s3"]);
    assert_eq!(pair.other.session_by_token(&hash("s2")).await.unwrap(), None);
    assert_eq!(ids(pair.other.sessions("eve").await.unwrap()), ["of-eve"]);
    pair.other.delete_sessions("ada").await.unwrap();
    assert_eq!(ids(pair.one.sessions("ada").await.unwrap()), [""; 0]);
    assert_eq!(ids(pair.one.sessions("eve").await.unwrap()), ["of-eve"]);
    pair.other.delete_sessions("nobody").await.unwrap();
}

pub async fn sessions_that_begin_at_once_never_exceed_what_is_kept(pair: Pair) {
    pair.one.create_account(account("ada", "ada@example.com"), true).await.unwrap();
    let begun = (0..20).map(|n| {
        let store = pair.turn(n);
        tokio::spawn(async move { store.create_session(session(&format!("s{n}"), "ada", at(0)), 3).await.unwrap() })
    });
    for one in begun.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    assert_eq!(pair.other.sessions("ada").await.unwrap().len(), 3);
}

pub async fn the_last_use_of_a_session_never_moves_back(pair: Pair) {
    pair.one.create_account(account("ada", "ada@example.com"), true).await.unwrap();
    pair.one.create_session(session("s1", "ada", at(0)), 10).await.unwrap();
    for (used, last) in [(50, 50), (20, 50), (60, 60)] {
        pair.one.touch_session("s1", at(used)).await.unwrap();
        let (found, _) = pair.other.session_by_token(&hash("s1")).await.unwrap().unwrap();
        assert_eq!((found.last_used_at, found.created_at, found.expires_at), (at(last), at(0), at(1000)));
    }
    pair.one.touch_session("gone", at(1)).await.unwrap();
}

pub async fn a_session_is_ended_by_its_own_account_only(pair: Pair) {
    for name in ["ada", "eve"] {
        pair.one.create_account(account(name, &format!("{name}@example.com")), false).await.unwrap();
    }
    pair.one.create_session(session("s1", "ada", at(0)), 10).await.unwrap();
    assert!(!pair.other.delete_session("eve", "s1").await.unwrap());
    assert!(pair.one.session_by_token(&hash("s1")).await.unwrap().is_some());
}
