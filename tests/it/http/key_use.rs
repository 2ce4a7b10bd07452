//! How a key was used lately, by operation.

use std::time::Duration;

use scopewise::{scope::DateTime, server::proxies::TrustedProxies};
use serde_json::{Value, json};

use super::world::{Client, World};

/// The only way to the report.
const USE: &str = "/v1/project/keys/app?use=true";
const DAY: i64 = 86_400;

/// The report, which has everything that this server has counted so far.
async fn report(owner: &Client) -> Value {
    owner.get(USE).await.ok(200)["use"].clone()
}

fn operations(report: &Value) -> Vec<(String, u64, String)> {
    let rows = report["operations"].as_array().unwrap().iter();
    rows.map(|row| {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        (text("operation"), row["requests"].as_u64().unwrap(), text("lastDay"))
    })
    .collect()
}

fn midnight(at: DateTime) -> String {
    let day = DateTime::from_unix_milliseconds(at.unix_milliseconds().div_euclid(DAY * 1000) * DAY * 1000);
    serde_json::to_value(scopewise::api::WireDate(Some(day))).unwrap().as_str().unwrap().to_owned()
}

/// A project with the key `app` behind a trusted gateway.
async fn gateway() -> (World, Client, Client, String) {
    let (world, owner) = World::ready().await;
    world.app.trust_proxies(TrustedProxies::new(vec!["192.0.2.1".parse().unwrap()]));
    let secret = owner.make_key("app", &["users.read", "rows.read", "keys.read"]).await["secret"].as_str().unwrap().to_owned();
    let client = world.anonymous().with("x-appwrite-key", &secret);
    (world, owner, client, secret)
}

async fn pass(client: &Client, method: &str, uri: &str) {
    let answer = client.with("x-forwarded-method", method).with("x-forwarded-uri", uri).get("/v1/forward-auth/caddy/project=shop").await;
    assert_eq!(answer.status.as_u16(), 204, "{}", answer.text);
}

#[tokio::test]
async fn a_key_that_was_never_used_has_an_empty_report() {
    let (world, owner, ..) = gateway().await;
    let report = report(&owner).await;
    let since = midnight(world.now().plus_seconds(-29 * DAY));
    assert_eq!(report, json!({ "since": since, "days": vec![0; 30], "operations": [] }));
}

#[tokio::test]
async fn requests_behind_a_gateway_are_counted_by_operation_and_day() {
    let (world, owner, client, _) = gateway().await;
    // Sessions end before the report does.
    let owner = owner.key("reader", &["keys.read"]).await;
    for uri in ["/v1/users/1", "/v1/users/2?x=1", "/v1/users/3", "/v1/tablesdb/main/tables/books/rows"] {
        pass(&client, "GET", uri).await;
    }
    let today = midnight(world.now());
    let first = report(&owner).await;
    assert_eq!(operations(&first), [("users.get".to_owned(), 3, today.clone()), ("tablesDB.listRows".to_owned(), 1, today.clone())]);
    world.clock.advance_seconds(DAY);
    pass(&client, "GET", "/v1/users/1").await;
    let second = report(&owner).await;
    let tomorrow = midnight(world.now());
    assert_eq!(operations(&second), [("users.get".to_owned(), 4, tomorrow.clone()), ("tablesDB.listRows".to_owned(), 1, today)]);
    assert_eq!(second["days"].as_array().unwrap()[28..], [json!(4), json!(1)]);
    // After 30 days, the first day is no longer in it.
    world.clock.advance_seconds(29 * DAY);
    let last = report(&owner).await;
    assert_eq!((operations(&last), &last["days"][0]), (vec![("users.get".to_owned(), 1, tomorrow)], &json!(1)));
}

#[tokio::test]
async fn what_the_key_did_not_open_is_not_counted() {
    let (_world, owner, client, secret) = gateway().await;
    let refused = client.with("x-forwarded-method", "DELETE").with("x-forwarded-uri", "/v1/users/1");
    refused.get("/v1/forward-auth/caddy/project=shop").await.refused(403, "gateway_insufficient_scope");
    let service = owner.key("service", &["keys.read"]).await;
    let verified = service.post("/v1/keys/verify", json!({ "key": secret, "operation": "users.delete" })).await.ok(200);
    assert_eq!(verified["valid"], false);
    client.with("x-appwrite-project", "shop").delete("/v1/project/keys/service").await.refused(401, "general_unauthorized_scope");
    assert_eq!(operations(&report(&owner).await), []);
}

#[tokio::test]
async fn verified_operations_and_requests_to_the_server_itself_are_counted() {
    let (world, owner, client, secret) = gateway().await;
    let service = owner.key("service", &["keys.read"]).await;
    for asked in [json!({ "key": secret, "operation": "users.list" }), json!({ "keys": [secret, secret], "operation": "GET /v1/users" })] {
        service.post("/v1/keys/verify", asked).await.ok(200);
    }
    // Without an operation, nobody knows what is called.
    service.post("/v1/keys/verify", json!({ "key": secret, "scopes": ["users.read"] })).await.ok(200);
    client.with("x-appwrite-project", "shop").get("/v1/project/keys").await.ok(200);
    let today = midnight(world.now());
    let all = operations(&report(&owner).await);
    assert_eq!(all, [("users.list".to_owned(), 3, today.clone()), ("project.listKeys".to_owned(), 1, today)]);
    let of_service = owner.get("/v1/project/keys/service?use=true").await.ok(200);
    assert_eq!(operations(&of_service["use"])[0].0, "keys.verify");
    assert_eq!(of_service["use"]["operations"][0]["requests"], 3);
}

#[tokio::test]
async fn the_report_is_there_only_where_it_is_asked_for() {
    let (_world, owner, ..) = gateway().await;
    for path in ["/v1/project/keys/app", "/v1/project/keys/app?details=true", "/v1/project/keys/app?use=false&details=true"] {
        assert_eq!(owner.get(path).await.ok(200).get("use"), None, "{path}");
    }
    let with_use = owner.get(USE).await.ok(200);
    assert_eq!((&with_use["status"], with_use["use"].is_object()), (&json!("active"), true));
    owner.get("/v1/project/keys/gone?use=true").await.refused(404, "key_not_found");
    owner.get("/v1/project/keys/app?use=perhaps").await.refused(400, "general_argument_invalid");
}

#[tokio::test]
async fn a_server_that_stops_writes_what_it_has_counted() {
    let (world, _, client, _) = gateway().await;
    pass(&client, "GET", "/v1/users/1").await;
    pass(&client, "GET", "/v1/users/2").await;
    world.app.wind_down(Duration::from_secs(60)).await;
    let key = world.store.key("shop", "app").await.unwrap().unwrap();
    let counts = world.store.operation_counts(key.sequence, 0).await.unwrap();
    assert_eq!(counts.iter().map(|count| (count.operation.as_str(), count.requests)).collect::<Vec<_>>(), [("users.get", 2)]);
}
