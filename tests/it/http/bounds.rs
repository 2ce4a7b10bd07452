//! What callers can make the server keep or compute has a bound, and no caller pays for another.

use std::task::{Context, Poll};

use axum::{body::Body, http::Method};
use futures_util::future::join_all;
use scopewise::server::{
    SecretHash,
    store::{NewKey, NewProject},
};
use serde_json::{Value, json};

use super::world::{Answer, Client, EMAIL, PASSWORD, World, foreign_secret};
use crate::store::handle::Handle;

const KEYS: &str = "/v1/project/keys";
const SIGN_IN: &str = "/v1/account/sessions/email";
const LIMITED: &str = "general_rate_limit_exceeded";

/// An account, whose session is the answer, and the project `shop`.
async fn ready(world: &World) -> Client {
    let owner = world.set_up().await;
    owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop" })).await.ok(201);
    owner.on("shop")
}

async fn sign_in(client: &Client, email: &str, password: &str) -> Answer {
    client.post(SIGN_IN, json!({ "email": email, "password": password })).await
}

async fn guess(client: &Client) -> Answer {
    sign_in(client, EMAIL, "not the password").await
}

/// The cookie by which the sign-in knows a browser again.
fn device(answer: &Answer) -> String {
    let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("a_device_console=")).unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Max-Age=34560000"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

async fn send_unknown(client: &Client, count: u32) {
    for seed in 0..count {
        client.with("x-appwrite-key", &foreign_secret(seed)).get(KEYS).await.refused(401, "user_unauthorized");
    }
}

#[tokio::test]
async fn a_key_that_is_found_is_never_refused_for_the_unknown_keys_of_a_neighbour() {
    let world = World::empty();
    let owner = ready(&world).await;
    // None of these was ever used: the server has nothing to remember.
    let (neighbour, rotated) = (owner.key("neighbour", &["keys.read"]).await, owner.key("rotated", &["keys.read"]).await);
    let fresh = owner.post("/v1/project/keys/rotated/rotate", json!({ "overlapSeconds": 0 })).await.ok(200);
    // Stragglers go on with the old secret.
    for _ in 0..30 {
        rotated.get(KEYS).await.refused(401, "user_unauthorized");
    }
    let answer = rotated.get(KEYS).await;
    assert_eq!(
        (answer.header("retry-after"), answer.header("ratelimit-policy"), answer.header("ratelimit")),
        ("60", "\"default\";q=30;w=60", "\"default\";r=0;t=60")
    );
    answer.refused(429, LIMITED);
    for _ in 0..3 {
        neighbour.get(KEYS).await.ok(200);
        rotated.with("x-appwrite-key", fresh["secret"].as_str().unwrap()).get(KEYS).await.ok(200);
        owner.get(KEYS).await.ok(200);
    }
    // A key that is expired or lacks a scope gets that answer.
    owner.key("narrow", &[]).await.get(KEYS).await.refused(401, "general_unauthorized_scope");
    rotated.at([203, 0, 113, 9]).get(KEYS).await.refused(401, "user_unauthorized");
    world.clock.advance_seconds(60);
    rotated.get(KEYS).await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn unknown_keys_are_counted_by_network() {
    let world = World::empty();
    let owner = ready(&world).await;
    let client = owner.holding("x");
    for (host, status, kind) in
        [("2001:db8::1", 401, "user_unauthorized"), ("2001:db8:0:0:ffff::2", 429, LIMITED), ("2001:db8:0:1::1", 401, "user_unauthorized")]
    {
        let client = client.from(host).with("x-appwrite-key", &foreign_secret(99));
        client.get(KEYS).await.refused(status, kind);
        if status == 401 && host == "2001:db8::1" {
            send_unknown(&client, 29).await;
        }
    }
}

#[tokio::test]
async fn who_sets_the_clock_neither_lifts_nor_extends_a_lock_out() {
    let world = World::empty();
    let owner = ready(&world).await;
    let client = owner.holding("x");
    send_unknown(&client, 30).await;
    let locked = client.with("x-appwrite-key", &foreign_secret(99));
    for days in [-1000, 1000, 0] {
        world.clock.set(world.now().plus_seconds(days * 86_400));
        let answer = locked.get(KEYS).await;
        assert_eq!(answer.header("retry-after"), "60");
        answer.refused(429, LIMITED);
    }
    world.clock.advance_seconds(60);
    locked.get(KEYS).await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn keys_that_are_found_are_verified_beyond_the_limit_for_unknown_ones() {
    let world = World::empty();
    let owner = ready(&world).await;
    let service = owner.key("service", &["keys.read"]).await;
    let secret = owner.make_key("app", &[]).await["secret"].as_str().unwrap().to_owned();
    let verify = async |body: Value| service.post("/v1/keys/verify", body).await;
    for batch in 0..10 {
        let keys: Vec<_> = (0..100).map(|n| foreign_secret(batch * 100 + n)).collect();
        verify(json!({ "keys": keys })).await.ok(200);
    }
    verify(json!({ "key": foreign_secret(5000) })).await.refused(429, LIMITED);
    // It was never asked for before.
    assert_eq!(verify(json!({ "key": secret })).await.ok(200)["code"], "valid");
    let verified = verify(json!({ "keys": [secret, foreign_secret(5000), secret] })).await.ok(200);
    let codes: Vec<&Value> = verified["verifications"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["valid", "throttled", "valid"]);
}

#[tokio::test]
async fn guesses_from_other_networks_lock_no_person_out() {
    let world = World::empty();
    ready(&world).await;
    let (attacker, person) = (world.anonymous(), world.anonymous().from("2001:db8::1"));
    for _ in 0..10 {
        guess(&attacker).await.refused(401, "user_invalid_credentials");
    }
    let refused = sign_in(&attacker, EMAIL, PASSWORD).await;
    assert_eq!((refused.header("retry-after"), refused.header("x-ratelimit-limit")), ("3600", "10"));
    refused.refused(429, LIMITED);
    sign_in(&person, EMAIL, PASSWORD).await.ok(201);
    // Of one network there is one allowance, however many addresses it has.
    for host in 0..10 {
        guess(&attacker.from(&format!("2001:db8:0:9::{host}"))).await.refused(401, "user_invalid_credentials");
    }
    guess(&attacker.from("2001:db8:0:9:ffff::1")).await.refused(429, LIMITED);
}

#[tokio::test]
async fn a_browser_that_has_signed_in_keeps_its_own_allowance() {
    let world = World::empty();
    ready(&world).await;
    let person = world.anonymous();
    let known = person.with("cookie", &device(&sign_in(&person, EMAIL, PASSWORD).await));
    // A client of the same network, and many elsewhere, guess until all strangers must wait.
    let mut passed = 0;
    for network in 0..10 {
        for _ in 0..11 {
            passed += usize::from(guess(&person.at([192, 0, 2, network])).await.status == 401);
        }
    }
    assert_eq!(passed, 30, "strangers have one allowance together");
    let stranger = sign_in(&person.at([203, 0, 113, 9]), EMAIL, PASSWORD).await;
    assert_eq!(stranger.header("retry-after"), "600");
    stranger.refused(429, LIMITED);
    let again = sign_in(&known.at([192, 0, 2, 1]), EMAIL, PASSWORD).await;
    let known = person.with("cookie", &device(&again));
    again.ok(201);
    // A guesser at that browser has no more attempts than others.
    for _ in 0..10 {
        guess(&known).await.refused(401, "user_invalid_credentials");
    }
    sign_in(&known, EMAIL, PASSWORD).await.refused(429, LIMITED);
    world.clock.advance_seconds(600);
    sign_in(&person.at([203, 0, 113, 9]), EMAIL, PASSWORD).await.ok(201);
}

#[tokio::test]
async fn a_made_up_or_foreign_device_cookie_is_a_stranger() {
    let world = World::empty();
    ready(&world).await;
    let random = scopewise::server::random::SeededRandom::new(9);
    let (store, clock) = (world.store.as_ref(), world.clock.as_ref());
    scopewise::server::service::create_account(store, clock, &random, "eve@example.com", PASSWORD, "").await.unwrap();
    let eve = device(&sign_in(&world.anonymous().at([192, 0, 2, 9]), "eve@example.com", PASSWORD).await);
    for _ in 0..10 {
        guess(&world.anonymous()).await.refused(401, "user_invalid_credentials");
    }
    let zeros = format!("a_device_console={0}.{0}", "0".repeat(32));
    for cookie in [eve.as_str(), &zeros, "a_device_console=", "a_device_console=x", &format!("a_device_console={}", "0".repeat(4000))] {
        sign_in(&world.anonymous().with("cookie", cookie), EMAIL, PASSWORD).await.refused(429, LIMITED);
    }
}

#[tokio::test]
async fn a_long_email_is_refused_before_it_is_kept() {
    let world = World::empty();
    ready(&world).await;
    for _ in 0..60 {
        let long = format!("{}@example.com", "x".repeat(50_000));
        let message = sign_in(&world.anonymous(), &long, PASSWORD).await.refused(400, "general_argument_invalid");
        assert!(message.contains("`email`") && message.len() < 200, "{message}");
    }
    sign_in(&world.anonymous(), EMAIL, PASSWORD).await.ok(201);
}

#[tokio::test]
async fn sign_ins_that_succeed_use_up_no_allowance() {
    let world = World::empty();
    ready(&world).await;
    for _ in 0..55 {
        sign_in(&world.anonymous(), EMAIL, PASSWORD).await.ok(201);
    }
}

#[tokio::test]
async fn the_right_set_up_token_opens_after_any_number_of_wrong_ones() {
    let world = World::empty();
    let token = world.app.new_setup_token().await.unwrap();
    let body = |token: &str| json!({ "token": token, "email": EMAIL, "password": PASSWORD });
    for _ in 0..10 {
        world.anonymous().post("/v1/setup", body("guess")).await.refused(401, "setup_token_invalid");
    }
    let refused = world.anonymous().post("/v1/setup", body("guess")).await;
    assert_eq!(refused.header("retry-after"), "3600");
    refused.refused(429, LIMITED);
    world.anonymous().post("/v1/setup", body(token.expose())).await.ok(201);
}

/// A dev key of `shop`, and a page of another origin that can send one.
async fn dev_key(world: &World, owner: &Client) -> (String, Client) {
    let body = json!({ "name": "Laptop", "expire": world.now().plus_seconds(86_400) });
    let made = owner.post("/v1/projects/shop/dev-keys", body).await.ok(201);
    let page = world.anonymous().with("origin", "http://localhost:5173").with("x-appwrite-project", "shop");
    (made["secret"].as_str().unwrap().to_owned(), page)
}

#[tokio::test]
async fn unknown_dev_keys_are_throttled_and_good_ones_are_not() {
    let world = World::empty();
    let owner = ready(&world).await;
    let (secret, page) = dev_key(&world, &owner).await;
    for n in 0..30 {
        page.with("x-appwrite-dev-key", &format!("{n:064x}")).get("/v1/ping").await.refused(403, "general_unknown_origin");
    }
    page.with("x-appwrite-dev-key", "unknown").get("/v1/ping").await.refused(429, LIMITED);
    owner.holding(&foreign_secret(1)).get(KEYS).await.refused(429, LIMITED);
    page.with("x-appwrite-dev-key", &secret).get("/v1/ping").await.ok(200);
    owner.key("k", &["keys.read"]).await.get(KEYS).await.ok(200);
}

#[tokio::test]
async fn a_dev_key_allows_no_sign_in_from_a_foreign_page() {
    let world = World::empty();
    let owner = ready(&world).await;
    let (secret, page) = dev_key(&world, &owner).await;
    let page = page.with("x-appwrite-dev-key", &secret);
    page.get("/v1/ping").await.ok(200);
    for client in [&page, &page.without("origin").with("sec-fetch-site", "cross-site")] {
        let answer = sign_in(client, EMAIL, PASSWORD).await;
        assert!(answer.headers.get("set-cookie").is_none());
        answer.refused(403, "general_unknown_origin");
        client.post("/v1/setup", json!({})).await.refused(403, "general_unknown_origin");
        client.post("/v1/account", json!({})).await.refused(403, "general_unknown_origin");
    }
}

#[tokio::test]
async fn a_dev_key_lifts_no_limit_of_sign_in() {
    let world = World::empty();
    let owner = ready(&world).await;
    let (secret, page) = dev_key(&world, &owner).await;
    let client = page.without("origin").with("x-appwrite-dev-key", &secret);
    for number in 0..50 {
        sign_in(&client, &format!("{number}@example.com"), "not the password").await.refused(401, "user_invalid_credentials");
    }
    sign_in(&client, EMAIL, PASSWORD).await.refused(429, LIMITED);
}

#[tokio::test]
async fn a_dev_key_header_does_not_reveal_whether_a_secret_is_an_api_key() {
    let world = World::empty();
    let owner = ready(&world).await;
    let (_, page) = dev_key(&world, &owner).await;
    // A secret of the contract's older form does not show its kind.
    let secret = "0a1b2c3d".repeat(32);
    Handle(world.store.clone()).create_key(key("legacy", &secret, vec!["keys.read".to_owned()])).await.unwrap();
    owner.holding(&secret).get(KEYS).await.ok(200);
    let ask = async |secret: &str| page.with("x-appwrite-dev-key", secret).get("/v1/ping").await.text;
    assert_eq!(ask(&secret).await, ask(&secret.replace('a', "b")).await);
}

fn key(id: &str, secret: &str, scopes: Vec<String>) -> NewKey {
    NewKey {
        project_id: "shop".into(),
        id: id.parse().unwrap(),
        name: "Brought in".parse().unwrap(),
        description: String::new(),
        scopes: scopes.iter().map(|scope| scope.parse().unwrap()).collect(),
        secret: SecretHash::of(secret),
        hint: "…".into(),
        expire: None,
        created_at: super::world::NOW.parse().unwrap(),
    }
}

#[test]
fn questions_to_the_model_are_bounded_by_network() {
    // The one thread that may block is taken: requests to the model wait for it, and no others do.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build().unwrap();
    runtime.block_on(async {
        let world = World::empty();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let taken = tokio::task::spawn_blocking(move || released.recv());
        let client = world.anonymous();
        // The model says 400, quickly.
        let ask = |client: Client| Box::pin(async move { client.get("/v1/scopes/catalog?tier=none").await });
        let mut waiting = Vec::new();
        let mut refused = 0;
        for _ in 0..60 {
            let mut asked = ask(client.clone());
            match asked.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop())) {
                Poll::Pending => waiting.push(asked),
                Poll::Ready(answer) => {
                    refused += 1;
                    assert_eq!(answer.header("retry-after"), "1");
                    answer.refused(429, LIMITED);
                }
            }
        }
        assert_eq!((waiting.len(), refused), (33, 27), "one at work, and 32 that wait");
        let mut other = ask(client.at([203, 0, 113, 9]));
        assert!(other.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop())).is_pending());
        release.send(()).unwrap();
        taken.await.unwrap().unwrap();
        other.await.refused(400, "scopes_invalid_request");
        assert!(join_all(waiting).await.iter().all(|answer| answer.status == 400));
    });
}

#[tokio::test]
async fn unread_lists_fill_only_the_memory_of_their_project() {
    let world = World::empty();
    let owner = ready(&world).await;
    let other = NewProject { id: "other".parse().unwrap(), name: "Other".parse().unwrap(), created_at: world.now() };
    Handle(world.store.clone()).create_project(other).await.unwrap();
    let scopes: Vec<String> = (0..100).map(|n| format!("{}.{n}", "a".repeat(40))).collect();
    let keys = (0..500).map(|n| key(&format!("k{n}"), &n.to_string(), scopes.clone())).collect();
    Handle(world.store.clone()).import_keys(keys).await.unwrap();
    let list = async |client: &Client| client.unread(Method::GET, KEYS, None, Body::empty()).await;
    let first = list(&owner).await;
    let kib: usize = first.headers()["content-length"].to_str().unwrap().parse::<usize>().unwrap().div_ceil(1024);
    assert!(kib > 2000, "{kib} KiB are no large list");
    // A full list may take 5000 times 8 KiB while it is made; the project may have 80 MiB.
    let fitting = (80 * 1024 - 5000 * 8) / kib + 1;
    let mut unread = vec![first];
    while unread.len() < fitting {
        unread.push(list(&owner).await);
    }
    let mut full = Box::pin(list(&owner));
    let other = owner.on("other");
    tokio::select! {
        biased;
        _ = &mut full => panic!("{} lists of {kib} KiB that nobody reads, and one more", unread.len()),
        answers = join_all((0..20).map(|_| other.get(KEYS))) => assert!(answers.iter().all(|answer| answer.status == 200)),
    }
    assert!(unread.iter().all(|answer| answer.status() == 200));
    // Small pages of the same project go on.
    owner.get("/v1/project/keys?queries[0]=%7B%22method%22:%22limit%22,%22values%22:[5]%7D").await.ok(200);
    drop(unread);
    assert_eq!(full.await.status(), 200);
}

#[tokio::test]
async fn guests_may_send_small_bodies_only() {
    let world = World::empty();
    let owner = ready(&world).await;
    let large = json!({ "email": EMAIL, "password": PASSWORD, "more": "x".repeat(100_000) });
    world.anonymous().post(SIGN_IN, large.clone()).await.refused(413, "general_body_too_large");
    owner.post(KEYS, json!({ "keyId": "k", "name": "k", "scopes": [], "more": "x".repeat(100_000) })).await.ok(201);
}
