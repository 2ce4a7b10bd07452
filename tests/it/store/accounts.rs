//! Accounts and sessions.

use scopewise::server::store::{
    AccountChange, AccountRecord, Action, AuditQuery, Basis, FactorCode, NewFactor, StoreError, UsedCode, Write,
};

use super::{
    Pair, account, at,
    handle::{by_accounts, entry},
    hash, session,
};

pub async fn an_account_is_stored_unchanged(pair: Pair) {
    assert!(!pair.other.has_account().await.unwrap());
    let made = pair.one.create_account(account("ada", "ada@example.com"), false).await.unwrap();
    assert!(pair.other.has_account().await.unwrap());
    assert_eq!((made.id.as_str(), made.email.as_str(), made.name.as_str()), ("ada", "ada@example.com", "Ada Lovelace é"));
    assert_eq!((made.blocked, made.created_at, made.updated_at, made.password_updated_at), (false, at(0), at(0), at(0)));
    let (found, password) = pair.other.account_by_email("ada@example.com").await.unwrap().unwrap();
    assert_eq!((found, password.as_deref()), (made, Some("$argon2id$ada")));
    assert_eq!(pair.one.account_by_email("eve@example.com").await.unwrap(), None);
}

pub async fn a_code_is_used_up_once_and_together_with_its_change(pair: Pair) {
    for name in ["ada", "eve"] {
        pair.one.create_account(account(name, &format!("{name}@example.com")), false).await.unwrap();
    }
    let factor = |recovery: &[&str]| NewFactor {
        sealed: vec![1, 2, 3],
        last_step: 100,
        recovery_codes: recovery.iter().map(|code| hash(code)).collect(),
    };
    let on = |factor: NewFactor| AccountChange::SecondFactor { factor: Some(factor), keep_session: None };
    assert!(pair.one.second_factor("ada").await.unwrap().unwrap().1.is_none());
    assert!(pair.one.second_factor("nobody").await.unwrap().is_none());
    for (name, codes) in [("ada", ["a1", "a2"]), ("eve", ["e1", "e2"])] {
        let changed = pair.one.update_account(name, Action::SecondFactorOn, on(factor(&codes)), at(9)).await.unwrap().unwrap();
        assert_eq!((changed.second_factor, changed.version), (Some(at(9)), 2));
    }
    let left = async |name: &str| {
        let (_, factor) = pair.other.second_factor(name).await.unwrap().unwrap();
        let factor = factor.unwrap();
        let mut left: Vec<&str> = ["a1", "a2", "e1", "e2"].into_iter().filter(|code| factor.recovery_codes.contains(&hash(code))).collect();
        left.sort_unstable();
        (factor.sealed, factor.last_step, left.join(" "))
    };
    assert_eq!(left("ada").await, (vec![1, 2, 3], 100, "a1 a2".to_owned()));
    // A session that uses a code up, and the same with a change that cannot be made.
    let opened = async |id: &str, code: FactorCode| {
        let entry = entry(Action::SessionCreate, id);
        let basis = Basis { code: Some(UsedCode { account_id: "ada".to_owned(), code }), ..Basis::default() };
        let done = pair.turn(1).0.create_session(session(id, "ada", at(0)), 10, Write { basis, entry }).await;
        if let Err(error) = &done {
            assert!(matches!(error, StoreError::Stale), "{error}");
        }
        done.is_ok()
    };
    assert!(!opened("s1", FactorCode::Step(99)).await && !opened("s1", FactorCode::Step(100)).await);
    assert!(opened("s1", FactorCode::Step(101)).await);
    assert!(!opened("s2", FactorCode::Step(101)).await);
    assert!(opened("s2", FactorCode::Recovery(hash("a1"))).await);
    assert!(!opened("s3", FactorCode::Recovery(hash("a1"))).await);
    // The code of another account.
    assert!(!opened("s3", FactorCode::Recovery(hash("e1"))).await);
    // A session whose id is taken is not opened, and the code stays.
    let taken = async {
        let basis =
            Basis { code: Some(UsedCode { account_id: "ada".to_owned(), code: FactorCode::Recovery(hash("a2")) }), ..Basis::default() };
        pair.one.0.create_session(session("s1", "ada", at(0)), 10, Write { basis, entry: entry(Action::SessionCreate, "s1") }).await
    };
    assert!(taken.await.is_err());
    assert_eq!(left("ada").await, (vec![1, 2, 3], 101, "a2".to_owned()));
    assert_eq!(left("eve").await, (vec![1, 2, 3], 100, "e1 e2".to_owned()));
    let new = AccountChange::RecoveryCodes(vec![hash("a1")]);
    pair.one.update_account("ada", Action::RecoveryCodesRenew, new, at(10)).await.unwrap().unwrap();
    assert_eq!(left("ada").await.2, "a1");
    let off = AccountChange::SecondFactor { factor: None, keep_session: Some("s2".to_owned()) };
    let changed = pair.one.update_account("ada", Action::SecondFactorOff, off, at(11)).await.unwrap().unwrap();
    assert_eq!((changed.second_factor, pair.other.second_factor("ada").await.unwrap().unwrap().1.is_none()), (None, true));
    let sessions = pair.other.sessions("ada").await.unwrap();
    assert_eq!(sessions.iter().map(|session| session.id.as_str()).collect::<Vec<_>>(), ["s2"]);
    // The codes of a deleted account are gone: its successor may have the same.
    assert!(pair.one.delete_account("eve").await.unwrap());
    pair.one.create_account(account("eve", "eve@example.com"), false).await.unwrap();
    pair.one.update_account("eve", Action::SecondFactorOn, on(factor(&["e1", "e2"])), at(12)).await.unwrap().unwrap();
}

pub async fn an_email_and_an_id_are_unique(pair: Pair) {
    pair.one.create_account(account("ada", "ada@example.com"), false).await.unwrap();
    for (id, email) in [("ada", "other@example.com"), ("other", "ada@example.com")] {
        assert!(matches!(pair.other.create_account(account(id, email), false).await, Err(StoreError::Duplicate)), "{id}");
    }
    assert_eq!(pair.one.account_by_email("other@example.com").await.unwrap(), None);
    pair.other.create_account(account("other", "other@example.com"), false).await.unwrap();
}

pub async fn of_many_concurrent_first_accounts_one_is_created(pair: Pair) {
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

pub async fn the_first_account_is_not_created_if_another_exists(pair: Pair) {
    pair.one.create_account(account("ada", "ada@example.com"), false).await.unwrap();
    let second = pair.other.create_account(account("eve", "eve@example.com"), true).await;
    assert!(matches!(second, Err(StoreError::Duplicate)));
    assert_eq!(pair.one.account_by_email("eve@example.com").await.unwrap(), None);
}

pub async fn a_session_is_found_by_its_token_until_it_ends(pair: Pair) {
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

pub async fn a_session_needs_an_existing_account(pair: Pair) {
    let orphan = pair.one.create_session(session("s1", "nobody", at(0)), 10).await;
    assert!(matches!(orphan, Err(StoreError::ParentMissing)));
    assert_eq!(pair.other.session_by_token(&hash("s1")).await.unwrap(), None);
}

pub async fn the_oldest_sessions_end_beyond_the_limit(pair: Pair) {
    for name in ["ada", "eve"] {
        pair.one.create_account(account(name, &format!("{name}@example.com")), false).await.unwrap();
    }
    pair.one.create_session(session("of-eve", "eve", at(-100)), 3).await.unwrap();
    // Two of them begin in the same millisecond: the one that was created later is newer.
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

pub async fn concurrent_sessions_never_exceed_the_limit(pair: Pair) {
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

pub async fn only_its_own_account_can_end_a_session(pair: Pair) {
    for name in ["ada", "eve"] {
        pair.one.create_account(account(name, &format!("{name}@example.com")), false).await.unwrap();
    }
    pair.one.create_session(session("s1", "ada", at(0)), 10).await.unwrap();
    assert!(!pair.other.delete_session("eve", "s1").await.unwrap());
    assert!(pair.one.session_by_token(&hash("s1")).await.unwrap().is_some());
}

/// Ada and Eve, each with two sessions.
async fn two_people(pair: &Pair) -> [AccountRecord; 2] {
    for name in ["ada", "eve"] {
        pair.one.create_account(account(name, &format!("{name}@example.com")), false).await.unwrap();
        for n in 1..=2 {
            pair.one.create_session(session(&format!("{name}{n}"), name, at(n)), 10).await.unwrap();
        }
    }
    [pair.one.account("ada").await.unwrap().unwrap(), pair.one.account("eve").await.unwrap().unwrap()]
}

async fn sessions(pair: &Pair, account_id: &str) -> Vec<String> {
    pair.other.sessions(account_id).await.unwrap().into_iter().map(|session| session.id).collect()
}

/// The log entries about accounts, oldest first.
async fn log(pair: &Pair) -> Vec<(String, String)> {
    let entries = pair.other.audit(AuditQuery { project: None, limit: 100, ..AuditQuery::default() }).await.unwrap();
    let all = entries.into_iter().rev().map(|record| (record.entry.action.as_str().to_owned(), record.entry.target_id));
    all.filter(|(action, _)| action.starts_with("account.") && action != "account.create").collect()
}

fn password(hash: &str, keep_session: Option<&str>) -> AccountChange {
    AccountChange::Password { hash: hash.to_owned(), keep_session: keep_session.map(str::to_owned) }
}

fn stale<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    assert!(matches!(answer, Err(StoreError::Stale)), "{answer:?}");
}

pub async fn accounts_are_listed_oldest_first(pair: Pair) {
    assert_eq!(pair.one.accounts().await.unwrap(), []);
    let late = scopewise::server::store::NewAccount { created_at: at(5), ..account("a", "a@example.com") };
    let late = pair.one.create_account(late, false).await.unwrap();
    let early = pair.other.create_account(account("b", "b@example.com"), false).await.unwrap();
    assert_eq!(early.version, 1);
    assert_eq!(pair.one.accounts().await.unwrap(), [early, late]);
}

pub async fn an_account_is_renamed(pair: Pair) {
    let [ada, eve] = two_people(&pair).await;
    let name = AccountChange::Name("Ada “é”".to_owned());
    let renamed = pair.one.update_account("ada", Action::AccountUpdate, name, at(9)).await.unwrap().unwrap();
    assert_eq!(renamed, AccountRecord { name: "Ada “é”".to_owned(), updated_at: at(9), version: 2, ..ada });
    assert_eq!(pair.other.accounts().await.unwrap(), [renamed, eve]);
    assert_eq!(pair.other.account_by_email("ada@example.com").await.unwrap().unwrap().1.as_deref(), Some("$argon2id$ada"));
    assert_eq!(sessions(&pair, "ada").await, ["ada2", "ada1"]);
    assert_eq!(log(&pair).await, [("account.update".to_owned(), "ada".to_owned())]);
}

pub async fn a_new_password_ends_all_other_sessions(pair: Pair) {
    let [ada, _] = two_people(&pair).await;
    let changed = pair.one.update_account("ada", Action::AccountPassword, password("$new", Some("ada1")), at(9)).await.unwrap().unwrap();
    assert_eq!(changed, AccountRecord { updated_at: at(9), password_updated_at: at(9), version: 2, ..ada });
    assert_eq!(pair.other.account_by_email("ada@example.com").await.unwrap(), Some((changed, Some("$new".to_owned()))));
    assert_eq!(sessions(&pair, "ada").await, ["ada1"]);
    assert_eq!(pair.other.session_by_token(&hash("ada2")).await.unwrap(), None);
    // The session of another account is not kept, and an account's change ends no session of another account.
    pair.one.update_account("ada", Action::AccountPassword, password("$newer", Some("eve1")), at(10)).await.unwrap().unwrap();
    assert_eq!((sessions(&pair, "ada").await, sessions(&pair, "eve").await.len()), (vec![], 2));
    pair.one.update_account("eve", Action::AccountPassword, password("$eve", None), at(10)).await.unwrap().unwrap();
    assert_eq!(sessions(&pair, "eve").await, [""; 0]);
    assert_eq!(log(&pair).await.len(), 3);
}

pub async fn a_disabled_account_has_no_session_left(pair: Pair) {
    let [ada, _] = two_people(&pair).await;
    let disabled = pair.one.update_account("ada", Action::AccountDisable, AccountChange::Blocked(true), at(9)).await.unwrap().unwrap();
    assert_eq!(disabled, AccountRecord { blocked: true, updated_at: at(9), version: 2, ..ada.clone() });
    assert_eq!(pair.other.session_by_token(&hash("ada1")).await.unwrap(), None);
    assert_eq!((sessions(&pair, "ada").await, sessions(&pair, "eve").await.len()), (vec![], 2));
    // A change that one of her sessions started does not complete.
    let basis = Basis { session: Some("ada1".to_owned()), ..Basis::default() };
    stale(pair.other.0.record(Write { basis, entry: entry(Action::SessionDelete, "x") }).await);
    let enabled = pair.other.update_account("ada", Action::AccountEnable, AccountChange::Blocked(false), at(10)).await.unwrap().unwrap();
    assert_eq!(enabled, AccountRecord { updated_at: at(10), version: 3, ..ada });
    assert_eq!(sessions(&pair, "ada").await, [""; 0]);
    let actions: Vec<String> = log(&pair).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, ["account.disable", "account.enable"]);
}

pub async fn deleting_an_account_deletes_its_sessions(pair: Pair) {
    let [_, eve] = two_people(&pair).await;
    assert!(pair.one.delete_account("ada").await.unwrap());
    assert!(!pair.one.delete_account("ada").await.unwrap());
    assert_eq!(pair.other.accounts().await.unwrap(), [eve]);
    assert_eq!(pair.other.account_by_email("ada@example.com").await.unwrap(), None);
    assert_eq!(pair.other.session_by_token(&hash("ada1")).await.unwrap(), None);
    assert_eq!(log(&pair).await, [("account.delete".to_owned(), "ada".to_owned())]);
    assert!(pair.other.delete_account("eve").await.unwrap());
    assert!(!pair.one.has_account().await.unwrap());
    pair.other.create_account(account("again", "ada@example.com"), true).await.unwrap();
}

pub async fn an_account_changes_only_if_its_basis_is_unchanged(pair: Pair) {
    let [ada, eve] = two_people(&pair).await;
    let name = |name: &str| AccountChange::Name(name.to_owned());
    let by = |account: &AccountRecord, session: &str| {
        let Write { basis, entry } = by_accounts(Action::AccountUpdate, &[account]);
        Write { basis: Basis { session: Some(session.to_owned()), ..basis }, entry }
    };
    let newer = pair.one.0.update_account("ada", name("new"), at(1), by(&ada, "ada1")).await.unwrap();
    stale(pair.one.0.update_account("ada", name("x"), at(2), by(&ada, "ada1")).await);
    stale(pair.one.0.update_account("ada", AccountChange::Blocked(true), at(2), by(&ada, "ada1")).await);
    stale(pair.one.0.update_account("ada", password("x", None), at(2), by(&ada, "ada1")).await);
    stale(pair.one.0.delete_account("ada", by(&ada, "ada1")).await);
    pair.other.delete_session("ada", "ada1").await.unwrap();
    stale(pair.one.0.update_account("ada", name("x"), at(2), by(&newer, "ada1")).await);
    // A used session or a new session does not change the account's version.
    pair.other.touch_session("ada2", at(5)).await.unwrap();
    pair.other.create_session(session("ada3", "ada", at(5)), 10).await.unwrap();
    let newest = pair.one.0.update_account("ada", name("newest"), at(3), by(&newer, "ada2")).await.unwrap();
    // The decision also depends on the other account.
    pair.other.update_account("eve", Action::AccountUpdate, name("Eve"), at(4)).await.unwrap().unwrap();
    stale(pair.one.0.delete_account("ada", by_accounts(Action::AccountDelete, &[&newest, &eve])).await);
    assert!(pair.other.delete_account("eve").await.unwrap());
    stale(pair.one.0.delete_account("ada", by_accounts(Action::AccountDelete, &[&newest, &eve])).await);
    stale(pair.one.0.update_account("gone", name("x"), at(2), entry(Action::AccountUpdate, "gone").into()).await);
    stale(pair.one.0.delete_account("gone", entry(Action::AccountDelete, "gone").into()).await);
    assert_eq!(pair.other.accounts().await.unwrap(), [newest]);
    assert_eq!(sessions(&pair, "ada").await, ["ada3", "ada2"]);
    assert_eq!(log(&pair).await.len(), 4, "a refused change leaves no entry");
}

pub async fn of_two_accounts_that_disable_each_other_one_stays(pair: Pair) {
    two_people(&pair).await;
    for round in 0..20 {
        let [ada, eve] = [pair.one.account("ada").await.unwrap().unwrap(), pair.one.account("eve").await.unwrap().unwrap()];
        let pairs = [(ada.clone(), eve.clone()), (eve, ada)];
        let tries = pairs.into_iter().enumerate().map(|(n, (target, other))| {
            let store = pair.turn(n);
            tokio::spawn(async move {
                let write = by_accounts(Action::AccountDisable, &[&target, &other]);
                store.0.update_account(&target.id, AccountChange::Blocked(true), at(round), write).await
            })
        });
        let mut disabled = Vec::new();
        for one in tries.collect::<Vec<_>>() {
            match one.await.unwrap() {
                Ok(account) => disabled.push(account.id),
                Err(error) => assert!(matches!(error, StoreError::Stale), "{error}"),
            }
        }
        assert_eq!(disabled.len(), 1, "round {round}");
        pair.one.update_account(&disabled[0], Action::AccountEnable, AccountChange::Blocked(false), at(round)).await.unwrap().unwrap();
    }
}

pub async fn a_replaced_password_starts_no_session(pair: Pair) {
    let [ada, eve] = two_people(&pair).await;
    let judged = |account: &AccountRecord| by_accounts(Action::SessionCreate, &[account]);
    pair.other.update_account("ada", Action::AccountPassword, password("$new", None), at(9)).await.unwrap().unwrap();
    stale(pair.one.0.create_session(session("late", "ada", at(9)), 10, judged(&ada)).await);
    pair.other.update_account("eve", Action::AccountDisable, AccountChange::Blocked(true), at(9)).await.unwrap().unwrap();
    stale(pair.one.0.create_session(session("late", "eve", at(9)), 10, judged(&eve)).await);
    assert_eq!((sessions(&pair, "ada").await, sessions(&pair, "eve").await), (vec![], vec![]));
    let ada = pair.one.account("ada").await.unwrap().unwrap();
    pair.one.0.create_session(session("right", "ada", at(9)), 10, judged(&ada)).await.unwrap();
    assert_eq!(sessions(&pair, "ada").await, ["right"]);
}

pub async fn concurrent_changes_of_one_account_never_deadlock(pair: Pair) {
    two_people(&pair).await;
    for round in 0..10 {
        let ada = pair.one.account("ada").await.unwrap().unwrap();
        let names: Vec<String> = (0..6).map(|n| format!("r{round}s{n}")).collect();
        for name in &names {
            pair.one.create_session(session(name, "ada", at(round)), 10).await.unwrap();
        }
        // Each change comes from a session that the other changes end.
        let changes: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(n, name)| {
                let (store, name, ada) = (pair.turn(n), name.clone(), ada.clone());
                tokio::spawn(async move {
                    let Write { basis, entry } = by_accounts(Action::AccountPassword, &[&ada]);
                    let write = Write { basis: Basis { session: Some(name.clone()), ..basis }, entry };
                    store.0.update_account("ada", password(&name, Some(&name)), at(round), write).await.is_ok()
                })
            })
            .collect();
        let ends: Vec<_> = (0..2)
            .map(|n| {
                let store = pair.turn(n);
                tokio::spawn(async move { store.delete_sessions("ada").await.unwrap() })
            })
            .collect();
        let mut done = 0;
        for change in changes {
            done += usize::from(change.await.unwrap());
        }
        for end in ends {
            end.await.unwrap();
        }
        assert!(done <= 1, "{done} of those that were judged by one state");
        assert!(sessions(&pair, "ada").await.len() <= 1);
    }
}
