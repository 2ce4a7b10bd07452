//! What people do with their own account, and what they notice of an operator's doing.

use axum::{body::Body, http::Method};
use futures_util::stream;
use scopewise::server::{
    Caller,
    http::Interface,
    random::SeededRandom,
    service::accounts::{AccountError, Accounts, Last},
    store,
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::world::{Client, EMAIL, PASSWORD, World};

const NAME: &str = "/v1/account/name";
const OWN_PASSWORD: &str = "/v1/account/password";
const SIGN_IN: &str = "/v1/account/sessions/email";
const NEW: &str = "a wholly new password";
const EVE: &str = "eve@example.com";

/// An account, another one, and the session of the first on the console.
async fn two_people() -> (World, Client) {
    let world = World::empty();
    let ada = world.set_up().await;
    scopewise::server::service::create_account(&*world.store, &*world.clock, &SeededRandom::new(9), EVE, PASSWORD, "").await.unwrap();
    (world, ada)
}

async fn sign_in(world: &World, email: &str, password: &str) -> Client {
    let answer = world.anonymous().post(SIGN_IN, json!({ "email": email, "password": password })).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    world.anonymous().with("cookie", &answer.cookie())
}

fn operator(world: &World) -> Accounts<'_> {
    Accounts { store: &*world.store, clock: &*world.clock, caller: Caller::command_line() }
}

/// Another server on the same database.
async fn replica(world: &World) -> Interface {
    world.replica(store::open(&world.database()).await.unwrap())
}

/// The server's log: action, outcome and detail, newest first.
async fn log(world: &World, person: &Client) -> Vec<[String; 4]> {
    world.app.settle().await;
    let log = person.get("/v1/console/audit?limit=5000").await.ok(200);
    let text = |entry: &Value, member: &str| entry[member].as_str().unwrap().to_owned();
    log["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| ["action", "actorName", "outcome", "detail"].map(|member| text(entry, member)))
        .collect()
}

#[tokio::test]
async fn a_person_changes_the_name() {
    let (world, ada) = two_people().await;
    let before = ada.get("/v1/account").await.ok(200);
    world.clock.advance_seconds(60);
    let renamed = ada.patch(NAME, json!({ "name": "Ada “é” 🔑" })).await.ok(200);
    let wanted = {
        let mut wanted = before.clone();
        wanted["name"] = json!("Ada “é” 🔑");
        wanted["$updatedAt"] = json!(world.now().to_string());
        wanted
    };
    assert_eq!(renamed, wanted);
    assert_eq!(ada.get("/v1/account").await.ok(200)["name"], "Ada “é” 🔑");
    assert_eq!(ada.patch(NAME, json!({ "name": "" })).await.ok(200)["name"], "");
    assert_eq!(log(&world, &ada).await[0], ["account.update", EMAIL, "done", ""]);
    for body in [json!({}), json!({ "name": 1 }), json!({ "name": "x".repeat(129) }), json!({ "name": "a\nb" })] {
        ada.patch(NAME, body).await.refused(400, "general_argument_invalid");
    }
    world.anonymous().patch(NAME, json!({ "name": "Eve" })).await.refused(401, "general_unauthorized_scope");
    ada.with("sec-fetch-site", "cross-site").patch(NAME, json!({ "name": "Eve" })).await.refused(403, "general_unknown_origin");
    assert_eq!(sign_in(&world, EVE, PASSWORD).await.get("/v1/account").await.ok(200)["name"], "");
}

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_the_old_password() {
    let (world, ada) = two_people().await;
    let (other, eve) = (sign_in(&world, EMAIL, PASSWORD).await, sign_in(&world, EVE, PASSWORD).await);
    world.clock.advance_seconds(60);
    let elsewhere = replica(&world).await;
    let changed = ada.patch(OWN_PASSWORD, json!({ "password": NEW, "oldPassword": PASSWORD })).await.ok(200);
    assert_eq!(changed["passwordUpdate"], json!(world.now().to_string()));
    for client in [&other, &other.at_interface(&elsewhere)] {
        client.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    }
    assert_eq!(ada.get("/v1/account/sessions").await.ok(200)["total"], 1);
    ada.at_interface(&elsewhere).get("/v1/account").await.ok(200);
    eve.get("/v1/account").await.ok(200);
    let old = world.anonymous().post(SIGN_IN, json!({ "email": EMAIL, "password": PASSWORD })).await;
    old.refused(401, "user_invalid_credentials");
    sign_in(&world, EMAIL, NEW).await.get("/v1/account").await.ok(200);
    let entries = log(&world, &ada).await;
    assert!(entries.contains(&["account.password", EMAIL, "done", ""].map(str::to_owned)), "{entries:?}");
}

#[tokio::test]
async fn a_wrong_old_password_changes_nothing_and_cannot_be_guessed() {
    let (world, ada) = two_people().await;
    let other = sign_in(&world, EMAIL, PASSWORD).await;
    let guess = |old: Value| json!({ "password": NEW, "oldPassword": old });
    for old in [json!("wrong password"), json!(""), json!(null), json!(NEW)] {
        let message = ada.patch(OWN_PASSWORD, guess(old)).await.refused(401, "user_invalid_credentials");
        assert_eq!(message, "The current password is wrong.");
    }
    assert_eq!(log(&world, &ada).await[0], ["account.password", EMAIL, "refused", "user_invalid_credentials"]);
    for _ in 4..10 {
        ada.patch(OWN_PASSWORD, guess(json!("wrong password"))).await.refused(401, "user_invalid_credentials");
    }
    let refused = ada.patch(OWN_PASSWORD, guess(json!(PASSWORD))).await;
    assert_eq!(refused.header("retry-after"), "3600");
    refused.refused(429, "general_rate_limit_exceeded");
    // A guesser with a stolen session does not keep the person from it.
    other.get("/v1/account").await.ok(200);
    other.patch(OWN_PASSWORD, guess(json!(PASSWORD))).await.ok(200);
    ada.get("/v1/account").await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_success_forgets_wrong_old_passwords() {
    let (world, ada) = two_people().await;
    for round in 0..2 {
        for _ in 0..9 {
            let body = json!({ "password": NEW, "oldPassword": "wrong password" });
            ada.patch(OWN_PASSWORD, body).await.refused(401, "user_invalid_credentials");
        }
        let (old, new) = if round == 0 { (PASSWORD, NEW) } else { (NEW, PASSWORD) };
        ada.patch(OWN_PASSWORD, json!({ "password": new, "oldPassword": old })).await.ok(200);
    }
    drop(world);
}

#[tokio::test]
async fn an_invalid_new_password_is_refused_before_the_old_one_is_checked() {
    let (_world, ada) = two_people().await;
    for (parameter, body) in [
        ("password", json!({ "oldPassword": PASSWORD })),
        ("password", json!({ "password": "short", "oldPassword": PASSWORD })),
        ("password", json!({ "password": "x".repeat(257), "oldPassword": PASSWORD })),
        ("password", json!({ "password": 12_345_678, "oldPassword": PASSWORD })),
        ("oldPassword", json!({ "password": NEW, "oldPassword": "x".repeat(257) })),
        ("oldPassword", json!({ "password": NEW, "oldPassword": 1 })),
    ] {
        for _ in 0..3 {
            let message = ada.patch(OWN_PASSWORD, body.clone()).await.refused(400, "general_argument_invalid");
            assert!(message.contains(&format!("`{parameter}`")) && !message.contains("x".repeat(9).as_str()), "{message}");
        }
    }
    ada.patch(OWN_PASSWORD, json!({ "password": NEW, "oldPassword": PASSWORD })).await.ok(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_sessions_that_change_the_password_at_once_one_stays() {
    let (world, ada) = two_people().await;
    let sessions = [ada, sign_in(&world, EMAIL, PASSWORD).await];
    let changes = sessions.clone().map(|session| {
        tokio::spawn(async move { session.patch(OWN_PASSWORD, json!({ "password": NEW, "oldPassword": PASSWORD })).await.status.as_u16() })
    });
    let mut statuses = Vec::new();
    for change in changes {
        statuses.push(change.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let mut living = 0;
    for session in &sessions {
        living += usize::from(session.get("/v1/account").await.status == 200);
    }
    assert_eq!(living, 1);
}

#[tokio::test]
async fn a_disabled_account_is_out_at_its_next_request_on_every_replica() {
    let (world, ada) = two_people().await;
    let eve = sign_in(&world, EVE, PASSWORD).await;
    let elsewhere = replica(&world).await;
    eve.at_interface(&elsewhere).get("/v1/account").await.ok(200);
    let disabled = operator(&world).disable("EVE@example.com", Last::Stays).await.unwrap().unwrap();
    assert!(!disabled.status);
    for client in [&eve, &eve.at_interface(&elsewhere)] {
        client.get("/v1/account").await.refused(401, "general_unauthorized_scope");
        client.post("/v1/organization/projects", json!({ "projectId": "p", "name": "P" })).await.refused(401, "general_unauthorized_scope");
    }
    for interface in [world.anonymous(), world.anonymous().at_interface(&elsewhere)] {
        interface.post(SIGN_IN, json!({ "email": EVE, "password": PASSWORD })).await.refused(403, "user_blocked");
        // Only a client with the right password learns that the account is blocked.
        interface.post(SIGN_IN, json!({ "email": EVE, "password": "wrong password" })).await.refused(401, "user_invalid_credentials");
    }
    assert!(operator(&world).disable(EVE, Last::Stays).await.unwrap().is_none());
    operator(&world).enable(EVE).await.unwrap().unwrap();
    assert!(operator(&world).enable(EVE).await.unwrap().is_none());
    eve.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    sign_in(&world, EVE, PASSWORD).await.get("/v1/account").await.ok(200);
    let entries = log(&world, &ada).await;
    let entries: Vec<&[String; 4]> =
        entries.iter().filter(|entry| entry[0].starts_with("account.") && entry[0] != "account.create").collect();
    assert_eq!(
        entries,
        [&["account.enable", "", "done", EVE].map(str::to_owned), &["account.disable", "", "done", EVE].map(str::to_owned)]
    );
}

#[tokio::test]
async fn what_a_person_has_begun_is_not_done_once_the_account_is_disabled() {
    let (world, _ada) = two_people().await;
    let eve = sign_in(&world, EVE, PASSWORD).await;
    let (waits, waiting) = oneshot::channel();
    let (release, released) = oneshot::channel();
    // The server has judged the head by the time that it asks for the body.
    let body = Body::from_stream(stream::once(async move {
        let _ = waits.send(());
        released.await
    }));
    let request = tokio::spawn(async move { eve.stream(Method::PATCH, NAME, Some("application/json"), body).await });
    waiting.await.unwrap();
    operator(&world).disable(EVE, Last::Stays).await.unwrap().unwrap();
    release.send(json!({ "name": "Too late" }).to_string()).unwrap();
    request.await.unwrap().refused(401, "general_unauthorized_scope");
    assert_eq!(world.store.account_by_email(EVE).await.unwrap().unwrap().0.name, "");
}

#[tokio::test]
async fn an_operator_resets_renames_signs_out_and_deletes() {
    let (world, ada) = two_people().await;
    let eve = sign_in(&world, EVE, PASSWORD).await;
    let operator = operator(&world);
    assert_eq!(operator.rename(EVE, "Eve").await.unwrap().name, "Eve");
    assert_eq!(eve.get("/v1/account").await.ok(200)["name"], "Eve");
    operator.sign_out(EVE).await.unwrap();
    eve.get("/v1/account").await.refused(401, "general_unauthorized_scope");

    let eve = sign_in(&world, EVE, PASSWORD).await;
    assert!(matches!(operator.reset(&SeededRandom::new(3), EVE, "short").await, Err(AccountError::Service(_))));
    eve.get("/v1/account").await.ok(200);
    operator.reset(&SeededRandom::new(3), EVE, NEW).await.unwrap();
    eve.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    world.anonymous().post(SIGN_IN, json!({ "email": EVE, "password": PASSWORD })).await.refused(401, "user_invalid_credentials");
    let eve = sign_in(&world, EVE, NEW).await;
    let list = operator.list().await.unwrap();
    assert_eq!(list.len(), 2);
    assert!(list.iter().all(|account| account.accessed_at.0 == Some(world.now())));

    operator.delete(EVE, Last::Stays).await.unwrap();
    eve.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    world.anonymous().post(SIGN_IN, json!({ "email": EVE, "password": NEW })).await.refused(401, "user_invalid_credentials");
    assert!(matches!(operator.delete(EVE, Last::Stays).await, Err(AccountError::Missing(_))));
    let actions: Vec<String> = log(&world, &ada).await.into_iter().map(|[action, ..]| action).collect();
    for action in ["account.update", "account.sign-out", "account.password", "account.delete"] {
        assert_eq!(actions.iter().filter(|done| *done == action).count(), 1, "{action}: {actions:?}");
    }
}

#[tokio::test]
async fn the_last_account_that_can_sign_in_is_not_taken_away_by_accident() {
    let (world, ada) = two_people().await;
    let operator = operator(&world);
    operator.disable(EVE, Last::Stays).await.unwrap().unwrap();
    for refused in [operator.disable(EMAIL, Last::Stays).await.map(drop), operator.delete(EMAIL, Last::Stays).await.map(drop)] {
        assert!(matches!(refused, Err(AccountError::Last(_))), "{refused:?}");
    }
    ada.get("/v1/account").await.ok(200);
    // One that cannot sign in is no loss.
    operator.delete(EVE, Last::Stays).await.unwrap();
    operator.disable(EMAIL, Last::MayGo).await.unwrap().unwrap();
    ada.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    operator.delete(EMAIL, Last::Stays).await.unwrap();
    assert_eq!(world.anonymous().get("/v1/setup").await.ok(200)["needed"], true);
}
