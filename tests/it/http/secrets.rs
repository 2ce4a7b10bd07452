//! What leaves no trace, and what is recorded of a key's use.

use std::{
    io::Write,
    sync::{Arc, Mutex, OnceLock},
};

use serde_json::json;

use super::{
    second_factor::shown,
    world::{Client, EMAIL, PASSWORD, World, foreign_secret},
};

/// Whether these bytes stand somewhere in those.
fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Everything that is done in a life of a server with secrets in it. Returns the secrets.
async fn life(world: &World) -> Vec<String> {
    let token = world.app.new_setup_token().await.unwrap().expose().to_owned();
    let body = json!({ "token": token, "email": EMAIL, "password": PASSWORD });
    let cookie = world.anonymous().post("/v1/setup", body).await.cookie();
    let owner = world.anonymous().with("cookie", &cookie);
    owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop" })).await.ok(201);
    let owner = owner.on("shop");
    let secret = owner.make_key("k", &["keys.read"]).await["secret"].as_str().unwrap().to_owned();
    let key = owner.holding(&secret);
    key.get("/v1/project/keys").await.ok(200);
    key.with("sec-fetch-site", "cross-site").get("/v1/project/keys").await.refused(401, "project_key_in_browser");
    key.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    key.get("/v1/nothing").await.refused(404, "general_route_not_found");
    let new = owner.post("/v1/project/keys/k/rotate", json!({ "overlapSeconds": 60 })).await.ok(200)["secret"].as_str().unwrap().to_owned();
    owner.holding(&new).get("/v1/project/keys").await.ok(200);
    key.get("/v1/project/keys").await.ok(200);
    let issued = owner.post("/v1/project/keys/ephemeral", json!({ "scopes": ["keys.read"], "duration": 60 })).await.ok(201);
    let ephemeral = issued["secret"].as_str().unwrap().to_owned();
    owner.holding(&ephemeral).get("/v1/project/keys").await.ok(200);
    owner.holding(&ephemeral).get("/v1/project").await.refused(401, "general_unauthorized_scope");
    let signature = ephemeral.rsplit('.').next().unwrap().to_owned();
    let unknown = foreign_secret(77);
    owner.holding(&unknown).get("/v1/project/keys").await.refused(401, "user_unauthorized");
    let typo = format!("{}!", &secret[..secret.len() - 1]);
    owner.holding(&typo).get("/v1/project/keys").await.refused(401, "user_unauthorized");
    let wrong = "a wrong but real password".to_owned();
    world
        .anonymous()
        .post("/v1/account/sessions/email", json!({ "email": EMAIL, "password": wrong }))
        .await
        .refused(401, "user_invalid_credentials");
    owner.delete("/v1/project/keys/k").await.ok(204);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let factor = owner.post("/v1/account/second-factor", json!({ "password": PASSWORD })).await.ok(201);
    let (app, enrolment) = (text(&factor["secret"]), text(&factor["token"]));
    let body = json!({ "token": enrolment, "code": shown(&app, world.now()) });
    let recovery = owner.put("/v1/account/second-factor", body).await.ok(200)["recoveryCodes"].clone();
    let (used, left) = (text(&recovery[0]), text(&recovery[1]));
    let guest = world.anonymous();
    let challenge = guest.post("/v1/account/sessions/email", json!({ "email": EMAIL, "password": PASSWORD })).await.ok(202);
    let challenge = text(&challenge["challenge"]);
    for code in [enrolment.as_str(), used.as_str()] {
        guest.post("/v1/account/sessions/second-factor", json!({ "challenge": challenge, "code": code })).await;
    }
    world.app.settle().await;
    let session = cookie.split_once('=').unwrap().1.to_owned();
    let factor = [app, enrolment, used, left, challenge];
    [new, ephemeral, signature, unknown, token, session, secret, typo, PASSWORD.to_owned(), wrong].into_iter().chain(factor).collect()
}

#[tokio::test]
async fn the_database_holds_no_secret() {
    let world = World::empty();
    let secrets = life(&world).await;
    let bytes = world.database_bytes();
    assert!(holds(&bytes, EMAIL), "the search finds what is there");
    for secret in secrets {
        assert!(!holds(&bytes, &secret), "a secret of {} characters is in the database", secret.len());
    }
}

/// What all tests of this program log, at the finest level. One log for all of them: what a line costs is decided once for all threads.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn of_all_tests() -> Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        let begin = || {
            let log = Self::default();
            let writer = log.clone();
            let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
            tracing::subscriber::set_global_default(lines.with_writer(move || writer.clone()).finish()).unwrap();
            log
        };
        LOG.get_or_init(begin).clone()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_full_log_holds_no_secret() {
    let log = Log::of_all_tests();
    let world = World::empty();
    let secrets = life(&world).await;
    let bytes = log.0.lock().unwrap().clone();
    assert!(holds(&bytes, "signed in") && holds(&bytes, "path=\"/v1/project/keys\""), "{}", String::from_utf8_lossy(&bytes));
    for secret in secrets {
        assert!(!holds(&bytes, &secret), "a secret of {} characters is in the log", secret.len());
    }
}

#[tokio::test]
async fn a_refusal_is_logged_with_its_cause_and_the_id_of_its_answer() {
    let log = Log::of_all_tests();
    let (world, owner) = World::ready().await;
    // Its requests have ids that no request of another test has, which may be in the same log.
    let owner = owner.at_interface(&world.replica_with_seed(world.store.clone(), 97));
    let key = owner.key("k", &[]).await;
    let (denied, allowed) = (key.get("/v1/project/keys").await, owner.get("/v1/project/keys").await);
    let (unknown, page) = (owner.get("/v1/nothing").await, owner.get("/nothing").await);
    let asked = owner.post("/v1/forward-auth/nginx/project=shop", json!({})).await;
    let ids: Vec<&str> = [&denied, &allowed, &unknown, &page, &asked].iter().map(|answer| answer.header("x-request-id")).collect();
    assert!(ids.iter().all(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())), "{ids:?}");
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
    let text = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    let line = |id: &str, status: &str| text.lines().any(|line| line.contains(&format!("request_id={id}")) && line.contains(status));
    assert!(line(ids[0], "status=401") && line(ids[0], "cause=\"general_unauthorized_scope\""), "{}", ids[0]);
    assert!(line(ids[2], "cause=\"general_route_not_found\"") && line(ids[1], "status=200"));
    assert!(!line(ids[1], "cause="), "an answer without an error has no cause");
}

#[tokio::test]
async fn no_later_answer_holds_the_secret() {
    let (_world, owner) = World::ready().await;
    let secret = owner.make_key("k", &["keys.read", "keys.write"]).await["secret"].as_str().unwrap().to_owned();
    let key = owner.holding(&secret);
    for answer in [
        key.get("/v1/project/keys").await,
        key.get("/v1/project/keys/k").await,
        key.put("/v1/project/keys/k", json!({ "name": "n", "scopes": [] })).await,
        owner.get("/v1/project/keys").await,
    ] {
        assert!(answer.status.is_success() && answer.text.contains('…') && !answer.text.contains(&secret), "{}", answer.text);
    }
}

async fn seen(owner: &Client) -> (String, serde_json::Value) {
    let key = owner.get("/v1/project/keys/k").await.ok(200);
    (key["accessedAt"].as_str().unwrap().to_owned(), key["sdks"].clone())
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_day() {
    let (world, owner) = World::ready().await;
    let key = owner.key("k", &["keys.read"]).await;
    let start = world.now();
    for (after_seconds, recorded) in [(10, 10), (86_400 + 9, 10), (86_400 + 10, 10), (86_400 + 11, 86_411), (86_400 + 12, 86_411)] {
        world.clock.advance_milliseconds(start.plus_seconds(after_seconds).milliseconds_since(world.now()));
        key.get("/v1/project/keys").await.ok(200);
        world.app.settle().await;
        assert_eq!(seen(&owner).await.0, start.plus_seconds(recorded).to_string(), "after {after_seconds} s");
    }
    let unchanged = owner.get("/v1/project/keys/k").await.ok(200);
    assert_eq!(unchanged["$updatedAt"], unchanged["$createdAt"]);
}

#[tokio::test]
async fn a_use_counts_even_where_the_scope_is_missing() {
    let (world, owner) = World::ready().await;
    let key = owner.key("k", &[]).await;
    key.get("/v1/project/keys").await.refused(401, "general_unauthorized_scope");
    world.app.settle().await;
    assert_eq!(seen(&owner).await.0, world.now().to_string());
}

#[tokio::test]
async fn server_sdks_are_noted_in_lower_case_and_once() {
    let (world, owner) = World::ready().await;
    let key = owner.key("k", &["keys.read"]).await;
    for sdk in ["Node.js", "node.js", "Python", "Web", "", "<script>"] {
        key.with("x-sdk-name", sdk).get("/v1/project/keys").await.ok(200);
        world.app.settle().await;
    }
    assert_eq!(seen(&owner).await.1, json!(["node.js", "python"]));
}
