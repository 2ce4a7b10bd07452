//! What every answer says of itself, what is read of a body, and what is told to a program that asks at the wrong place.

use axum::http::Method;
use scopewise::{
    scope::{Catalog, Tier},
    server::http::{ROUTES, Route},
};
use serde_json::{Value, json};

use super::world::{Answer, Client, World};

const KEYS: &str = "/v1/project/keys";
const JSON: Option<&str> = Some("application/json");

fn filled(path: &str) -> String {
    path.replace("{projectId}", "shop").replace("{keyId}", "target").replace("{sessionId}", "current")
}

/// An SDK for Python reads the header of every answer; others read a body that is said to be JSON, also where there is none.
fn says_its_type(answer: &Answer, what: &str) {
    let types: Vec<_> = answer.headers.get_all("content-type").iter().collect();
    assert_eq!(types.len(), 1, "{what}: {answer:?}");
    let content_type = answer.header("content-type");
    assert!(content_type.contains('/'), "{what}: {answer:?}");
    // An answer to HEAD says what GET would have.
    if answer.text.is_empty() && answer.status == 204 {
        assert!(!content_type.contains("json"), "{what}: {answer:?}");
    }
    if content_type.starts_with("application/json") && !answer.text.is_empty() {
        serde_json::from_str::<Value>(&answer.text).unwrap_or_else(|error| panic!("{what}: {error}: {answer:?}"));
    }
}

#[tokio::test]
async fn every_answer_of_every_route_says_its_type() {
    let (world, owner) = World::ready().await;
    owner.make_key("target", &["keys.read"]).await;
    let ask = async |client: &Client, route: &Route, path: &str| {
        for content_type in [None, JSON] {
            let answer = client.send(route.method.clone(), &filled(path), content_type, b"").await;
            says_its_type(&answer, &format!("{} {path}", route.method));
        }
    };
    let paths = || ROUTES.iter().flat_map(|route| route.paths.iter().map(move |path| (route, *path)));
    for (route, path) in paths() {
        ask(&world.anonymous(), route, path).await;
    }
    for (route, path) in paths().filter(|(route, _)| route.method != Method::DELETE) {
        ask(&owner, route, path).await;
    }
    // What ends the session or the project comes last.
    let ends = |path: &str| path.starts_with("/v1/account") || !path.contains("eys");
    for last in [false, true] {
        for (route, path) in paths().filter(|(route, path)| route.method == Method::DELETE && ends(path) == last) {
            ask(&owner, route, path).await;
        }
    }
}

#[tokio::test]
async fn every_kind_of_answer_says_its_type() {
    let (world, owner) = World::ready().await;
    owner.make_key("k", &[]).await;
    let deleted = owner.delete("/v1/project/keys/k").await;
    assert_eq!((deleted.status.as_u16(), deleted.header("content-type"), &*deleted.text), (204, "text/plain; charset=UTF-8", ""));
    let anonymous = world.anonymous();
    for (method, path, status) in [
        (Method::OPTIONS, KEYS, 204),
        (Method::OPTIONS, "/v1/scopes/check", 204),
        (Method::HEAD, "/v1/ping", 404),
        (Method::HEAD, "/livez", 200),
        (Method::PATCH, "/v1/project/keys", 405),
        (Method::GET, "/v1/nothing", 404),
        (Method::POST, "/nothing", 404),
        (Method::GET, "/", 200),
        (Method::HEAD, "/", 200),
        (Method::GET, "/absent.js", 404),
        (Method::GET, "/openapi.json", 200),
        (Method::GET, "/readyz", 200),
        (Method::GET, "/v1/keys/forward-auth", 403),
    ] {
        let answer = anonymous.with("accept", "*/*").send(method.clone(), path, None, b"").await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        says_its_type(&answer, &format!("{method} {path}"));
    }
    let csv = owner.get("/v1/project/audit?format=csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
}

#[tokio::test]
async fn versions_up_to_the_newest_are_served_without_a_warning_and_later_ones_are_warned_once() {
    const FORMAT: &str = "x-appwrite-response-format";
    let (world, owner) = World::ready().await;
    for known in ["1.4.0", "1.9.5", "1.9.6", "2.0.0", "2.5.0", "2.6.2"] {
        assert_eq!(owner.with(FORMAT, known).get(KEYS).await.header("x-appwrite-warning"), "", "{known}");
    }
    for newer in ["2.6.3", "2.7.0", "3.0.0"] {
        for client in [owner.with(FORMAT, newer), world.anonymous().with(FORMAT, newer).also(FORMAT, newer)] {
            let answer = client.get(KEYS).await;
            let warnings: Vec<_> = answer.headers.get_all("x-appwrite-warning").iter().map(|value| value.to_str().unwrap()).collect();
            assert_eq!(warnings.len(), 1, "{newer}: {warnings:?}");
            assert!(warnings[0].contains(newer) && warnings[0].contains("2.6.2") && !warnings[0].contains(';'), "{warnings:?}");
        }
    }
}

#[tokio::test]
async fn a_program_that_asks_beside_the_interface_is_told_where_it_is() {
    let world = World::empty();
    let sdk = world.anonymous().with("accept", "application/json").with("x-sdk-name", "Node.js");
    for path in ["/project/keys", "/V1/project/keys", "/api/v1/project/keys", "/v1x", "/", "/v1/v1/project/keys", "/v1//project/keys"] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let answer = sdk.send(method.clone(), path, JSON, b"{}").await;
            let message = answer.refused(404, "general_route_not_found");
            assert!(message.contains("`http://127.0.0.1:8420/v1`"), "{method} {path}: {message}");
        }
    }
    let named = World::with_public_url(Some("https://keys.example"));
    let answer = named.anonymous().with("x-appwrite-project", "shop").get("/project/keys").await;
    assert_eq!((answer.header("cache-control"), answer.header("x-content-type-options")), ("no-store", "nosniff"));
    assert!(answer.refused(404, "general_route_not_found").contains("`https://keys.example/v1`"));
}

#[tokio::test]
async fn pages_are_for_who_accepts_them() {
    let world = World::empty();
    let anonymous = world.anonymous();
    let page = |answer: &Answer| answer.header("content-type").starts_with("text/html") && answer.header("vary").contains("Accept");
    let path = "/projects/shop/overview/api-keys";
    let browser = anonymous.with("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    for person in [&browser, &anonymous.with("accept", "*/*"), &anonymous.with("sec-fetch-mode", "navigate")] {
        for path in [path, "/", "/v1x", "/V1"] {
            let answer = person.get(path).await;
            assert!(answer.status == 200 && page(&answer), "{path}: {answer:?}");
        }
    }
    for program in [
        anonymous.clone(),
        anonymous.with("accept", "application/json"),
        anonymous.with("accept", "text/html;q=0"),
        browser.with("x-appwrite-key", "x"),
        browser.with("X-Appwrite-Response-Format", "1.9.5"),
        browser.with("x-sdk-version", "27.1.0"),
    ] {
        program.get(path).await.refused(404, "general_route_not_found");
    }
    // Whoever only wants to know whether something is there says nothing of himself.
    assert!(page(&anonymous.get("/").await));
}

async fn refused_body(client: &Client, content_type: Option<&str>, body: &[u8], word: &str) {
    for (method, path) in [(Method::POST, KEYS), (Method::PUT, "/v1/project/keys/k"), (Method::DELETE, "/v1/project/keys/k")] {
        let answer = client.send(method.clone(), path, content_type, body).await;
        let message = answer.refused(400, "general_argument_invalid");
        assert!(message.starts_with("The body of the request cannot be read: ") && message.contains(word), "{method}: {message}");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_and_told_why() {
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
async fn an_expiry_is_read_as_programs_write_it() {
    let (_world, owner) = World::ready().await;
    let mut keys = 0;
    let mut expire = async |value: Value| {
        keys += 1;
        let body = json!({ "keyId": format!("k{keys}"), "name": "n", "scopes": [], "expire": value });
        owner.post(KEYS, body).await.ok(201)["expire"].as_str().unwrap().to_owned()
    };
    for never in [json!(""), json!(null)] {
        assert_eq!(expire(never).await, "");
    }
    for text in [
        "2030-12-31 23:59:59 +0000",
        "2030-12-31t23:59:59z",
        "2030-12-31 23:59:59 UTC",
        "Tue, 31 Dec 2030 23:59:59 GMT",
        "2030-12-31T23:59:59.000+00:00",
    ] {
        assert_eq!(expire(json!(text)).await, "2030-12-31T23:59:59.000+00:00", "{text}");
    }
    assert_eq!(expire(json!("2030-12-31T24:00")).await, "2031-01-01T00:00:00.000+00:00");
    // What the server writes can be sent back as it is.
    owner.make_key("back", &[]).await;
    let key = owner.get("/v1/project/keys/back").await.ok(200);
    let body = json!({ "name": key["name"], "scopes": key["scopes"], "expire": key["expire"] });
    assert_eq!(owner.put("/v1/project/keys/back", body).await.ok(200)["expire"], "");
    for text in ["tomorrow", "2030-13-01", "31.12.2030"] {
        let message = owner.post(KEYS, json!({ "keyId": "x", "name": "n", "scopes": [], "expire": text })).await;
        let message = message.refused(400, "general_argument_invalid");
        assert!(message.contains("`2030-12-31T23:59:59.000+00:00`"), "{message}");
    }
    // In a form, a plus that nobody has encoded is a space.
    let form = b"keyId=form&name=n&scopes[]=rows.read&expire=2030-12-31T23:59:59+00:00";
    let made = owner.send(Method::POST, KEYS, Some("application/x-www-form-urlencoded"), form).await.ok(201);
    assert_eq!(made["expire"], "2030-12-31T23:59:59.000+00:00");
}

#[tokio::test]
async fn a_plus_in_the_date_of_a_query_may_stand_as_it_is() {
    let (_world, owner) = World::ready().await;
    owner.make_key("k", &[]).await;
    let query = |date: &str| {
        format!("{KEYS}?queries[]=%7B%22method%22:%22greaterThan%22,%22attribute%22:%22$createdAt%22,%22values%22:[%22{date}%22]%7D")
    };
    for (date, total) in [("2026-08-21T11:59:59.000+00:00", 1), ("2026-08-21T12:00:01+00:00", 0), ("2026-08-21%2011:59:59%20+0000", 1)] {
        assert_eq!(owner.get(&query(date)).await.ok(200)["total"], total, "{date}");
    }
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
async fn what_is_plainly_no_key_is_told_what_it_is() {
    let (_world, owner) = World::ready().await;
    let secret = owner.make_key("k", &["keys.read"]).await["secret"].as_str().unwrap().to_owned();
    for (sent, word) in [
        (format!("\"{secret}\""), "quotes"),
        (format!("'{secret}'"), "quotes"),
        (format!("Bearer {secret}"), "`Bearer`"),
        ("$APPWRITE_API_KEY".to_owned(), "placeholder"),
        ("${APPWRITE_API_KEY}".to_owned(), "placeholder"),
        ("<YOUR_API_KEY>".to_owned(), "placeholder"),
        ("undefined".to_owned(), "is not set"),
    ] {
        let message = owner.holding(&sent).get(KEYS).await.refused(401, "user_unauthorized");
        assert!(message.contains(word) && !message.contains(&secret), "{sent}: {message}");
        let verifier = owner.holding(&secret);
        let verified = verifier.post("/v1/keys/verify", json!({ "key": sent })).await.ok(200);
        assert!(verified["valid"] == false && verified["message"].as_str().unwrap().contains(word), "{sent}: {verified}");
    }
    owner.holding(&secret).get(KEYS).await.ok(200);
}

#[tokio::test]
async fn the_keys_of_a_project_have_a_path_below_its_organization() {
    let (_world, owner) = World::ready().await;
    let keys = "/v1/organization/projects/shop/keys";
    let manager = owner.key("manager", &["keys.read", "keys.write"]).await;
    for client in [&owner, &manager] {
        client.post(keys, json!({ "keyId": "k", "name": "n", "scopes": ["rows.read"] })).await.ok(201);
        assert_eq!(client.get(keys).await.ok(200)["total"], 2);
        assert_eq!(client.get(&format!("{keys}/k")).await.ok(200)["scopes"], json!(["rows.read"]));
        let changed = client.put(&format!("{keys}/k"), json!({ "name": "m", "scopes": [] })).await.ok(200);
        assert_eq!(changed["name"], "m");
        let made = client.post(&format!("{keys}/ephemeral"), json!({ "scopes": ["rows.read"], "duration": 60 })).await.ok(201);
        assert!(made["secret"].as_str().unwrap().starts_with("ephemeral_"));
        client.delete(&format!("{keys}/k")).await.ok(204);
    }
    owner.make_key("ephemeral", &[]).await;
    assert_eq!(owner.get(&format!("{keys}/ephemeral")).await.ok(200)["$id"], "ephemeral");
    // The path alone names the project: SDKs send with it whatever project they were set to.
    owner.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    for header in ["", "shop", "other", "console", "absent"] {
        assert_eq!(manager.with("x-appwrite-project", header).get(keys).await.ok(200)["total"], 2, "{header}");
    }
    assert_eq!(manager.without("x-appwrite-project").get(keys).await.ok(200)["total"], 2);
    let other = "/v1/organization/projects/other/keys";
    manager.get(other).await.refused(401, "user_unauthorized");
    manager.with("x-appwrite-project", "other").get(other).await.refused(401, "user_unauthorized");
    let person = owner.without("x-appwrite-mode").without("x-appwrite-project");
    for client in [&person, &person.with("x-appwrite-project", "console")] {
        assert_eq!(client.get(other).await.ok(200)["total"], 0);
    }
    person.get("/v1/organization/projects/absent/keys").await.refused(404, "project_not_found");
    person.without("cookie").get(keys).await.refused(401, "general_unauthorized_scope");
    person.with("origin", "https://elsewhere.example").get(keys).await.refused(403, "general_unknown_origin");
}

#[tokio::test]
async fn every_scope_of_the_sdks_can_be_granted() {
    let (_world, owner) = World::ready().await;
    let scopes: Vec<&str> = Catalog::appwrite().grantable(Tier::Project, "sdk-2026-10").map(|scope| scope.id.as_str()).collect();
    assert_eq!(scopes.len(), 125);
    let made = owner.post(KEYS, json!({ "keyId": "all", "name": "All", "scopes": scopes })).await.ok(201);
    assert_eq!(made["scopes"], json!(scopes));
    let lent = owner.post("/v1/project/keys/ephemeral", json!({ "scopes": scopes, "duration": 60 })).await.ok(201);
    let all = owner.holding(lent["secret"].as_str().unwrap()).get("/v1/project/keys/all").await.ok(200);
    assert_eq!(all["scopes"], json!(scopes));
    for scope in scopes {
        owner.put("/v1/project/keys/all", json!({ "name": "One", "scopes": [scope] })).await.ok(200);
    }
}

#[tokio::test]
async fn a_key_says_what_it_is_for() {
    let (_world, owner) = World::ready().await;
    let text = "Imports orders.\nAsk Ada before it goes.";
    let made = owner.post(KEYS, json!({ "keyId": "k", "name": "n", "scopes": [], "description": text })).await.ok(201);
    assert_eq!(made["description"], text);
    let plain = owner.post(KEYS, json!({ "keyId": "l", "name": "n", "scopes": [] })).await.ok(201);
    assert_eq!(plain["description"], "");
    let list = owner.get(KEYS).await.ok(200);
    assert_eq!((&list["keys"][0]["description"], &list["keys"][1]["description"]), (&json!(text), &json!("")));
    for path in ["/v1/project/keys/k", "/v1/project/keys/k?details=true", "/v1/organization/projects/shop/keys/k"] {
        assert_eq!(owner.get(path).await.ok(200)["description"], text, "{path}");
    }
    let lent = owner.post("/v1/project/keys/ephemeral", json!({ "scopes": [], "duration": 60 })).await.ok(201);
    assert_eq!(lent["description"], "");
    // An update that does not name it leaves it, as older SDKs do; an empty text takes it away.
    let put = async |body: Value| owner.put("/v1/project/keys/k", body).await.ok(200)["description"].clone();
    assert_eq!(put(json!({ "name": "n", "scopes": [] })).await, text);
    assert_eq!(put(json!({ "name": "n", "scopes": [], "description": null })).await, text);
    assert_eq!(put(json!({ "name": "n", "scopes": [], "description": "🔑".repeat(512) })).await, "🔑".repeat(512));
    assert_eq!(put(json!({ "name": "n", "scopes": [], "description": "" })).await, "");
    for wrong in [json!("x".repeat(513)), json!("a\u{0}b"), json!("a\tb"), json!(5), json!(["x"])] {
        for (method, path) in [(Method::POST, KEYS), (Method::PUT, "/v1/project/keys/k")] {
            let body = json!({ "keyId": "m", "name": "n", "scopes": [], "description": wrong });
            let message = owner.json(method, path, body).await.refused(400, "general_argument_invalid");
            assert!(message.contains("`description`"), "{message}");
        }
    }
    let log = owner.get("/v1/project/audit").await.ok(200)["entries"].to_string();
    assert!(log.contains("described anew") && !log.contains("Ask Ada"), "{log}");
}
