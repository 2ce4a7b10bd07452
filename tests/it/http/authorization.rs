//! Who a request comes from, whether it may pass, and in which order that is asked (contract §2).

use axum::http::Method;
use scopewise::server::{
    SecretHash,
    store::{KeyChange, NewKey},
};
use serde_json::json;

use super::world::{EMAIL, PASSWORD, World, foreign_secret};

const KEYS: &str = "/v1/project/keys";

#[tokio::test]
async fn a_key_needs_its_project_in_the_header() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("reader", &["keys.read"]).await;
    key.get(KEYS).await.ok(200);
    key.without("x-appwrite-project").get(KEYS).await.refused(403, "project_id_missing");
    key.with("x-appwrite-project", "").get(KEYS).await.refused(403, "project_id_missing");
    key.without("x-appwrite-project").get("/v1/project/keys?project=shop").await.refused(403, "project_id_missing");
    // A key that does not exist is asked for its project just the same.
    let bogus = key.without("x-appwrite-project").with("x-appwrite-key", "bogus");
    bogus.get(KEYS).await.refused(403, "project_id_missing");
    key.with("x-appwrite-project", "console").get(KEYS).await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn an_unknown_project_is_reported_before_a_missing_scope() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("none", &[]).await;
    key.with("x-appwrite-project", "nowhere").get(KEYS).await.refused(404, "project_not_found");
    key.get(KEYS).await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_missing_scope_is_reported_before_a_bad_parameter() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("reader", &["keys.read"]).await;
    for body in [&b"not json"[..], b"", b"{\"keyId\":5}", &vec![b'x'; 2 * 1024 * 1024]] {
        key.send(Method::POST, KEYS, Some("application/json"), body).await.refused(401, "general_unauthorized_scope");
    }
    let writer = owner.key("writer", &["keys.write"]).await;
    writer.send(Method::POST, KEYS, Some("application/json"), b"not json").await.refused(400, "general_argument_invalid");
    // A key that is not there comes last of all.
    writer.put("/v1/project/keys/absent", json!({ "name": "" })).await.refused(400, "general_argument_invalid");
}

#[tokio::test]
async fn a_missing_scope_is_refused_with_the_identity_the_scope_and_what_to_do() {
    let (world, owner) = World::ready().await;
    let key = owner.key("writer", &["keys.write"]).await;
    let message = key.get(KEYS).await.refused(401, "general_unauthorized_scope");
    assert_eq!(
        message,
        "app.shop@service.127.0.0.1 (role: applications) missing scopes ([\"keys.read\"]). Grant this scope to the key, or use another key."
    );
    let message = key.get("/v1/account").await.refused(401, "general_unauthorized_scope");
    assert!(message.ends_with("missing scopes ([\"account\"]). No API key can hold it. Sign in to the console."), "{message}");
    let message = world.anonymous().get("/v1/account").await.refused(401, "general_unauthorized_scope");
    assert!(message.starts_with("User (role: guests) missing scopes ([\"account\"])."), "{message}");
    let message = owner.without("x-appwrite-project").get(KEYS).await.refused(401, "general_unauthorized_scope");
    assert!(message.starts_with("ada@example.com (role: users) missing scopes ([\"keys.read\"])."), "{message}");
    assert!(message.contains("X-Appwrite-Mode: admin"), "{message}");
}

#[tokio::test]
async fn unknown_keys_are_refused_by_their_shape() {
    let (world, owner) = World::ready().await;
    for secret in
        [&foreign_secret(1), "0123456789abcdef", "organization_abc", "account_abc", "scopewise_key_abc", "scopewise_abc", "standard_"]
    {
        owner.holding(secret).get("/v1/ping").await.refused(401, "user_unauthorized");
    }
    // Other makers' prefixes are guests, who may ping and nothing more.
    for secret in ["foo_bar", "ephemeral_abc.def.ghi", "dynamic_abc"] {
        owner.holding(secret).get("/v1/ping").await.ok(200);
        let message = owner.holding(secret).get(KEYS).await.refused(401, "general_unauthorized_scope");
        assert!(message.contains("(role: guests)"), "{message}");
    }
    assert_eq!(world.anonymous().with("x-appwrite-project", "shop").get("/v1/ping").await.text, "Pong!");
}

#[tokio::test]
async fn a_typo_in_a_secret_is_reported_before_any_look_up() {
    let (_world, owner) = World::ready().await;
    let secret = owner.make_key("k", &["keys.read"]).await["secret"].as_str().unwrap().to_owned();
    let last = if secret.ends_with('0') { '1' } else { '0' };
    let typo = format!("{}{last}", &secret[..secret.len() - 1]);
    // Not even the project is looked up: it does not exist.
    let message = owner.holding(&typo).with("x-appwrite-project", "nowhere").get(KEYS).await.refused(401, "user_unauthorized");
    assert!(message.contains("checksum") && !message.contains(&typo), "{message}");
}

#[tokio::test]
async fn a_dev_key_sent_as_an_api_key_is_refused_with_the_reason() {
    use scopewise::key::{Secret, SecretKind};
    let (_world, owner) = World::ready().await;
    let dev = Secret::new(SecretKind::Dev, &[7; 32]);
    let message = owner.holding(dev.expose()).get(KEYS).await.refused(401, "user_unauthorized");
    assert!(message.contains("X-Appwrite-Dev-Key"), "{message}");
}

#[tokio::test]
async fn a_key_of_another_project_and_an_absent_one_answer_alike() {
    let (_world, owner) = World::ready().await;
    let console = owner.without("x-appwrite-project").without("x-appwrite-mode");
    console.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    let foreign = owner.on("other").key("theirs", &["keys.read"]).await.with("x-appwrite-project", "shop");
    let absent = owner.holding(&foreign_secret(2));
    assert_eq!(foreign.get(KEYS).await.refused(401, "user_unauthorized"), absent.get(KEYS).await.refused(401, "user_unauthorized"));
    // And so do their ids.
    let theirs = owner.get("/v1/project/keys/theirs").await;
    let none = owner.get("/v1/project/keys/none").await;
    assert_eq!(theirs.text, none.text);
    theirs.refused(404, "key_not_found");
    owner.delete("/v1/project/keys/theirs").await.refused(404, "key_not_found");
    owner.put("/v1/project/keys/theirs", json!({ "name": "x", "scopes": [] })).await.refused(404, "key_not_found");
}

#[tokio::test]
async fn a_deleted_key_is_refused_at_the_next_request() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("short", &["keys.read"]).await;
    key.get(KEYS).await.ok(200);
    owner.delete("/v1/project/keys/short").await.ok(204);
    key.get(KEYS).await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn a_key_is_refused_from_the_moment_of_its_expiry() {
    let (world, owner) = World::ready().await;
    let expire = world.now().plus_seconds(60).to_string();
    let body = json!({ "keyId": "minute", "name": "One minute", "scopes": ["keys.read"], "expire": expire });
    let key = owner.holding(owner.post(KEYS, body).await.ok(201)["secret"].as_str().unwrap());
    world.clock.advance_milliseconds(59_999);
    key.get(KEYS).await.ok(200);
    world.clock.advance_milliseconds(1);
    key.get(KEYS).await.refused(401, "project_key_expired");
    // The expiry is reported before the scope, and a longer one counts at once.
    key.get("/v1/project").await.refused(401, "project_key_expired");
    owner.put("/v1/project/keys/minute", json!({ "name": "For ever", "scopes": ["keys.read"] })).await.ok(200);
    key.get(KEYS).await.ok(200);
    let past = json!({ "name": "Gone", "scopes": ["keys.read"], "expire": "2020-01-01" });
    owner.put("/v1/project/keys/minute", past).await.ok(200);
    key.get(KEYS).await.refused(401, "project_key_expired");
}

#[tokio::test]
async fn a_narrowed_key_loses_the_scope_at_the_next_request() {
    let (world, owner) = World::ready().await;
    let key = owner.key("wide", &["keys.read", "project.read"]).await;
    key.get(KEYS).await.ok(200);
    owner.put("/v1/project/keys/wide", json!({ "name": "Narrow", "scopes": ["project.read"] })).await.ok(200);
    key.get(KEYS).await.refused(401, "general_unauthorized_scope");
    key.get("/v1/project").await.ok(200);
    // Also where another process has changed it.
    let change = KeyChange {
        name: "Wide".parse().unwrap(),
        description: None,
        scopes: vec!["keys.read".parse().unwrap()],
        expire: None,
        updated_at: world.now(),
    };
    crate::store::handle::Handle(world.store.clone()).update_key("shop", "wide", change).await.unwrap();
    key.get(KEYS).await.ok(200);
}

#[tokio::test]
async fn keys_of_a_deleted_project_are_gone_with_it() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("k", &["keys.read"]).await;
    owner.delete("/v1/project").await.ok(204);
    key.get(KEYS).await.refused(404, "project_not_found");
    let console = owner.without("x-appwrite-project").without("x-appwrite-mode");
    console.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop again" })).await.ok(201);
    key.get(KEYS).await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn secrets_of_the_contract_open_what_was_brought_in() {
    let (world, owner) = World::ready().await;
    for (id, secret) in [("new", foreign_secret(3)), ("legacy", "0a1b2c3d".repeat(32))] {
        let key = NewKey {
            project_id: "shop".into(),
            id: id.parse().unwrap(),
            name: "Brought in".parse().unwrap(),
            description: String::new(),
            scopes: vec!["keys.read".parse().unwrap()],
            secret: SecretHash::of(&secret),
            hint: "…".into(),
            expire: None,
            created_at: world.now(),
        };
        crate::store::handle::Handle(world.store.clone()).create_key(key).await.unwrap();
        owner.holding(&secret).get(KEYS).await.ok(200);
        owner
            .holding(&secret.to_uppercase())
            .get("/v1/project")
            .await
            .refused(401, if id == "new" { "general_unauthorized_scope" } else { "user_unauthorized" });
    }
}

#[tokio::test]
async fn a_key_that_comes_from_a_browser_is_refused() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("leaked", &["keys.read"]).await;
    for (name, value) in [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "empty")] {
        key.with(name, value).get(KEYS).await.refused(401, "project_key_in_browser");
    }
    let old = key.with("origin", "https://shop.example").with("user-agent", "Mozilla/5.0 (Macintosh)");
    old.get(KEYS).await.refused(401, "project_key_in_browser");
    // The fetch of Node.js sends this one, and is no browser.
    key.with("sec-fetch-mode", "cors").with("user-agent", "AppwriteNodeJSSDK/27.1.0").get(KEYS).await.ok(200);
}

#[tokio::test]
async fn the_path_may_name_the_project() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("k", &["keys.read", "keys.write", "project.read"]).await;
    key.get("/v1/projects/shop/keys").await.ok(200);
    key.get("/v1/projects/shop/keys/k").await.ok(200);
    key.get("/v1/projects/shop").await.ok(200);
    let made = key.post("/v1/projects/shop/keys", json!({ "keyId": "unique()", "name": "n", "scopes": [] })).await.ok(201);
    let path = format!("/v1/projects/shop/keys/{}", made["$id"].as_str().unwrap());
    key.put(&path, json!({ "name": "m", "scopes": [] })).await.ok(200);
    key.delete(&path).await.ok(204);
    // The console names itself in the header, and acts as an admin on the project of the path.
    owner.with("x-appwrite-project", "console").without("x-appwrite-mode").get("/v1/projects/shop/keys").await.ok(200);
    owner.without("x-appwrite-project").get("/v1/projects/shop/keys").await.ok(200);
    key.with("x-appwrite-project", "console").get("/v1/projects/shop/keys").await.refused(403, "project_id_missing");
    owner.get("/v1/projects/nowhere/keys").await.refused(401, "user_unauthorized");
    owner.without("x-appwrite-project").get("/v1/projects/nowhere/keys").await.refused(404, "project_not_found");
}

#[tokio::test]
async fn path_and_header_must_not_name_different_projects() {
    let (_world, owner) = World::ready().await;
    let key = owner.key("k", &["keys.read"]).await;
    let message = key.get("/v1/projects/other/keys").await.refused(401, "user_unauthorized");
    assert!(message.contains("different projects"), "{message}");
    owner.get("/v1/projects/other").await.refused(401, "user_unauthorized");
}

#[tokio::test]
async fn the_console_project_has_no_keys() {
    let (_world, owner) = World::ready().await;
    let console = owner.with("x-appwrite-project", "console");
    console.get(KEYS).await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_session_acts_on_a_project_only_in_admin_mode() {
    let (_world, owner) = World::ready().await;
    owner.get(KEYS).await.ok(200);
    let message = owner.without("x-appwrite-mode").get(KEYS).await.refused(401, "general_unauthorized_scope");
    assert!(message.contains("(role: guests)"), "{message}");
    owner.with("x-appwrite-mode", "default").get(KEYS).await.refused(401, "general_unauthorized_scope");
    owner.without("x-appwrite-project").get("/v1/project/keys?project=shop").await.ok(200);
}

#[tokio::test]
async fn a_session_sent_along_with_a_key_counts_for_nothing() {
    let (_world, owner) = World::ready().await;
    let key = owner.make_key("none", &[]).await;
    let both = owner.with("x-appwrite-key", key["secret"].as_str().unwrap());
    both.get(KEYS).await.refused(401, "general_unauthorized_scope");
    owner.with("x-appwrite-key", "foo_bar").get(KEYS).await.refused(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let (_world, owner) = World::ready().await;
    owner.with("origin", "http://127.0.0.1:8420").get(KEYS).await.ok(200);
    for origin in ["https://evil.example", "http://127.0.0.1:9999", "http://127.0.0.1", "null", "appwrite-callback-x://a"] {
        owner.with("origin", origin).get(KEYS).await.refused(403, "general_unknown_origin");
    }
    // Before the project, before the scope.
    owner.on("nowhere").with("origin", "https://evil.example").get(KEYS).await.refused(403, "general_unknown_origin");
    // A key is sent by no browser on its own.
    let key = owner.key("server", &["keys.read"]).await;
    key.with("origin", "https://app.example").get(KEYS).await.ok(200);
}

#[tokio::test]
async fn a_write_that_another_site_caused_is_refused() {
    let (_world, owner) = World::ready().await;
    let body = json!({ "keyId": "unique()", "name": "n", "scopes": [] });
    for site in ["cross-site", "same-site"] {
        owner.with("sec-fetch-site", site).post(KEYS, body.clone()).await.refused(403, "general_unknown_origin");
    }
    owner.with("sec-fetch-site", "same-origin").with("origin", "http://127.0.0.1:8420").post(KEYS, body).await.ok(201);
    owner.with("sec-fetch-site", "cross-site").get(KEYS).await.ok(200);
    assert_eq!(owner.get(KEYS).await.ok(200)["total"], 1);
}

#[tokio::test]
async fn the_public_url_alone_is_the_origin_of_this_server() {
    let world = World::with_public_url(Some("https://keys.example.com"));
    let owner = world.set_up().await;
    owner.with("origin", "https://keys.example.com").get("/v1/account").await.ok(200);
    for origin in [
        "http://keys.example.com",
        "https://keys.example.com:8443",
        "https://example.com",
        "https://keys.example.com.evil.example",
        "https://127.0.0.1:8420",
        "null",
        "\u{ff}",
    ] {
        let page = owner.with("origin", origin);
        // What a browser says of another program, such as a proxy's other site, is no proof.
        for page in [page.clone(), page.with("sec-fetch-site", "same-origin"), page.with("host", "keys.example.com:443")] {
            page.get("/v1/account").await.refused(403, "general_unknown_origin");
        }
    }
    owner
        .with("origin", "https://keys.example.com")
        .also("origin", "https://evil.example")
        .get("/v1/account")
        .await
        .refused(403, "general_unknown_origin");
}

#[tokio::test]
async fn what_is_no_key_is_no_way_around_the_origin() {
    let (world, owner) = World::ready().await;
    let page = world.anonymous().with("origin", "https://evil.example").with("x-appwrite-project", "shop");
    for sent in ["foo_bar", "session_x", "ephemeral_abc.def.ghi", "ephemeral_", "dynamic_abc", "organization_abc", "\u{ff}"] {
        let page = page.with("x-appwrite-key", sent);
        page.get("/v1/ping").await.refused(403, "general_unknown_origin");
        page.post("/v1/account/sessions/email", json!({ "email": EMAIL, "password": PASSWORD }))
            .await
            .refused(403, "general_unknown_origin");
    }
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let caused =
        world.anonymous().with("sec-fetch-site", "cross-site").with("x-appwrite-project", "shop").with("x-appwrite-key", "foo_bar");
    caused.post("/v1/account/sessions/email", body).await.refused(403, "general_unknown_origin");
    // A key is one from wherever it comes, also one that ends soon.
    let made = owner.post("/v1/project/keys/ephemeral", json!({ "scopes": ["keys.read"], "duration": 60 })).await.ok(201);
    owner.holding(made["secret"].as_str().unwrap()).with("origin", "https://app.example").get(KEYS).await.ok(200);
}
