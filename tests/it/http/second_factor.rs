//! The second factor: codes of an authenticator app, and recovery codes.

use data_encoding::BASE32_NOPAD;
use ring::hmac;
use scopewise::{
    scope::DateTime,
    server::{Caller, random::SeededRandom, service::accounts::Accounts},
};
use serde_json::{Value, json};

use super::world::{Answer, Client, EMAIL, PASSWORD, World};

const FACTOR: &str = "/v1/account/second-factor";
const OFF: &str = "/v1/account/second-factor/disable";
const CODES: &str = "/v1/account/second-factor/recovery-codes";
const SIGN_IN: &str = "/v1/account/sessions/email";
const WITH_CODE: &str = "/v1/account/sessions/second-factor";
const STEP: i64 = 30;

/// What an authenticator app shows, computed apart from the server's code.
pub fn shown(secret: &str, at: DateTime) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &BASE32_NOPAD.decode(secret.as_bytes()).unwrap());
    let hash = hmac::sign(&key, &(at.unix_milliseconds() / 30_000).to_be_bytes());
    let hash = hash.as_ref();
    let start = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[start..start + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// An account with a second factor, its session, and what it knows.
struct Ada {
    world: World,
    session: Client,
    secret: String,
    recovery: Vec<String>,
}

impl Ada {
    async fn new() -> Self {
        let world = World::empty();
        let session = world.set_up().await;
        let made = session.post(FACTOR, json!({ "password": PASSWORD })).await.ok(201);
        let secret = made["secret"].as_str().unwrap().to_owned();
        let code = shown(&secret, world.now());
        let codes = session.put(FACTOR, json!({ "token": made["token"], "code": code })).await.ok(200);
        let ada = Self { session, secret, recovery: texts(&codes), world };
        // The code that confirmed it is used up.
        ada.world.clock.advance_seconds(STEP);
        ada
    }

    fn code(&self) -> String {
        shown(&self.secret, self.world.now())
    }

    /// The code that the app shows so many steps later.
    fn code_in(&self, steps: i64) -> String {
        shown(&self.secret, self.world.now().plus_seconds(steps * STEP))
    }

    /// A code that is never right now.
    fn wrong(&self) -> String {
        let right = [-1, 0, 1].map(|steps| self.code_in(steps));
        (0..4).map(|n| format!("00000{n}")).find(|code| !right.contains(code)).unwrap()
    }

    async fn challenge(&self, client: &Client) -> Value {
        let answer = client.post(SIGN_IN, json!({ "email": EMAIL, "password": PASSWORD })).await;
        assert_eq!(answer.headers.get("set-cookie"), None);
        answer.ok(202)["challenge"].clone()
    }

    /// Email and password, then this code.
    async fn sign_in(&self, client: &Client, code: &str) -> Answer {
        let challenge = self.challenge(client).await;
        client.post(WITH_CODE, json!({ "challenge": challenge, "code": code })).await
    }

    async fn audit(&self, action: &str) -> Vec<String> {
        self.world.app.settle().await;
        let log = self.session.get(&format!("/v1/console/audit?action={action}")).await.ok(200);
        let entries = log["entries"].as_array().unwrap().iter().rev();
        entries.map(|entry| format!("{} {}", entry["outcome"].as_str().unwrap(), entry["detail"].as_str().unwrap())).collect()
    }
}

fn texts(codes: &Value) -> Vec<String> {
    codes["recoveryCodes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

fn signed_in(answer: &Answer, client: &Client) -> Client {
    assert_eq!(answer.status, 201, "{}", answer.text);
    client.with("cookie", &answer.cookie())
}

#[tokio::test]
async fn a_second_factor_is_on_once_its_first_code_is_right() {
    let world = World::empty();
    let ada = world.set_up().await;
    let other = ada.post(SIGN_IN, json!({ "email": EMAIL, "password": PASSWORD }));
    other.await.refused(401, "user_session_already_exists");
    let other = world.anonymous().post(SIGN_IN, json!({ "email": EMAIL, "password": PASSWORD })).await;
    let other = signed_in(&other, &world.anonymous());
    ada.post(FACTOR, json!({ "password": "wrong password" })).await.refused(401, "user_invalid_credentials");
    ada.post(FACTOR, json!({})).await.refused(400, "general_argument_invalid");
    let made = ada.post(FACTOR, json!({ "password": PASSWORD })).await.ok(201);
    let (secret, token) = (made["secret"].as_str().unwrap(), &made["token"]);
    assert_eq!((secret.len(), &made["expire"]), (32, &json!("2026-08-21T12:15:00.000+00:00")));
    let uri = format!("otpauth://totp/Scopewise:ada%40example.com?secret={secret}&issuer=Scopewise&algorithm=SHA1&digits=6&period=30");
    assert_eq!(made["uri"], uri);
    assert!(made["qr"]["size"].as_u64().unwrap() > 30 && made["qr"]["path"].as_str().unwrap().starts_with("M0 0h7v1h-7z"));
    // It is not on yet.
    assert_eq!(ada.get(FACTOR).await.ok(200), json!({ "enabled": false, "since": "", "recoveryCodes": 0 }));
    assert_eq!(ada.get("/v1/account").await.ok(200)["mfa"], false);
    let late = shown(secret, world.now().plus_seconds(2 * STEP));
    for wrong in ["", "x", late.as_str(), "aaaa-bbbb-cccc-dddd"] {
        ada.put(FACTOR, json!({ "token": token, "code": wrong })).await.refused(401, "user_invalid_code");
    }
    let code = shown(secret, world.now());
    for wrong in ["", "x", secret] {
        ada.put(FACTOR, json!({ "token": wrong, "code": code })).await.refused(401, "user_challenge_invalid");
    }
    let codes = texts(&ada.put(FACTOR, json!({ "token": token, "code": code })).await.ok(200));
    assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), 10);
    assert!(codes.iter().all(|code| code.len() == 29), "{codes:?}");
    let now = "2026-08-21T12:00:00.000+00:00";
    assert_eq!(ada.get(FACTOR).await.ok(200), json!({ "enabled": true, "since": now, "recoveryCodes": 10 }));
    assert_eq!(ada.get("/v1/account").await.ok(200)["mfa"], true);
    assert_eq!(ada.get("/v1/console/accounts").await.ok(200)["accounts"][0]["secondFactor"], true);
    // The other session was opened without it.
    other.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    ada.post(FACTOR, json!({ "password": PASSWORD })).await.refused(409, "user_second_factor_on");
    ada.put(FACTOR, json!({ "token": token, "code": code })).await.refused(409, "user_second_factor_on");
}

#[tokio::test]
async fn a_new_second_factor_is_void_after_15_minutes_a_change_of_the_account_and_for_others() {
    let world = World::empty();
    let ada = world.set_up().await;
    scopewise::server::service::create_account(&*world.store, &*world.clock, &SeededRandom::new(9), "eve@example.com", PASSWORD, "Eve")
        .await
        .unwrap();
    let eve = world.anonymous().post(SIGN_IN, json!({ "email": "eve@example.com", "password": PASSWORD })).await;
    let eve = signed_in(&eve, &world.anonymous());
    let begin = async || {
        let made = ada.post(FACTOR, json!({ "password": PASSWORD })).await.ok(201);
        let code = shown(made["secret"].as_str().unwrap(), world.now());
        json!({ "token": made["token"], "code": code })
    };
    let mut body = begin().await;
    eve.put(FACTOR, body.clone()).await.refused(401, "user_challenge_invalid");
    ada.patch("/v1/account/name", json!({ "name": "Ada L." })).await.ok(200);
    ada.put(FACTOR, body).await.refused(401, "user_challenge_invalid");
    let made = ada.post(FACTOR, json!({ "password": PASSWORD })).await.ok(201);
    world.clock.advance_seconds(15 * 60);
    body = json!({ "token": made["token"], "code": shown(made["secret"].as_str().unwrap(), world.now()) });
    ada.put(FACTOR, body).await.refused(401, "user_challenge_invalid");
    assert_eq!(ada.get("/v1/account").await.ok(200)["mfa"], false);
    ada.put(FACTOR, begin().await).await.ok(200);
}

#[tokio::test]
async fn with_a_second_factor_a_password_opens_no_session() {
    let ada = Ada::new().await;
    let guest = ada.world.anonymous();
    let challenge = ada.challenge(&guest).await;
    let text = challenge.as_str().unwrap();
    // It is no session, no key and no token of another kind.
    guest.with("cookie", &format!("a_session_console={text}")).get("/v1/account").await.refused(401, "general_unauthorized_scope");
    guest.with("x-appwrite-key", text).get("/v1/account").await.refused(403, "project_id_missing");
    ada.session.put(FACTOR, json!({ "token": text, "code": ada.code() })).await.refused(409, "user_second_factor_on");
    for (challenge, code) in [("", ada.code()), ("x", ada.code()), (&text[1..], ada.code())] {
        guest.post(WITH_CODE, json!({ "challenge": challenge, "code": code })).await.refused(401, "user_challenge_invalid");
    }
    for code in ["", "x", &ada.wrong(), &ada.code_in(2), &ada.code_in(-2), &ada.secret, "aaaa-bbbb-cccc-dddd"] {
        guest.post(WITH_CODE, json!({ "challenge": text, "code": code })).await.refused(401, "user_invalid_code");
    }
    let answer = guest.post(WITH_CODE, json!({ "challenge": text, "code": ada.code() })).await;
    signed_in(&answer, &guest).get("/v1/account").await.ok(200);
    let wrong = guest.post(SIGN_IN, json!({ "email": EMAIL, "password": "wrong password" })).await;
    wrong.refused(401, "user_invalid_credentials");
    // A person who is signed in need not sign in.
    let again = ada.session.post(WITH_CODE, json!({ "challenge": text, "code": ada.code_in(1) })).await;
    again.refused(401, "user_session_already_exists");
}

#[tokio::test]
async fn the_step_after_the_password_is_void_after_5_minutes_and_after_a_change_of_the_account() {
    let ada = Ada::new().await;
    let guest = ada.world.anonymous();
    let challenge = ada.challenge(&guest).await;
    ada.world.clock.advance_seconds(5 * 60);
    guest.post(WITH_CODE, json!({ "challenge": challenge, "code": ada.code() })).await.refused(401, "user_challenge_invalid");
    let challenge = ada.challenge(&guest).await;
    let new = json!({ "password": "another good one", "oldPassword": PASSWORD });
    ada.session.patch("/v1/account/password", new).await.ok(200);
    guest.post(WITH_CODE, json!({ "challenge": challenge, "code": ada.code() })).await.refused(401, "user_challenge_invalid");
}

#[tokio::test]
async fn a_code_is_accepted_once_and_no_earlier_one_after_it() {
    let ada = Ada::new().await;
    let guest = ada.world.anonymous();
    let (earlier, code, later) = (ada.code_in(-1), ada.code(), ada.code_in(1));
    // The one that turned it on.
    ada.sign_in(&guest, &earlier).await.refused(401, "user_invalid_code");
    ada.sign_in(&guest, &code).await.ok(201);
    ada.sign_in(&guest, &code).await.refused(401, "user_invalid_code");
    ada.sign_in(&guest, &later).await.ok(201);
    ada.sign_in(&guest, &code).await.refused(401, "user_invalid_code");
    // Of many at once, one is signed in.
    ada.world.clock.advance_seconds(3 * STEP);
    let (challenge, code) = (ada.challenge(&guest).await, ada.code());
    let tries = (0..8).map(|_| {
        let (guest, body) = (guest.clone(), json!({ "challenge": challenge, "code": code }));
        tokio::spawn(async move { guest.post(WITH_CODE, body).await })
    });
    let mut opened = 0;
    for one in tries.collect::<Vec<_>>() {
        let answer = one.await.unwrap();
        opened += usize::from(answer.status == 201);
        if answer.status != 201 {
            answer.refused(401, "user_invalid_code");
        }
    }
    assert_eq!(opened, 1);
}

#[tokio::test]
async fn a_recovery_code_works_once() {
    let ada = Ada::new().await;
    let guest = ada.world.anonymous();
    ada.sign_in(&guest, &ada.recovery[0]).await.ok(201);
    ada.sign_in(&guest, &ada.recovery[0]).await.refused(401, "user_invalid_code");
    ada.sign_in(&guest, &ada.recovery[1].to_uppercase().replace('-', " ")).await.ok(201);
    assert_eq!(ada.session.get(FACTOR).await.ok(200)["recoveryCodes"], 8);
    let challenge = ada.challenge(&guest).await;
    let tries = (0..8).map(|_| {
        let (guest, body) = (guest.clone(), json!({ "challenge": challenge, "code": ada.recovery[2] }));
        tokio::spawn(async move { guest.post(WITH_CODE, body).await.status })
    });
    let mut opened = 0;
    for one in tries.collect::<Vec<_>>() {
        opened += usize::from(one.await.unwrap() == 201);
    }
    assert_eq!(opened, 1);
    // An app's code still works, and was not used up.
    ada.sign_in(&guest, &ada.code()).await.ok(201);
}

#[tokio::test]
async fn new_recovery_codes_need_password_and_code_and_end_the_earlier_ones() {
    let ada = Ada::new().await;
    for (password, code, kind) in [("wrong password", ada.code(), "user_invalid_credentials"), (PASSWORD, ada.wrong(), "user_invalid_code")]
    {
        ada.session.post(CODES, json!({ "password": password, "code": code })).await.refused(401, kind);
    }
    let new = texts(&ada.session.post(CODES, json!({ "password": PASSWORD, "code": ada.code() })).await.ok(201));
    assert!(new.len() == 10 && !new.contains(&ada.recovery[0]));
    let guest = ada.world.anonymous();
    // Its code was used up.
    ada.sign_in(&guest, &ada.code()).await.refused(401, "user_invalid_code");
    ada.sign_in(&guest, &ada.recovery[0]).await.refused(401, "user_invalid_code");
    ada.sign_in(&guest, &new[0]).await.ok(201);
    ada.session.get("/v1/account").await.ok(200);
}

#[tokio::test]
async fn turning_it_off_needs_password_and_code_and_ends_the_other_sessions() {
    let ada = Ada::new().await;
    let guest = ada.world.anonymous();
    let other = signed_in(&ada.sign_in(&guest, &ada.code()).await, &guest);
    // The code of a sign-in that somebody has watched opens nothing else.
    ada.session.post(OFF, json!({ "password": PASSWORD, "code": ada.code() })).await.refused(401, "user_invalid_code");
    ada.session.post(OFF, json!({ "password": "wrong password", "code": ada.code_in(1) })).await.refused(401, "user_invalid_credentials");
    let off = ada.session.post(OFF, json!({ "password": PASSWORD, "code": ada.recovery[9] })).await;
    assert_eq!(off.status, 204, "{}", off.text);
    other.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    assert_eq!(ada.session.get(FACTOR).await.ok(200), json!({ "enabled": false, "since": "", "recoveryCodes": 0 }));
    guest.post(SIGN_IN, json!({ "email": EMAIL, "password": PASSWORD })).await.ok(201);
    for path in [OFF, CODES] {
        let body = json!({ "password": PASSWORD, "code": ada.code_in(1) });
        ada.session.post(path, body).await.refused(409, "user_second_factor_off");
    }
}

#[tokio::test]
async fn a_stolen_session_cannot_guess_password_or_code() {
    let ada = Ada::new().await;
    for n in 0..10 {
        let body = json!({ "password": if n % 2 == 0 { PASSWORD } else { "wrong password" }, "code": ada.wrong() });
        assert_eq!(ada.session.post(OFF, body).await.status, 401);
    }
    let right = json!({ "password": PASSWORD, "code": ada.code() });
    for path in [OFF, CODES] {
        ada.session.post(path, right.clone()).await.refused(429, "general_rate_limit_exceeded");
    }
    // The person can sign in.
    ada.sign_in(&ada.world.anonymous(), &ada.code()).await.ok(201);
}

#[tokio::test]
async fn codes_cannot_be_guessed_and_guesses_lock_no_known_browser_out() {
    let ada = Ada::new().await;
    let guest = ada.world.anonymous();
    let first = ada.sign_in(&guest, &ada.code()).await;
    let device = first.headers.get_all("set-cookie").iter().nth(1).unwrap().to_str().unwrap().split(';').next().unwrap().to_owned();
    ada.world.clock.advance_seconds(STEP);
    let wrong = ada.wrong();
    let mut passed = 0;
    for network in 0..4 {
        let guesser = guest.at([198, 51, 100, network]);
        let challenge = ada.challenge(&guesser).await;
        for _ in 0..11 {
            let answer = guesser.post(WITH_CODE, json!({ "challenge": challenge, "code": wrong })).await;
            passed += usize::from(answer.status == 401);
        }
        // The right one is refused as well.
        let right = guesser.post(WITH_CODE, json!({ "challenge": challenge, "code": ada.code() })).await;
        right.refused(429, "general_rate_limit_exceeded");
    }
    assert_eq!(passed, 20, "ten of a network, twenty of all strangers");
    let known = guest.with("cookie", &device);
    ada.sign_in(&known, &ada.code()).await.ok(201);
    ada.world.clock.advance_seconds(3600);
    ada.sign_in(&guest, &ada.code()).await.ok(201);
}

#[tokio::test]
async fn a_right_password_alone_does_not_reset_the_limit_of_sign_in() {
    let ada = Ada::new().await;
    let guest = ada.world.anonymous();
    for _ in 0..10 {
        ada.challenge(&guest).await;
    }
    let more = guest.post(SIGN_IN, json!({ "email": EMAIL, "password": PASSWORD })).await;
    more.refused(429, "general_rate_limit_exceeded");
}

#[tokio::test]
async fn a_new_password_of_the_operator_keeps_the_second_factor_and_a_reset_removes_it() {
    let ada = Ada::new().await;
    let guest = ada.world.anonymous();
    let operator = Accounts { store: &*ada.world.store, clock: &*ada.world.clock, caller: Caller::command_line() };
    operator.reset(&SeededRandom::new(9), EMAIL, PASSWORD).await.unwrap();
    ada.challenge(&guest).await;
    let session = signed_in(&ada.sign_in(&guest, &ada.code()).await, &guest);
    assert!(operator.reset_second_factor(EMAIL).await.unwrap().is_some());
    session.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    let session = guest.post(SIGN_IN, json!({ "email": EMAIL, "password": PASSWORD })).await;
    assert_eq!(signed_in(&session, &guest).get("/v1/account").await.ok(200)["mfa"], false);
    assert!(operator.reset_second_factor(EMAIL).await.unwrap().is_none());
}

#[tokio::test]
async fn with_another_root_key_recovery_codes_work_and_codes_of_the_app_do_not() {
    let ada = Ada::new().await;
    let replica = ada.world.anonymous().at_interface(&ada.world.replica(ada.world.store.clone()));
    let message = ada.sign_in(&replica, &ada.code()).await.refused(401, "user_invalid_code");
    assert!(message.contains("root key") && message.contains("recovery code") && message.contains("reset-second-factor"), "{message}");
    ada.sign_in(&replica, &ada.recovery[0]).await.ok(201);
}

#[tokio::test]
async fn what_happens_to_a_second_factor_is_written_down_without_a_secret() {
    let ada = Ada::new().await;
    let guest = ada.world.anonymous();
    ada.sign_in(&guest, &ada.wrong()).await.refused(401, "user_invalid_code");
    ada.sign_in(&guest, &ada.code()).await.ok(201);
    ada.sign_in(&guest, &ada.recovery[0]).await.ok(201);
    ada.session.post(CODES, json!({ "password": PASSWORD, "code": ada.wrong() })).await.refused(401, "user_invalid_code");
    ada.session.post(CODES, json!({ "password": PASSWORD, "code": ada.code_in(1) })).await.ok(201);
    assert_eq!(ada.audit("account.second-factor-on").await, ["done "]);
    assert_eq!(ada.audit("account.recovery-codes").await, ["refused user_invalid_code", "done "]);
    let sessions = ["done ", "refused user_invalid_code", "done with a second factor", "done with a recovery code"];
    assert_eq!(ada.audit("session.create").await, sessions);
    // Neither the database nor an answer has the secret or a code.
    let bytes = ada.world.database_bytes();
    let raw = BASE32_NOPAD.decode(ada.secret.as_bytes()).unwrap();
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    assert!(holds(EMAIL.as_bytes()));
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    for secret in [ada.secret.as_bytes(), &raw, hex.as_bytes(), ada.recovery[5].as_bytes(), ada.recovery[5].replace('-', "").as_bytes()] {
        assert!(!holds(secret));
    }
    for path in [FACTOR, "/v1/account", "/v1/console/accounts", "/v1/console/audit"] {
        let text = ada.session.get(path).await.text;
        assert!(!text.contains(&ada.secret) && !ada.recovery.iter().any(|code| text.contains(code)), "{path}");
    }
}
