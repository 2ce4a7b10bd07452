//! Dates as programs write them, in every place that a request can have one.

use std::collections::BTreeSet;

use axum::http::Method;
use scopewise::{scope::Catalog, server::http::openapi::document};
use serde_json::{Value, json};

use super::world::World;

const KEYS: &str = "/v1/project/keys";
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

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
    // In a form, a plus that is not encoded is a space.
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

/// Every operation whose body has an expiry, as a form: method, path, and what else it needs.
const FORMS: [(&str, Method, &str, &str); 10] = [
    ("project.createKey", Method::POST, KEYS, "keyId=made&name=n&scopes[]=rows.read&"),
    ("project.updateKey", Method::PUT, "/v1/project/keys/k", "name=n&scopes[]=rows.read&"),
    ("project.rotateKey", Method::POST, "/v1/project/keys/k/rotate", ""),
    ("organization.createKey", Method::POST, "/v1/organization/keys", "keyId=made&name=n&scopes[]=projects.read&"),
    ("organization.updateKey", Method::PUT, "/v1/organization/keys/o", "name=n&scopes[]=projects.read&"),
    ("organization.rotateKey", Method::POST, "/v1/organization/keys/o/rotate", ""),
    ("projects.createDevKey", Method::POST, "/v1/projects/shop/dev-keys", "name=n&"),
    ("projects.updateDevKey", Method::PUT, "/v1/projects/shop/dev-keys/{dev}", "name=n&"),
    ("widget.createKey", Method::POST, "/v1/widget/keys", "name=n&scopes[]=rows.read&"),
    ("widget.rotateKey", Method::POST, "/v1/widget/keys/k/rotate", ""),
];
/// The same, where the expiry has another name.
const WIDGET_TOKEN: (&str, &str, &str) = (
    "project.createWidgetToken",
    "/v1/project/widget-tokens",
    "scopes[]=rows.read&duration=60&mayCreate=true&mayRotate=true&keyExpire=2026-08-25T02:00:00+02:00",
);

#[tokio::test]
async fn a_plus_that_a_form_has_lost_is_restored_in_every_expiry() {
    let (_world, owner) = World::ready().await;
    owner.make_key("k", &[]).await;
    owner.post("/v1/organization/keys", json!({ "keyId": "o", "name": "n", "scopes": [] })).await.ok(201);
    let dev = json!({ "name": "n", "expire": "2026-08-22" });
    let dev = owner.post("/v1/projects/shop/dev-keys", dev).await.ok(201)["$id"].as_str().unwrap().to_owned();
    let (operation, path, form) = WIDGET_TOKEN;
    let token = owner.send(Method::POST, path, FORM, form.as_bytes()).await.ok(201);
    assert_eq!(token["keyExpire"], "2026-08-25T00:00:00.000+00:00", "{operation}");
    let page = owner.without("cookie").holding(token["secret"].as_str().unwrap());
    for (operation, method, path, form) in FORMS {
        let owner = if operation.starts_with("widget.") { &page } else { &owner };
        let path = path.replace("{dev}", &dev);
        let form = format!("{form}expire=2026-08-25T02:00:00+02:00");
        let answer = owner.send(method, &path, FORM, form.as_bytes()).await;
        assert!(answer.status.is_success(), "{operation}: {}", answer.text);
        assert_eq!(answer.body["expire"], "2026-08-25T00:00:00.000+00:00", "{operation}");
    }
    // An empty date of a form is "never" where a key may have no expiry, as in JSON.
    for (operation, method, path, form) in &FORMS[1..3] {
        let form = format!("{form}expire=");
        assert_eq!(owner.send(method.clone(), path, FORM, form.as_bytes()).await.ok(200)["expire"], "", "{operation}");
    }
}

#[test]
fn no_other_body_has_an_expiry() {
    let document = document(Catalog::appwrite());
    let operations = document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let with_expiry = operations.filter(|operation| {
        let schema = operation.pointer("/requestBody/content/application~1json/schema/$ref").and_then(Value::as_str);
        schema.is_some_and(|schema| {
            document.pointer(&schema[1..]).unwrap()["properties"].as_object().unwrap().keys().any(|name| name.ends_with("xpire"))
        })
    });
    let ids = with_expiry.map(|operation| operation["operationId"].as_str().unwrap());
    // The scope model reads JSON only.
    let found: BTreeSet<&str> = ids.filter(|id| !id.starts_with("scopes.")).collect();
    // The same operation on another path is answered by the same handler.
    let covered = |id: &&str| id.starts_with(WIDGET_TOKEN.0) || FORMS.iter().any(|(operation, ..)| id.starts_with(operation));
    assert_eq!(found.iter().filter(|id| !covered(id)).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(FORMS.iter().all(|(operation, ..)| found.contains(operation)), "{found:?}");
}
