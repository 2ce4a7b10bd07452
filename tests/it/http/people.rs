//! Set-up, accounts and sessions (contract §1.5, and extensions).

use serde_json::json;

use super::world::{Client, EMAIL, NOW, PASSWORD, World};

const SIGN_IN: &str = "/v1/account/sessions/email";

async fn sign_in(client: &Client) -> Client {
    let answer = client.post(SIGN_IN, json!({ "email": EMAIL, "password": PASSWORD })).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    client.with("cookie", &answer.cookie())
}

#[tokio::test]
async fn the_set_up_link_makes_the_first_account_and_signs_it_in() {
    let world = World::empty();
    assert_eq!(world.anonymous().get("/v1/setup").await.ok(200), json!({ "needed": true }));
    let owner = world.set_up().await;
    let account = owner.get("/v1/account").await.ok(200);
    assert_eq!((&account["email"], &account["name"], &account["status"]), (&json!(EMAIL), &json!("Ada"), &json!(true)));
    assert_eq!((&account["registration"], &account["prefs"]), (&json!(NOW), &json!({})));
    assert_eq!(world.anonymous().get("/v1/setup").await.ok(200), json!({ "needed": false }));
}

#[tokio::test]
async fn the_set_up_link_works_once() {
    let world = World::empty();
    let token = world.app.new_setup_token().await.unwrap();
    let body = json!({ "token": token.expose(), "email": EMAIL, "password": PASSWORD });
    world.anonymous().post("/v1/setup", body.clone()).await.ok(201);
    world.anonymous().post("/v1/setup", body).await.refused(409, "setup_already_done");
    let newer = world.app.new_setup_token().await.unwrap();
    let body = json!({ "token": newer.expose(), "email": "eve@example.com", "password": PASSWORD });
    world.anonymous().post("/v1/setup", body).await.refused(409, "setup_already_done");
}

#[tokio::test]
async fn only_the_newest_set_up_link_counts() {
    let world = World::empty();
    let body = |token: &str| json!({ "token": token, "email": EMAIL, "password": PASSWORD });
    world.anonymous().post("/v1/setup", body("anything")).await.refused(401, "setup_token_invalid");
    let old = world.app.new_setup_token().await.unwrap();
    let new = world.app.new_setup_token().await.unwrap();
    world.anonymous().post("/v1/setup", body(old.expose())).await.refused(401, "setup_token_invalid");
    world.anonymous().post("/v1/setup", body(new.expose())).await.ok(201);
}

#[tokio::test]
async fn set_up_attempts_are_throttled() {
    let world = World::empty();
    let body = json!({ "token": "guess", "email": EMAIL, "password": PASSWORD });
    for _ in 0..10 {
        world.anonymous().post("/v1/setup", body.clone()).await.refused(401, "setup_token_invalid");
    }
    let refused = world.anonymous().post("/v1/setup", body.clone()).await;
    assert_eq!(refused.header("retry-after"), "3600");
    refused.refused(429, "general_rate_limit_exceeded");
    // Another network still gets through, and so does every network after an hour.
    world.anonymous().at([192, 0, 2, 2]).post("/v1/setup", body.clone()).await.refused(401, "setup_token_invalid");
    world.clock.advance_seconds(3600);
    world.anonymous().post("/v1/setup", body).await.refused(401, "setup_token_invalid");
}

#[tokio::test]
async fn a_set_up_with_bad_input_makes_nothing() {
    let world = World::empty();
    let token = world.app.new_setup_token().await.unwrap();
    let good = json!({ "token": token.expose(), "email": EMAIL, "password": PASSWORD, "name": "Ada" });
    for (parameter, value) in [
        ("token", json!(null)),
        ("email", json!("no address")),
        ("email", json!("@example.com")),
        ("email", json!(null)),
        ("password", json!("short")),
        ("password", json!("x".repeat(257))),
        ("password", json!(12_345_678)),
        ("name", json!("x".repeat(129))),
    ] {
        let mut body = good.clone();
        body[parameter] = value;
        let message = world.anonymous().post("/v1/setup", body).await.refused(400, "general_argument_invalid");
        assert!(message.contains(&format!("`{parameter}`")) && !message.contains("x".repeat(9).as_str()), "{message}");
    }
    world.clock.advance_seconds(3600);
    assert_eq!(world.anonymous().get("/v1/setup").await.ok(200), json!({ "needed": true }));
    world.anonymous().post("/v1/setup", good).await.ok(201);
}

#[tokio::test]
async fn accounts_cannot_be_created_through_the_api() {
    let (world, _) = World::ready().await;
    let body = json!({ "userId": "unique()", "email": "eve@example.com", "password": PASSWORD });
    world.anonymous().post("/v1/account", body).await.refused(501, "user_console_count_exceeded");
}

#[tokio::test]
async fn signing_in_opens_a_session_in_a_strict_cookie() {
    let (world, _) = World::ready().await;
    let answer =
        world.anonymous().with("user-agent", "Firefox").post(SIGN_IN, json!({ "email": "ADA@example.com", "password": PASSWORD })).await;
    let cookie = answer.header("set-cookie").to_owned();
    let value = cookie.strip_prefix("a_session_console=").unwrap().split(';').next().unwrap();
    assert_eq!(value.len(), 64);
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000"), "{cookie}");
    assert!(!answer.text.contains(value));
    let session = answer.ok(201);
    assert_eq!((&session["current"], &session["secret"], &session["provider"]), (&json!(true), &json!(""), &json!("email")));
    assert_eq!((&session["ip"], &session["clientName"]), (&json!("192.0.2.1"), &json!("Firefox")));
    assert_eq!(session["expire"], "2026-09-20T12:00:00.000+00:00");
}

#[tokio::test]
async fn the_cookie_is_secure_where_people_come_by_https() {
    let world = World::with_public_url(Some("https://keys.example.com"));
    let token = world.app.new_setup_token().await.unwrap();
    let answer = world.anonymous().post("/v1/setup", json!({ "token": token.expose(), "email": EMAIL, "password": PASSWORD })).await;
    assert!(answer.header("set-cookie").ends_with("; Secure"));
    // No other host and no page without https can plant a cookie of this name.
    let cookie = answer.cookie();
    let token = cookie.strip_prefix("__Host-a_session_console=").unwrap();
    world.anonymous().with("cookie", &cookie).get("/v1/account").await.ok(200);
    let planted = world.anonymous().with("cookie", &format!("a_session_console={token}"));
    planted.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    assert_eq!(answer.header("strict-transport-security"), "max-age=63072000; includeSubDomains");
}

#[tokio::test]
async fn wrong_email_and_wrong_password_answer_alike() {
    let (world, _) = World::ready().await;
    let password = world.anonymous().post(SIGN_IN, json!({ "email": EMAIL, "password": "wrong password" })).await;
    let email = world.anonymous().post(SIGN_IN, json!({ "email": "eve@example.com", "password": PASSWORD })).await;
    assert_eq!(password.text, email.text);
    assert!(password.headers.get("set-cookie").is_none());
    password.refused(401, "user_invalid_credentials");
    for body in [
        json!({}),
        json!({ "email": EMAIL }),
        json!({ "email": 1, "password": PASSWORD }),
        json!({ "email": EMAIL, "password": "x".repeat(257) }),
    ] {
        world.anonymous().post(SIGN_IN, body).await.refused(400, "general_argument_invalid");
    }
}

#[tokio::test]
async fn a_signed_in_person_cannot_sign_in_again() {
    let (_world, owner) = World::ready().await;
    let person = owner.without("x-appwrite-project").without("x-appwrite-mode");
    person.post(SIGN_IN, json!({ "email": EMAIL, "password": PASSWORD })).await.refused(401, "user_session_already_exists");
}

#[tokio::test]
async fn sign_in_is_throttled_by_account_and_forgets_after_a_success() {
    let (world, _) = World::ready().await;
    let wrong = json!({ "email": EMAIL, "password": "wrong password" });
    for _ in 0..3 {
        for _ in 0..9 {
            world.anonymous().post(SIGN_IN, wrong.clone()).await.refused(401, "user_invalid_credentials");
        }
        sign_in(&world.anonymous()).await;
        world.clock.advance_seconds(600);
    }
    for _ in 0..10 {
        world.anonymous().post(SIGN_IN, wrong.clone()).await.refused(401, "user_invalid_credentials");
    }
    // Even the right one must wait now, where it comes from the same network.
    let right = json!({ "email": EMAIL, "password": PASSWORD });
    let refused = world.anonymous().post(SIGN_IN, right).await;
    let wait: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1800..=3600).contains(&wait) && refused.header("x-ratelimit-limit") == "10", "{wait}");
    assert_eq!(refused.header("ratelimit-policy"), "\"default\";q=10;w=3600");
    refused.refused(429, "general_rate_limit_exceeded");
    world.clock.advance_seconds(wait.into());
    sign_in(&world.anonymous()).await;
}

#[tokio::test]
async fn sign_in_is_throttled_by_address() {
    let (world, _) = World::ready().await;
    for attempt in 0..50 {
        let body = json!({ "email": format!("e{attempt}@example.com"), "password": "wrong password" });
        world.anonymous().post(SIGN_IN, body).await.refused(401, "user_invalid_credentials");
    }
    let right = json!({ "email": EMAIL, "password": PASSWORD });
    world.anonymous().post(SIGN_IN, right).await.refused(429, "general_rate_limit_exceeded");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_clears_the_browser() {
    let (_world, owner) = World::ready().await;
    let answer = owner.delete("/v1/account/sessions/current").await;
    assert_eq!(answer.header("set-cookie"), "a_session_console=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    answer.ok(204);
    owner.get("/v1/account").await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all() {
    let (world, first) = World::ready().await;
    world.clock.advance_seconds(1);
    let second = sign_in(&world.anonymous()).await;
    let list = second.get("/v1/account/sessions").await.ok(200);
    assert_eq!(
        (&list["total"], &list["sessions"][0]["current"], &list["sessions"][1]["current"]),
        (&json!(2), &json!(true), &json!(false))
    );
    let other = format!("/v1/account/sessions/{}", list["sessions"][1]["$id"].as_str().unwrap());
    assert_eq!(second.get("/v1/account/sessions/current").await.ok(200), list["sessions"][0]);
    assert_eq!(second.get(&other).await.ok(200), list["sessions"][1]);
    let ended = second.delete(&other).await;
    assert!(ended.headers.get("set-cookie").is_none());
    ended.ok(204);
    first.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    second.delete(&other).await.refused(404, "user_session_not_found");
    second.get("/v1/account/sessions/absent").await.refused(404, "user_session_not_found");

    let third = sign_in(&world.anonymous()).await;
    third.delete("/v1/account/sessions").await.ok(204);
    for client in [second, third] {
        client.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    }
}

#[tokio::test]
async fn sessions_of_others_are_out_of_reach() {
    let (world, ada) = World::ready().await;
    let random = scopewise::server::random::SeededRandom::new(9);
    scopewise::server::service::create_account(world.store.as_ref(), world.clock.as_ref(), &random, "eve@example.com", PASSWORD, "")
        .await
        .unwrap();
    let answer = world.anonymous().post(SIGN_IN, json!({ "email": "eve@example.com", "password": PASSWORD })).await;
    let eve = world.anonymous().with("cookie", &answer.cookie());
    let id = ada.get("/v1/account/sessions/current").await.ok(200)["$id"].as_str().unwrap().to_owned();
    eve.get(&format!("/v1/account/sessions/{id}")).await.refused(404, "user_session_not_found");
    eve.delete(&format!("/v1/account/sessions/{id}")).await.refused(404, "user_session_not_found");
    ada.get("/v1/account").await.ok(200);
}

#[tokio::test]
async fn a_session_ends_after_30_days_however_much_it_is_used() {
    let (world, owner) = World::ready().await;
    for _ in 0..29 {
        world.clock.advance_seconds(86_400);
        owner.get("/v1/account").await.ok(200);
        world.app.settle().await;
    }
    world.clock.advance_seconds(86_399);
    owner.get("/v1/account").await.ok(200);
    world.clock.advance_seconds(1);
    owner.get("/v1/account").await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_session_ends_after_7_days_without_use() {
    let (world, owner) = World::ready().await;
    world.clock.advance_seconds(7 * 86_400 - 1);
    owner.get("/v1/account").await.ok(200);
    world.app.settle().await;
    world.clock.advance_seconds(7 * 86_400);
    owner.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    owner.get("/v1/account/sessions").await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn an_eleventh_session_ends_the_oldest() {
    let (world, first) = World::ready().await;
    let mut newest = first.clone();
    for _ in 0..10 {
        world.clock.advance_seconds(1);
        newest = sign_in(&world.anonymous()).await;
    }
    first.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    assert_eq!(newest.get("/v1/account/sessions").await.ok(200)["total"], 10);
}

#[tokio::test]
async fn a_made_up_cookie_is_a_guest() {
    let (world, _) = World::ready().await;
    for cookie in ["a_session_console=", "a_session_console=0", "a_session_console", "a_session_other=x", &"x".repeat(5000)] {
        world.anonymous().with("cookie", cookie).get("/v1/account").await.refused(401, "general_unauthorized_scope");
    }
}

#[tokio::test]
async fn a_page_of_another_site_cannot_sign_a_person_in() {
    let (world, _) = World::ready().await;
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    world.anonymous().with("sec-fetch-site", "cross-site").post(SIGN_IN, body.clone()).await.refused(403, "general_unknown_origin");
    world.anonymous().with("origin", "https://evil.example").post(SIGN_IN, body).await.refused(403, "general_unknown_origin");
}
