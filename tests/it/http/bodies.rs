//! How bodies are read, and the answers to a body or a query that cannot be read.

use axum::http::Method;
use serde_json::json;

use super::world::{Client, World};

const KEYS: &str = "/v1/project/keys";
const JSON: Option<&str> = Some("application/json");

async fn refused_body(client: &Client, content_type: Option<&str>, body: &[u8], word: &str) {
    for (method, path) in [(Method::POST, KEYS), (Method::PUT, "/v1/project/keys/k"), (Method::DELETE, "/v1/project/keys/k")] {
        let answer = client.send(method.clone(), path, content_type, body).await;
        let message = answer.refused(400, "general_argument_invalid");
        assert!(message.starts_with("The body of the request cannot be read: ") && message.contains(word), "{method}: {message}");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_with_the_reason() {
    let (_world, owner) = World::ready().await;
    owner.make_key("k", &[]).await;
    let good = br#"{"keyId":"l","name":"n","scopes":[]}"#;
    let cases: [(Option<&str>, &[u8], &str); 16] = [
        (JSON, b"not json", "not JSON (line 1, column 2)"),
        (JSON, b"{\"keyId\":\"l\",\"name\":\"n\",\"scopes\":[]", "not JSON"),
        (JSON, b"{\"keyId\":\"l\"} {}", "not JSON"),
        (JSON, &[b"[".repeat(10_000), b"]".repeat(10_000)].concat(), "not JSON"),
        (JSON, b"{\"keyId\":\"l\",\"name\":\"\xff\",\"scopes\":[]}", "not UTF-8"),
        (JSON, b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (JSON, b"[1,2]", "a list"),
        (JSON, b"null", "`null`"),
        (JSON, b"\"text\"", "a text"),
        (Some("application/json; charset=iso-8859-1"), good, "charset"),
        (Some("text/plain"), good, "Content-Type"),
        (Some("application/xml"), b"<x/>", "Content-Type"),
        (Some("multipart/form-data; boundary=x"), b"--x--", "No route takes files"),
        (None, good, "Content-Type"),
        (Some(""), good, "Content-Type"),
        (Some("application/x-www-form-urlencoded"), good, "says that it is a form"),
    ];
    for (content_type, body, word) in cases {
        refused_body(&owner, content_type, body, word).await;
    }
    refused_body(&owner.with("content-encoding", "gzip"), JSON, b"\x1f\x8b\x08", "compressed").await;
    let keys = owner.get(KEYS).await.ok(200);
    assert_eq!((&keys["total"], &keys["keys"][0]["$id"]), (&json!(1), &json!("k")));
    // The scope comes before the body.
    owner.key("r", &["keys.read"]).await.send(Method::POST, KEYS, JSON, b"no").await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn an_empty_body_lacks_its_first_parameter() {
    let (_world, owner) = World::ready().await;
    for (content_type, body) in
        [(JSON, &b""[..]), (JSON, b" \n"), (JSON, b"\xef\xbb\xbf"), (None, b""), (Some("text/plain"), b""), (JSON, b"[]")]
    {
        let message = owner.send(Method::POST, KEYS, content_type, body).await.refused(400, "general_argument_invalid");
        assert!(message.contains("`keyId` is missing"), "{message}");
    }
    // An SDK for PHP sends an empty list where there are no parameters.
    owner.make_key("k", &[]).await;
    owner.send(Method::DELETE, "/v1/project/keys/k", JSON, b"[]").await.ok(204);
}

#[tokio::test]
async fn media_types_are_read_in_any_case_and_a_byte_order_mark_is_passed_over() {
    let (_world, owner) = World::ready().await;
    let types = [
        "Application/JSON",
        "application/json;charset=UTF-8",
        "application/json ; Charset=\"utf-8\"",
        "APPLICATION/JSON; x=y; charset=utf8",
        "application/json",
    ];
    for (index, content_type) in types.into_iter().enumerate() {
        let body = format!("\u{feff}{}", json!({ "keyId": format!("k{index}"), "name": "n", "scopes": [] }));
        owner.send(Method::POST, KEYS, Some(content_type), body.as_bytes()).await.ok(201);
    }
    owner.send(Method::POST, KEYS, Some("Application/X-WWW-Form-URLEncoded"), b"keyId=f&name=n&scopes[]=rows.read").await.ok(201);
}

#[tokio::test]
async fn a_query_is_measured_in_characters() {
    let (_world, owner) = World::ready().await;
    let query = |characters: usize| {
        let fixed = json!({ "method": "equal", "attribute": "name", "values": [""] }).to_string().chars().count();
        let query = json!({ "method": "equal", "attribute": "name", "values": ["ä".repeat(characters - fixed)] }).to_string();
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("{KEYS}?queries[]={encoded}")
    };
    owner.get(&query(4096)).await.ok(200);
    let message = owner.get(&query(4097)).await.refused(400, "general_argument_invalid");
    assert!(message.contains("more than 4096 characters"), "{message}");
}

#[tokio::test]
async fn the_first_fault_in_the_contracts_order_is_the_answer() {
    let (_world, owner) = World::ready().await;
    owner.make_key("k", &[]).await;
    let create = async |format: &str, body| {
        owner.with("x-appwrite-response-format", format).post(KEYS, body).await.refused(400, "general_argument_invalid")
    };
    let missing = |name: &str| format!("The parameter `{name}` is missing. Send it in the body, as JSON.");
    let invalid = |name: &str, problem: &str| format!("The parameter `{name}` is not valid: it {problem}.");
    assert_eq!(create("1.9.5", json!({ "expire": 1, "scopes": 5 })).await, missing("keyId"));
    assert_eq!(create("1.8.0", json!({ "expire": 1, "scopes": 5 })).await, missing("name"));
    assert_eq!(create("1.9.5", json!({ "expire": 1, "keyId": "a", "name": "n", "scopes": null })).await, missing("scopes"));
    assert_eq!(
        create("1.9.0", json!({ "expire": 1, "keyId": "a", "name": "n", "scopes": null })).await,
        invalid("expire", "must be a text")
    );
    let refused = |answer: crate::http::world::Answer| answer.refused(400, "general_argument_invalid");
    // What keys must hold comes before the keys.
    let verify = async |body| refused(owner.post("/v1/keys/verify", body).await);
    assert_eq!(verify(json!({ "key": 5, "scopes": 5, "match": "x" })).await, invalid("match", "must be `all` or `any`"));
    assert_eq!(verify(json!({ "key": 5, "scopes": 5, "operation": 5 })).await, invalid("scopes", "must be a list of texts"));
    assert!(
        verify(json!({ "key": 5, "operation": "nothing" }))
            .await
            .starts_with("The parameter `operation` is not valid: it names no operation")
    );
    assert_eq!(verify(json!({ "key": 5 })).await, invalid("key", "must be a text"));
    // A length comes before the next parameter, and a stale version before the body.
    let guest = owner.without("cookie").without("x-appwrite-project");
    let sign_in = refused(guest.post("/v1/account/sessions/email", json!({ "email": "e".repeat(300), "password": 5 })).await);
    assert_eq!(sign_in, invalid("email", "must have at most 254 bytes"));
    let policy = json!({ "keyCreation": "x", "maxLifetimeSeconds": 1 });
    let choices = refused(owner.patch("/v1/project/policy", policy.clone()).await);
    assert_eq!(choices, invalid("keyCreation", "must be one of `any`, `subset`, `denied`"));
    owner.with("if-match", "\"0.0\"").patch("/v1/project/policy", policy).await.refused(412, "general_precondition_failed");
}

#[tokio::test]
async fn a_set_up_reads_the_token_before_the_account() {
    let world = World::empty();
    let token = world.app.new_setup_token().await.unwrap().expose().to_owned();
    let set_up = async |body| world.anonymous().post("/v1/setup", body).await;
    let message = set_up(json!({ "email": 5 })).await.refused(400, "general_argument_invalid");
    assert_eq!(message, "The parameter `token` is missing. Send it in the body, as JSON.");
    let wrong = set_up(json!({ "token": "wrong", "email": 5 })).await;
    assert_eq!(wrong.status.as_u16(), 401, "{}", wrong.text);
    let message = set_up(json!({ "token": token, "email": 5 })).await.refused(400, "general_argument_invalid");
    assert_eq!(message, "The parameter `email` is not valid: it must be a text.");
}
