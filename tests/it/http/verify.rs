//! Keys are verified for another service.

use axum::http::Method;
use serde_json::{Value, json};

use super::world::{Client, World, foreign_secret};

const PATH: &str = "/v1/keys/verify";

async fn verify(client: &Client, body: Value) -> Value {
    client.post(PATH, body).await.ok(200)
}

/// A service that may verify keys of `shop`, and the secret of a key of `shop` that may read rows.
async fn service() -> (World, Client, Client, String) {
    let (world, owner) = World::ready().await;
    let service = owner.key("service", &["keys.read"]).await;
    let secret = owner.make_key("app", &["rows.read", "users.read"]).await["secret"].as_str().unwrap().to_owned();
    (world, owner, service, secret)
}

#[tokio::test]
async fn a_valid_key_is_reported_with_its_scopes() {
    let (_world, _, service, secret) = service().await;
    let verified = verify(&service, json!({ "key": secret, "scopes": ["rows.read"] })).await;
    let wanted = json!({
        "valid": true, "code": "valid", "message": "The key may do this.", "type": "standard", "keyId": "app", "projectId": "shop",
        "scopes": ["rows.read", "users.read"], "missing": [], "expire": "",
    });
    assert_eq!(verified, wanted);
}

#[tokio::test]
async fn all_scopes_are_needed_or_any_of_them() {
    let (_world, _, service, secret) = service().await;
    let ask = async |amount: &str, scopes: &[&str]| {
        let verified = verify(&service, json!({ "key": secret, "scopes": scopes, "match": amount })).await;
        (verified["code"].as_str().unwrap().to_owned(), verified["missing"].to_string())
    };
    let lacking = |missing: &str| ("insufficient-scope".to_owned(), missing.to_owned());
    assert_eq!(ask("all", &["rows.read", "users.read"]).await, ("valid".into(), "[]".into()));
    assert_eq!(ask("all", &["rows.read", "rows.write"]).await, lacking(r#"["rows.write"]"#));
    assert_eq!(ask("any", &["rows.write", "users.read"]).await, ("valid".into(), "[]".into()));
    assert_eq!(ask("any", &["rows.write", "users.write"]).await, lacking(r#"["rows.write","users.write"]"#));
    service.post(PATH, json!({ "key": secret, "match": "some" })).await.refused(400, "general_argument_invalid");
}

#[tokio::test]
async fn an_operation_is_asked_by_its_name_or_its_route() {
    let (_world, _, service, secret) = service().await;
    for open in ["tablesDB.listRows", "tables_db.list_rows", "GET /v1/tablesdb/main/tables/books/rows", "users.list"] {
        assert_eq!(verify(&service, json!({ "key": secret, "operation": open })).await["code"], "valid", "{open}");
    }
    let closed = verify(&service, json!({ "key": secret, "operation": "DELETE /v1/users/42" })).await;
    assert_eq!((&closed["code"], &closed["missing"]), (&json!("insufficient-scope"), &json!(["users.write"])));
    for (parameter, value) in [("operation", json!("users.fly")), ("scopes", json!(["rows:read"])), ("scopes", json!(["projects.read"]))] {
        let message = service.post(PATH, json!({ "key": secret, parameter: value })).await.refused(400, "general_argument_invalid");
        assert!(message.contains(parameter), "{message}");
    }
    let typo = service.post(PATH, json!({ "key": secret, "scopes": ["rows:read"] })).await;
    assert!(typo.refused(400, "general_argument_invalid").contains("`rows.read`"), "the message says what to do");
}

#[tokio::test]
async fn a_key_of_another_project_is_answered_like_an_unknown_one() {
    let (_world, owner, service, secret) = service().await;
    owner.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    let other = owner.on("other");
    let foreign = other.make_key("spy", &["rows.read"]).await["secret"].as_str().unwrap().to_owned();
    let disabled = other.make_key("off", &["rows.read"]).await["secret"].as_str().unwrap().to_owned();
    other.patch("/v1/project/keys/off/status", json!({ "enabled": false })).await.ok(200);
    let deleted = owner.make_key("gone", &["rows.read"]).await["secret"].as_str().unwrap().to_owned();
    owner.delete("/v1/project/keys/gone").await;
    let keys = [&foreign, &disabled, &deleted, &foreign_secret(1), "nonsense", "", "session_abc"];
    let verified = verify(&service, json!({ "keys": keys, "scopes": ["rows.read"] })).await;
    let first = &verified["verifications"][0];
    assert_eq!((&first["code"], &first["keyId"], &first["projectId"]), (&json!("unknown"), &json!(""), &json!("")));
    assert!(verified["verifications"].as_array().unwrap().iter().all(|one| one == first), "{verified}");
    assert_eq!(verify(&service, json!({ "key": secret })).await["code"], "valid");
}

#[tokio::test]
async fn disabled_and_expired_keys_are_reported_with_their_reason() {
    let (world, owner, service, secret) = service().await;
    owner.patch("/v1/project/keys/app/status", json!({ "enabled": false })).await.ok(200);
    let verified = verify(&service, json!({ "key": secret, "scopes": ["rows.read"] })).await;
    assert_eq!((&verified["valid"], &verified["code"], &verified["keyId"]), (&json!(false), &json!("disabled"), &json!("app")));
    let body = json!({ "keyId": "short", "name": "short", "scopes": ["rows.read"], "expire": "2026-08-21T12:00:01.000+00:00" });
    let short = owner.post("/v1/project/keys", body).await.ok(201);
    let code = async || verify(&service, json!({ "key": short["secret"] })).await["code"].clone();
    assert_eq!(code().await, "valid");
    world.clock.advance_seconds(1);
    assert_eq!(code().await, "expired");
    assert_eq!(verify(&service, json!({ "key": short["secret"] })).await["expire"], "2026-08-21T12:00:01.000+00:00");
}

#[tokio::test]
async fn an_ephemeral_key_is_verified_until_it_ends() {
    let (world, owner, service, _) = service().await;
    let made = owner.post("/v1/project/keys/ephemeral", json!({ "scopes": ["rows.read"], "duration": 60 })).await.ok(201);
    let ask = async || verify(&service, json!({ "key": made["secret"], "operation": "tablesDB.listRows" })).await;
    let verified = ask().await;
    assert_eq!((&verified["code"], &verified["type"], &verified["keyId"]), (&json!("valid"), &json!("ephemeral"), &made["$id"]));
    world.clock.advance_seconds(60);
    assert_eq!(ask().await["code"], "unknown");
}

#[tokio::test]
async fn a_hundred_keys_are_answered_in_their_order() {
    let (_world, _, service, secret) = service().await;
    let damaged = format!("{}x", &secret[..secret.len() - 1]);
    let damaged = if damaged == secret { format!("{}y", &secret[..secret.len() - 1]) } else { damaged };
    let mut keys = vec![secret.clone(), damaged, "scopewise_dev_x".to_owned(), foreign_secret(7)];
    keys.resize(100, secret.clone());
    let verified = verify(&service, json!({ "keys": keys })).await;
    let codes: Vec<_> = verified["verifications"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        (verified["total"].as_u64(), &codes[..5]),
        (Some(100), &["valid", "damaged", "damaged", "unknown", "valid"].map(String::from)[..])
    );
    keys.push(secret.clone());
    for body in [json!({ "keys": keys }), json!({ "keys": [] }), json!({}), json!({ "key": secret, "keys": [secret] }), json!({ "key": 1 })]
    {
        service.post(PATH, body).await.refused(400, "general_argument_invalid");
    }
}

#[tokio::test]
async fn no_answer_holds_a_secret() {
    let (_world, _, service, secret) = service().await;
    let sent = [secret, foreign_secret(3)];
    let answer = service.post(PATH, json!({ "keys": sent, "scopes": ["rows.write"] })).await;
    assert!(sent.iter().all(|secret| !answer.text.contains(&secret[10..])), "{}", answer.text);
}

#[tokio::test]
async fn a_burst_of_unknown_keys_is_throttled_and_good_keys_go_on() {
    let (world, owner, service, secret) = service().await;
    assert_eq!(verify(&service, json!({ "key": secret })).await["code"], "valid");
    for batch in 0..10 {
        let keys: Vec<_> = (0..100).map(|n| foreign_secret(batch * 100 + n)).collect();
        verify(&service, json!({ "keys": keys })).await;
    }
    let throttled = service.post(PATH, json!({ "key": foreign_secret(5000) })).await;
    assert_eq!(throttled.header("retry-after"), "60");
    throttled.refused(429, "general_rate_limit_exceeded");
    assert_eq!(verify(&service, json!({ "key": secret })).await["code"], "valid");
    // Among several keys, what can be judged is.
    let damaged = format!("{}0", &secret[..secret.len() - 1]);
    let keys = [&secret, &foreign_secret(5000), &damaged, &foreign_secret(5001), &secret];
    let answer = service.post(PATH, json!({ "keys": keys, "scopes": ["rows.read"] })).await;
    assert_eq!(answer.header("retry-after"), "60");
    let verified = answer.ok(200);
    let codes: Vec<&str> = verified["verifications"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["valid", "throttled", if damaged == secret { "valid" } else { "damaged" }, "throttled", "valid"]);
    let other = owner.key("other-service", &["keys.read"]).await;
    assert_eq!(verify(&other, json!({ "key": foreign_secret(5000) })).await["code"], "unknown", "each caller has a limit of its own");
    world.clock.advance_seconds(60);
    assert_eq!(verify(&service, json!({ "key": foreign_secret(5000) })).await["code"], "unknown");
}

#[tokio::test]
async fn the_caller_is_asked_for_its_own_key_first() {
    let (world, owner, _, secret) = service().await;
    let body = json!({ "key": secret });
    let narrow = owner.key("narrow", &["rows.read"]).await;
    narrow.post(PATH, body.clone()).await.refused(401, "general_unauthorized_scope");
    world.anonymous().with("x-appwrite-project", "shop").post(PATH, body).await.refused(401, "general_unauthorized_scope");
    world.anonymous().send(Method::GET, PATH, None, b"").await.refused(405, "general_method_not_allowed");
}

/// Usual questions are answered without the router. Everything about the answer is the same.
#[tokio::test]
async fn a_closer_look_changes_no_answer() {
    let (world, owner, service, app) = service().await;
    let secret = |made: &Value| made["secret"].as_str().unwrap().to_owned();
    let key = async |id: &str, scopes: &[&str]| secret(&owner.make_key(id, scopes).await);
    let (off, all, none) = (key("off", &["rows.read"]).await, key("all", &["keys.read", "rows.read"]).await, key("none", &[]).await);
    owner.patch("/v1/project/keys/off/status", json!({ "enabled": false })).await.ok(200);
    let body = json!({ "keyId": "ends", "name": "ends", "scopes": ["rows.read"], "expire": "2026-08-22T12:00:01.000+00:00" });
    let ends = secret(&owner.post("/v1/project/keys", body).await.ok(201));
    owner.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    let foreign = secret(&owner.on("other").make_key("spy", &["keys.read"]).await);
    let caller = service.parts().1.iter().find(|(name, _)| name == "x-appwrite-key").unwrap().1.clone();
    // Their uses are noted, so that the next ones are not.
    for used in [&app, &all, &none, &ends] {
        verify(&service, json!({ "key": used })).await;
    }
    world.app.settle().await;

    let quoted = |key: &str| format!(r#"{{"key":"{key}","scopes":["rows.read"]}}"#);
    let mut bodies: Vec<Vec<u8>> =
        [&app, &all, &none, &ends, &off, &foreign, &foreign_secret(1), &caller, "", "nonsense", "scopewise_dev_x"]
            .map(|key| quoted(key).into_bytes())
            .to_vec();
    for rest in [
        "",
        r#","scopes":[]"#,
        r#","scopes":null"#,
        r#","scopes":["rows.read","users.read","rows.read"]"#,
        r#","scopes":["rows.write"]"#,
        r#","scopes":["rows:read"]"#,
        r#","scopes":["projects.read"]"#,
        r#","scopes":"rows.read""#,
        r#","scopes":[1]"#,
        r#","scopes":["rows.read"],"scopes":["rows.write"]"#,
        r#","scopes":["rows\u002eread"]"#,
        r#","match":"any""#,
        r#","operation":"users.list""#,
        r#","operation":null"#,
        r#","keys":["x"]"#,
        r#","more":1"#,
        r#","key":"x""#,
    ] {
        bodies.push(format!(r#"{{"key":"{app}"{rest}}}"#).into_bytes());
    }
    let many = vec!["\"rows.read\""; 201].join(",");
    bodies.push(format!(r#"{{"key":"{app}","scopes":[{many}]}}"#).into_bytes());
    bodies.push(format!(" {{ \"key\" : \" {app}\\t\" }}\n").into_bytes());
    bodies.push(format!("{{\"key\":\" {app} \"}}").into_bytes());
    bodies.push(format!("\u{feff}{}", quoted(&app)).into_bytes());
    bodies.push(format!("{} ", quoted(&app)).into_bytes());
    bodies.push(format!("{}x", quoted(&app)).into_bytes());
    bodies.push([quoted(&app).as_bytes(), b"\xff"].concat());
    bodies.push(format!(r#"["{app}"]"#).into_bytes());
    bodies.push(format!(r#"{{"key":"{app}"}}{}"#, " ".repeat(5000)).into_bytes());
    bodies.extend([b"{}".to_vec(), b"null".to_vec(), Vec::new(), format!("key={app}").into_bytes()]);

    let types = [
        Some("application/json"),
        Some("Application/JSON; charset=UTF-8"),
        Some("application/json;charset=latin1"),
        Some("text/plain"),
        None,
    ];
    let extras: &[&[(&str, &str)]] = &[
        &[],
        &[("x-sdk-name", "Node.js"), ("x-sdk-language", "nodejs")],
        &[("x-appwrite-response-format", "1.8.0")],
        &[("origin", "https://a.example")],
        &[("sec-fetch-site", "same-origin")],
        &[("accept", "text/csv"), ("accept-encoding", "gzip")],
        &[("cookie", "a_session_console=x")],
        &[("content-encoding", "gzip")],
        &[("x-appwrite-key", &off)],
        &[("x-appwrite-project", "other")],
        &[("x-appwrite-mode", "admin")],
    ];
    let bare = service.without("x-appwrite-key").without("x-appwrite-project");
    let on = |project: &str, key: &str| bare.with("x-appwrite-project", project).with("x-appwrite-key", key);
    let callers = [
        service.clone(),
        on("shop", &all),
        on("shop", &app),
        on("shop", &off),
        on("shop", &foreign),
        on("other", &caller),
        on("console", &caller),
        on("", &caller),
        on("shop", ""),
        bare.with("x-appwrite-key", &caller),
        bare.with("x-appwrite-project", "shop").with("authorization", &format!("Bearer {caller}")),
        owner.clone(),
    ];
    let (mut valid, mut asked) = (0, 0_u16);
    let mut compare = async |client: &Client, path: &str, kind: Option<&str>, body: &[u8]| {
        asked += 1;
        // From another network each time, since unknown keys are counted by network.
        let [high, low] = asked.to_be_bytes();
        let client = client.at([10, 1, high, low]);
        let told = async |client: Client| {
            let answer = client.send(Method::POST, path, kind, body).await;
            let mut headers = answer.headers.clone();
            assert!(headers.remove("x-request-id").is_some());
            (answer.status, headers, answer.text)
        };
        let at_once = told(client.clone()).await;
        assert_eq!(at_once, told(client.also("x.note", "1")).await, "{path} {kind:?} {}", String::from_utf8_lossy(body));
        valid += usize::from(at_once.2.starts_with(r#"{"valid":true"#));
    };
    for body in &bodies {
        for kind in types {
            compare(&service, PATH, kind, body).await;
        }
    }
    for client in &callers {
        for extra in extras {
            let client = extra.iter().fold(client.clone(), |client, (name, value)| client.also(name, value));
            compare(&client, PATH, types[0], &bodies[0]).await;
        }
        for path in ["/v1/keys/verify?project=shop", "/v1/keys/verify/", "/v1/Keys/verify"] {
            compare(client, path, types[0], &bodies[0]).await;
        }
    }
    assert!(valid > 40, "{valid} answers name a valid key");
}

/// The key is judged once the whole body is there.
#[tokio::test]
async fn a_body_that_arrives_in_pieces_is_answered_the_same() {
    let (_world, _, service, secret) = service().await;
    let body = json!({ "key": secret, "scopes": ["rows.read"] }).to_string();
    let whole = service.send(Method::POST, PATH, Some("application/json"), body.as_bytes()).await.ok(200);
    for pieces in [1, 2, 5] {
        let parts: Vec<Vec<u8>> = body.as_bytes().chunks(body.len().div_ceil(pieces)).map(<[u8]>::to_vec).collect();
        let parts = parts.into_iter().map(Ok::<_, std::io::Error>);
        let body = axum::body::Body::from_stream(futures_util::stream::iter(parts));
        assert_eq!(service.stream(Method::POST, PATH, Some("application/json"), body).await.ok(200), whole);
    }
}
