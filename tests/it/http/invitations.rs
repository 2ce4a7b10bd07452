//! The accounts of a server, and how people invite others.

use scopewise::server::random::SeededRandom;
use serde_json::{Value, json};

use super::world::{Client, EMAIL, PASSWORD, World};

const ACCOUNTS: &str = "/v1/console/accounts";
const ACCEPT: &str = "/v1/account/invitation";
const SIGN_IN: &str = "/v1/account/sessions/email";
const SESSIONS: &str = "/v1/account/sessions";
const EVE: &str = "eve@example.com";
const SEVEN_DAYS: i64 = 7 * 86_400;

async fn invite(person: &Client, email: &str) -> (String, String) {
    let made = person.post(ACCOUNTS, json!({ "email": email })).await.ok(201);
    (made["account"]["$id"].as_str().unwrap().to_owned(), made["token"].as_str().unwrap().to_owned())
}

async fn accept(world: &World, token: &str) -> super::world::Answer {
    world.anonymous().post(ACCEPT, json!({ "token": token, "password": PASSWORD, "name": "Eve" })).await
}

async fn sign_in(world: &World, email: &str) -> Client {
    let answer = world.anonymous().post(SIGN_IN, json!({ "email": email, "password": PASSWORD })).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    world.anonymous().with("cookie", &answer.cookie())
}

/// Ada's console, and the id of Eve's account, who has signed in.
async fn two_people() -> (World, Client, Client, String) {
    let world = World::empty();
    let ada = world.set_up().await;
    world.clock.advance_seconds(1);
    let (id, token) = invite(&ada, EVE).await;
    let answer = accept(&world, &token).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let eve = world.anonymous().with("cookie", &answer.cookie());
    (world, ada, eve, id)
}

async fn states(person: &Client) -> Vec<(String, String)> {
    let list = person.get(ACCOUNTS).await.ok(200);
    let text = |account: &Value, name: &str| account[name].as_str().unwrap().to_owned();
    list["accounts"].as_array().unwrap().iter().map(|account| (text(account, "email"), text(account, "state"))).collect()
}

fn pair(email: &str, state: &str) -> (String, String) {
    (email.to_owned(), state.to_owned())
}

/// Actor, action, outcome and detail of the newest entries of the server's log, newest first.
async fn log(world: &World, person: &Client) -> Vec<[String; 4]> {
    world.app.settle().await;
    let log = person.get("/v1/console/audit").await.ok(200);
    let text = |entry: &Value, member: &str| entry[member].as_str().unwrap().to_owned();
    let entries = log["entries"].as_array().unwrap().iter();
    entries.map(|entry| ["actorName", "action", "outcome", "detail"].map(|member| text(entry, member))).collect()
}

#[tokio::test]
async fn an_invited_person_sets_a_password_and_is_signed_in() {
    let world = World::empty();
    let ada = world.set_up().await;
    world.clock.advance_seconds(1);
    let made = ada.post(ACCOUNTS, json!({ "email": "EVE@example.com", "name": "Eve" })).await;
    let token = made.body["token"].as_str().unwrap().to_owned();
    let made = made.ok(201);
    assert_eq!((&made["account"]["email"], &made["account"]["state"]), (&json!(EVE), &json!("invited")));
    assert_eq!(made["account"]["invitationExpire"], json!(world.now().plus_seconds(SEVEN_DAYS).to_string()));
    // Until then, no password opens the account.
    for password in ["", PASSWORD, "wrong password"] {
        let answer = world.anonymous().post(SIGN_IN, json!({ "email": EVE, "password": password })).await;
        answer.refused(401, "user_invalid_credentials");
    }
    let body = json!({ "token": token, "password": PASSWORD, "name": "Eve Online" });
    let answer = world.anonymous().post(ACCEPT, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let eve = world.anonymous().with("cookie", &answer.cookie());
    assert_eq!(eve.get("/v1/account").await.ok(200)["name"], "Eve Online");
    sign_in(&world, EVE).await;
    assert_eq!(states(&ada).await, [pair(EMAIL, "active"), pair(EVE, "active")]);
    let log = log(&world, &ada).await;
    for entry in [[EMAIL, "account.invite", "done", EVE], [EVE, "account.join", "done", EVE]] {
        assert!(log.contains(&entry.map(str::to_owned)), "{log:?}");
    }
}

#[tokio::test]
async fn an_invitation_link_works_once_and_for_seven_days() {
    let (world, ada, _, _) = two_people().await;
    let (_, token) = invite(&ada, "bob@example.com").await;
    let (kim, old) = invite(&ada, "kim@example.com").await;
    accept(&world, &token).await.ok(201);
    accept(&world, &token).await.refused(401, "invitation_invalid");
    // A new link ends the earlier one.
    let new = ada.post(&format!("{ACCOUNTS}/{kim}/invitation"), json!({})).await.ok(201);
    accept(&world, &old).await.refused(401, "invitation_invalid");
    world.clock.advance_seconds(SEVEN_DAYS - 1);
    let ada = sign_in(&world, EMAIL).await;
    let later = ada.post(&format!("{ACCOUNTS}/{kim}/invitation"), json!({})).await.ok(201);
    accept(&world, new["token"].as_str().unwrap()).await.refused(401, "invitation_invalid");
    world.clock.advance_seconds(SEVEN_DAYS);
    accept(&world, later["token"].as_str().unwrap()).await.refused(401, "invitation_invalid");
    assert_eq!(log(&world, &sign_in(&world, EMAIL).await).await[1], ["", "account.join", "refused", "invitation_invalid"]);
}

#[tokio::test]
async fn a_bad_invitation_creates_nothing() {
    let (world, ada, eve, id) = two_people().await;
    for body in [
        json!({}),
        json!({ "email": "no address" }),
        json!({ "email": 1 }),
        json!({ "email": "x@example.com", "name": "x".repeat(129) }),
        json!({ "email": "x@example.com", "role": "owner" }),
    ] {
        ada.post(ACCOUNTS, body).await.refused(400, "general_argument_invalid");
    }
    ada.post(ACCOUNTS, json!({ "email": EVE })).await.refused(409, "user_already_exists");
    ada.post(&format!("{ACCOUNTS}/{id}/invitation"), json!({})).await.refused(409, "user_has_password");
    ada.post(&format!("{ACCOUNTS}/absent/invitation"), json!({})).await.refused(404, "user_not_found");
    world.anonymous().post(ACCOUNTS, json!({ "email": "x@example.com" })).await.refused(401, "general_unauthorized_scope");
    ada.with("sec-fetch-site", "cross-site")
        .post(ACCOUNTS, json!({ "email": "x@example.com" }))
        .await
        .refused(403, "general_unknown_origin");
    assert_eq!(states(&eve).await, [pair(EMAIL, "active"), pair(EVE, "active")]);
    // A link is not used up by a bad password.
    let (_, token) = invite(&ada, "bob@example.com").await;
    for body in [
        json!({ "token": token }),
        json!({ "token": token, "password": "short" }),
        json!({ "token": token, "password": PASSWORD, "name": "a\nb" }),
    ] {
        world.anonymous().post(ACCEPT, body).await.refused(400, "general_argument_invalid");
    }
    accept(&world, &token).await.ok(201);
}

#[tokio::test]
async fn guesses_of_an_invitation_link_are_throttled_and_the_right_one_still_opens() {
    let (world, ada, _, _) = two_people().await;
    let (_, token) = invite(&ada, "bob@example.com").await;
    for _ in 0..10 {
        accept(&world, "guess").await.refused(401, "invitation_invalid");
    }
    let refused = accept(&world, "guess").await;
    assert_eq!(refused.header("retry-after"), "3600");
    refused.refused(429, "general_rate_limit_exceeded");
    accept(&world, &token).await.ok(201);
}

#[tokio::test]
async fn no_answer_but_the_first_has_the_token_of_a_link_and_the_database_has_its_hash() {
    let (world, ada, _, _) = two_people().await;
    let (_, token) = invite(&ada, "bob@example.com").await;
    world.app.settle().await;
    for path in [ACCOUNTS, "/v1/console/audit"] {
        assert!(!ada.get(path).await.text.contains(&token), "{path}");
    }
    let bytes = world.database_bytes();
    assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()));
}

#[tokio::test]
async fn a_disabled_or_deleted_person_is_out_at_once() {
    let (world, ada, eve, id) = two_people().await;
    let status = format!("{ACCOUNTS}/{id}/status");
    ada.patch(&status, json!({ "enabled": false })).await.ok(204);
    eve.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    ada.patch(&status, json!({ "enabled": false })).await.ok(204);
    assert_eq!(states(&ada).await[1], pair(EVE, "disabled"));
    ada.patch(&status, json!({ "enabled": true })).await.ok(204);
    let eve = sign_in(&world, EVE).await;
    ada.delete(&format!("{ACCOUNTS}/{id}/sessions")).await.ok(204);
    eve.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    let eve = sign_in(&world, EVE).await;
    ada.delete(&format!("{ACCOUNTS}/{id}")).await.ok(204);
    eve.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    assert_eq!(states(&ada).await, [pair(EMAIL, "active")]);
    for (body, path) in [(Some(json!({ "enabled": true })), &status), (None, &format!("{ACCOUNTS}/{id}"))] {
        let answer = match body {
            Some(body) => ada.patch(path, body).await,
            None => ada.delete(path).await,
        };
        answer.refused(404, "user_not_found");
    }
    for body in [json!({}), json!({ "enabled": "no" }), json!({ "enabled": true, "why": "" })] {
        ada.patch(&status, body).await.refused(400, "general_argument_invalid");
    }
    let done: Vec<[String; 4]> = log(&world, &ada).await.into_iter().filter(|entry| entry[0] == EMAIL && entry[3] == EVE).collect();
    let actions: Vec<&str> = done.iter().map(|entry| entry[1].as_str()).collect();
    assert_eq!(actions, ["account.delete", "account.sign-out", "account.enable", "account.disable", "account.invite"]);
}

#[tokio::test]
async fn the_last_person_who_can_sign_in_stays() {
    let (world, ada, eve, id) = two_people().await;
    let own = ada.get("/v1/account").await.ok(200)["$id"].as_str().unwrap().to_owned();
    ada.patch(&format!("{ACCOUNTS}/{id}/status"), json!({ "enabled": false })).await.ok(204);
    // An invited person does not count: nobody has opened the link yet.
    let (bob, token) = invite(&ada, "bob@example.com").await;
    let refused = ada.patch(&format!("{ACCOUNTS}/{own}/status"), json!({ "enabled": false })).await;
    assert!(refused.refused(409, "user_is_last").contains("Invite or enable another one first"));
    ada.delete(&format!("{ACCOUNTS}/{own}")).await.refused(409, "user_is_last");
    // A disabled invitation does not open, and is worth nothing until it is enabled.
    ada.patch(&format!("{ACCOUNTS}/{bob}/status"), json!({ "enabled": false })).await.ok(204);
    accept(&world, &token).await.refused(401, "invitation_invalid");
    ada.patch(&format!("{ACCOUNTS}/{bob}/status"), json!({ "enabled": true })).await.ok(204);
    accept(&world, &token).await.ok(201);
    ada.delete(&format!("{ACCOUNTS}/{own}")).await.ok(204);
    ada.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    eve.get("/v1/account").await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_person_whose_session_has_ended_invites_nobody() {
    let (world, ada, _, _) = two_people().await;
    let other = sign_in(&world, EMAIL).await;
    other.delete(&format!("{SESSIONS}/others")).await.ok(204);
    ada.post(ACCOUNTS, json!({ "email": "bob@example.com" })).await.refused(401, "general_unauthorized_scope");
    assert_eq!(states(&other).await.len(), 2);
}

#[tokio::test]
async fn all_other_sessions_end_and_this_one_stays() {
    let (world, ada, eve, _) = two_people().await;
    let others = [sign_in(&world, EMAIL).await, sign_in(&world, EMAIL).await];
    let answer = ada.delete(&format!("{SESSIONS}/others")).await;
    assert!(answer.headers.get("set-cookie").is_none());
    answer.ok(204);
    for other in others {
        other.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    }
    assert_eq!(ada.get(SESSIONS).await.ok(200)["total"], 1);
    eve.get("/v1/account").await.ok(200);
    let list = ada.get(ACCOUNTS).await.ok(200);
    assert_eq!((&list["total"], &list["accounts"][0]["current"], &list["accounts"][0]["sessions"]), (&json!(2), &json!(true), &json!(1)));
    assert_eq!((&list["accounts"][1]["current"], &list["accounts"][1]["sessions"]), (&json!(false), &json!(1)));
    world.anonymous().delete(&format!("{SESSIONS}/others")).await.refused(401, "general_unauthorized_scope");
    let entries = ada.get("/v1/console/audit").await.ok(200);
    assert_eq!((&entries["entries"][0]["action"], &entries["entries"][0]["targetId"]), (&json!("session.delete"), &json!("others")));
}

#[tokio::test]
async fn a_server_has_at_most_a_thousand_accounts() {
    let world = World::empty();
    let ada = world.set_up().await;
    world.clock.advance_seconds(1);
    // The hash of a password is slow to make, so the rows are copied.
    let rows = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 998) INSERT INTO accounts \
        (id, email, name, password_hash, created_at, updated_at, password_updated_at) \
        SELECT 'a' || n, 'a' || n || '@example.com', '', 'x', 0, 0, 0 FROM n";
    drop(world.query(rows));
    invite(&ada, "last@example.com").await;
    ada.post(ACCOUNTS, json!({ "email": "more@example.com" })).await.refused(409, "user_limit_exceeded");
    assert_eq!(ada.get(ACCOUNTS).await.ok(200)["total"], 1000);
}

#[tokio::test]
async fn people_who_invite_at_the_same_time_do_not_exceed_the_limit() {
    let world = World::empty();
    let ada = world.set_up().await;
    let rows = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 997) INSERT INTO accounts \
        (id, email, name, password_hash, created_at, updated_at, password_updated_at) \
        SELECT 'a' || n, 'a' || n || '@example.com', '', 'x', 0, 0, 0 FROM n";
    drop(world.query(rows));
    let invited = (0..16).map(|n| {
        let ada = ada.clone();
        tokio::spawn(async move { ada.post(ACCOUNTS, json!({ "email": format!("b{n}@example.com") })).await })
    });
    let mut made = 0;
    for one in invited.collect::<Vec<_>>() {
        let answer = one.await.unwrap();
        made += usize::from(answer.status == 201);
        if answer.status != 201 {
            answer.refused(409, "user_limit_exceeded");
        }
    }
    assert_eq!((made, ada.get(ACCOUNTS).await.ok(200)["total"].as_u64()), (2, Some(1000)));
}

#[tokio::test]
async fn an_account_of_the_command_line_is_listed_like_any_other() {
    let world = World::empty();
    let ada = world.set_up().await;
    world.clock.advance_seconds(1);
    scopewise::server::service::create_account(&*world.store, &*world.clock, &SeededRandom::new(9), EVE, PASSWORD, "Eve").await.unwrap();
    assert_eq!(states(&ada).await, [pair(EMAIL, "active"), pair(EVE, "active")]);
}
