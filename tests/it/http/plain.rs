//! Projects, catalogs, ping, health, and what stands around every answer (contract §1.3, §1.4, §1.6, §3, §4).

use axum::http::Method;
use scopewise::scope::{Catalog, Scope, Tier};
use serde_json::json;

use super::world::{NOW, World};

#[tokio::test]
async fn projects_are_made_renamed_and_deleted() {
    let (_world, owner) = World::ready().await;
    let made = owner.post("/v1/projects", json!({ "projectId": "unique()", "name": "New", "teamId": "default" })).await.ok(201);
    let id = made["$id"].as_str().unwrap();
    assert_eq!((id.len(), &made["name"], &made["$createdAt"]), (20, &json!("New"), &json!(NOW)));
    let path = format!("/v1/organization/projects/{id}");
    assert_eq!(owner.get(&path).await.ok(200), made);
    assert_eq!(owner.on(id).get("/v1/project").await.ok(200), made);
    assert_eq!(owner.patch(&path, json!({ "name": "Newer" })).await.ok(200)["name"], "Newer");
    owner.patch(&path, json!({ "name": "" })).await.refused(400, "general_argument_invalid");
    owner.patch(&path, json!({})).await.refused(400, "general_argument_invalid");
    owner.on(id).patch(&format!("/v1/projects/{id}"), json!({ "name": "Newest" })).await.ok(200);
    owner.delete(&path).await.ok(204);
    owner.get(&path).await.refused(404, "project_not_found");
    owner.patch(&path, json!({ "name": "n" })).await.refused(404, "project_not_found");
    owner.delete(&path).await.refused(404, "project_not_found");
    owner.on("shop").delete("/v1/projects/shop").await.ok(204);
}

#[tokio::test]
async fn a_project_with_bad_input_is_not_made() {
    let (_world, owner) = World::ready().await;
    for body in [
        json!({ "name": "n" }),
        json!({ "projectId": "p" }),
        json!({ "projectId": "Upper", "name": "n" }),
        json!({ "projectId": "a_b", "name": "n" }),
        json!({ "projectId": "-a", "name": "n" }),
        json!({ "projectId": "x".repeat(37), "name": "n" }),
        json!({ "projectId": "p", "name": "x".repeat(129) }),
        json!({ "projectId": "p", "name": 1 }),
    ] {
        owner.post("/v1/organization/projects", body).await.refused(400, "general_argument_invalid");
    }
    owner.post("/v1/organization/projects", json!({ "projectId": "console", "name": "n" })).await.refused(400, "project_reserved_project");
    owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "n" })).await.refused(409, "project_already_exists");
    assert_eq!(owner.get("/v1/organization/projects").await.ok(200)["total"], 1);
}

#[tokio::test]
async fn a_key_reads_and_deletes_its_own_project_only() {
    let (_world, owner) = World::ready().await;
    owner.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    let key = owner.key("k", &["project.read", "project.write"]).await;
    assert_eq!(key.get("/v1/project").await.ok(200)["$id"], "shop");
    key.get("/v1/organization/projects/other").await.refused(401, "general_unauthorized_scope");
    key.with("x-appwrite-project", "other").delete("/v1/project").await.refused(401, "user_unauthorized");
    key.delete("/v1/project").await.ok(204);
}

#[tokio::test]
async fn the_first_ping_is_noted() {
    let (world, owner) = World::ready().await;
    assert_eq!(owner.get("/v1/project").await.ok(200)["pingCount"], 0);
    let client = world.anonymous().with("x-appwrite-project", "shop");
    let answer = client.get("/v1/ping").await;
    assert_eq!((answer.text.as_str(), answer.header("content-type")), ("Pong!", "text/plain; charset=UTF-8"));
    world.clock.advance_seconds(5);
    client.get("/v1/ping").await.ok(200);
    let project = owner.get("/v1/project").await.ok(200);
    assert_eq!((&project["pingCount"], &project["pingedAt"]), (&json!(1), &json!(NOW)));
    world.anonymous().get("/v1/ping").await.refused(404, "project_not_found");
    world.anonymous().with("x-appwrite-project", "nowhere").get("/v1/ping").await.refused(404, "project_not_found");
}

#[tokio::test]
async fn health_reports_server_version_time_and_database() {
    let (world, owner) = World::ready().await;
    let key = owner.key("none", &[]).await;
    assert_eq!(key.get("/v1/health").await.ok(200), json!({ "name": "http", "ping": 0, "status": "pass" }));
    assert_eq!(key.get("/v1/health/time").await.ok(200), json!({ "remoteTime": 1_787_313_600, "localTime": 1_787_313_600, "diff": 0 }));
    let database = json!({ "total": 1, "statuses": [{ "name": "database", "ping": 0, "status": "pass" }] });
    assert_eq!(key.get("/v1/health/db").await.ok(200), database);
    assert_eq!(world.anonymous().get("/v1/health/version").await.ok(200), json!({ "version": "1.9.6" }));
}

#[tokio::test]
async fn the_catalogs_list_what_a_key_can_hold() {
    let world = World::empty();
    for (path, tier) in [("/v1/console/scopes/project", Tier::Project), ("/v1/console/scopes/organization", Tier::Organization)] {
        let list = world.anonymous().get(path).await.ok(200);
        let only = |scope: &&Scope| tier == Tier::Project || !scope.tiers.contains(&Tier::Project);
        let scopes: Vec<_> = Catalog::appwrite().grantable(tier, "server-1.9").filter(only).collect();
        assert_eq!(list["total"], scopes.len());
        for (shown, scope) in list["scopes"].as_array().unwrap().iter().zip(scopes) {
            let expected = json!({
                "$id": scope.id, "description": scope.description, "deprecated": scope.deprecated,
                "category": Catalog::appwrite().service(&scope.service).unwrap().name,
            });
            assert_eq!(*shown, expected);
        }
    }
    assert_eq!(world.anonymous().get("/v1/console/scopes/project").await.ok(200)["total"], 87);
    assert_eq!(world.anonymous().get("/v1/console/scopes/organization").await.ok(200)["total"], 4);
}

#[tokio::test]
async fn an_unknown_route_is_refused_as_such() {
    let world = World::empty();
    for path in ["/v1", "/v1/", "/v1/nothing", "/v1/project/keys/a/b", "/v1/projects/shop/nothing"] {
        world.anonymous().get(path).await.refused(404, "general_route_not_found");
    }
    world.anonymous().post("/anything", json!({})).await.refused(404, "general_route_not_found");
    let answer = world.anonymous().patch("/v1/project/keys", json!({})).await;
    assert_eq!(answer.header("allow").split(',').map(str::trim).collect::<std::collections::BTreeSet<_>>(), ["GET", "HEAD", "POST"].into());
    answer.refused(405, "general_method_not_allowed");
}

#[tokio::test]
async fn head_answers_as_get_does_without_a_body() {
    let (_world, owner) = World::ready().await;
    let answer = owner.send(Method::HEAD, "/v1/project/keys", None, b"").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""));
    let absent = owner.send(Method::HEAD, "/v1/project/keys/absent", None, b"").await;
    assert_eq!((absent.status.as_u16(), absent.text.as_str()), (404, ""));
}

#[tokio::test]
async fn a_preflight_passes_from_everywhere() {
    let world = World::empty();
    let client = world.anonymous().with("origin", "https://App.Example").with("access-control-request-method", "POST");
    for path in ["/v1/project/keys", "/v1/anything"] {
        let answer = client.send(Method::OPTIONS, path, None, b"").await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
        assert_eq!(answer.header("access-control-allow-origin"), "https://app.example");
        assert_eq!(answer.header("access-control-allow-methods"), "GET, POST, PUT, PATCH, DELETE");
        assert_eq!((answer.header("access-control-allow-credentials"), answer.header("access-control-max-age")), ("true", "86400"));
        for header in ["X-Appwrite-Project", "X-Appwrite-Key", "X-Appwrite-Mode", "Content-Type", "X-SDK-Name"] {
            assert!(answer.header("access-control-allow-headers").split(", ").any(|allowed| allowed == header), "{header}");
        }
    }
}

#[tokio::test]
async fn only_pages_of_this_server_may_read_answers() {
    let (world, owner) = World::ready().await;
    let own = owner.with("origin", "http://127.0.0.1:8420").get("/v1/account").await;
    assert_eq!((own.header("access-control-allow-origin"), own.header("vary")), ("http://127.0.0.1:8420", "Origin"));
    let foreign = world.anonymous().with("origin", "https://evil.example").get("/v1/setup").await;
    assert!(foreign.headers.get("access-control-allow-origin").is_none());
    assert_eq!(foreign.header("access-control-allow-methods"), "GET, POST, PUT, PATCH, DELETE");
    foreign.refused(403, "general_unknown_origin");
    let key = owner.key("k", &["keys.read"]).await.with("origin", "https://app.example").get("/v1/project/keys").await;
    assert!(key.headers.get("access-control-allow-origin").is_none());
    key.ok(200);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let (world, owner) = World::ready().await;
    let answers = [
        owner.get("/v1/project/keys").await,
        owner.get("/v1/nothing").await,
        world.anonymous().get("/v1/account").await,
        world.anonymous().get("/").await,
        world.anonymous().get("/favicon.none").await,
    ];
    for answer in answers {
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin")]
        {
            assert_eq!(answer.header(name), value, "{answer:?}");
        }
        assert!(answer.headers.get("strict-transport-security").is_none());
    }
    let answer = owner.get("/v1/project/keys").await;
    assert_eq!(
        (answer.header("cache-control"), answer.header("content-security-policy")),
        ("no-store", "default-src 'none'; frame-ancestors 'none'")
    );
}

#[tokio::test]
async fn pages_of_the_console_are_served_for_every_path_that_is_no_file() {
    let world = World::empty();
    for path in ["/", "/setup", "/projects/shop/overview/api-keys", "/v1x"] {
        let answer = world.anonymous().with("accept", "text/html").get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"),
            "{policy}"
        );
        assert_eq!(answer.header("cache-control"), "no-cache");
    }
    for path in ["/absent.js", "/../Cargo.toml", "/%2e%2e/Cargo.toml"] {
        assert_eq!(world.anonymous().with("accept", "*/*").get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn liveness_and_readiness_are_open_to_everybody() {
    let world = World::empty();
    assert_eq!(world.anonymous().get("/livez").await.ok(200)["status"], "pass");
    assert_eq!(world.anonymous().get("/readyz").await.ok(200)["statuses"][0]["status"], "pass");
}
