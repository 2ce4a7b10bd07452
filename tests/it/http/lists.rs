//! List queries over HTTP (contract §5). What each query picks is tested next to its code.

use std::sync::Arc;

use scopewise::server::{SecretHash, store::NewKey};
use serde_json::{Value, json};

use super::{
    counting::CountingStore,
    world::{Client, World},
};

/// The way an SDK writes queries into a URL.
fn path(queries: &[Value]) -> String {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> =
        queries.iter().enumerate().map(|(index, query)| format!("queries[{index}]={}", encode(&query.to_string()))).collect();
    format!("/v1/project/keys?{}", pairs.join("&"))
}

async fn ids(client: &Client, queries: &[Value]) -> String {
    let list = client.get(&path(queries)).await.ok(200);
    list["keys"].as_array().unwrap().iter().map(|key| key["$id"].as_str().unwrap()).collect()
}

async fn with_five_keys() -> (World, Client) {
    let (world, owner) = World::ready().await;
    for id in ["a", "b", "c", "d", "e"] {
        world.clock.advance_seconds(1);
        owner.make_key(id, if id < "c" { &["rows.read"] } else { &["users.read"] }).await;
    }
    (world, owner)
}

#[tokio::test]
async fn pages_follow_each_other_by_cursor() {
    let (_world, owner) = with_five_keys().await;
    let limit = json!({ "method": "limit", "values": [2] });
    assert_eq!(ids(&owner, std::slice::from_ref(&limit)).await, "ab");
    assert_eq!(ids(&owner, &[limit.clone(), json!({ "method": "cursorAfter", "values": ["b"] })]).await, "cd");
    assert_eq!(ids(&owner, &[limit.clone(), json!({ "method": "cursorAfter", "values": ["d"] })]).await, "e");
    assert_eq!(ids(&owner, &[limit.clone(), json!({ "method": "cursorBefore", "values": ["d"] })]).await, "bc");
    assert_eq!(ids(&owner, &[limit, json!({ "method": "offset", "values": [4] })]).await, "e");
}

#[tokio::test]
async fn keys_are_filtered_and_ordered_by_their_attributes() {
    let (_world, owner) = with_five_keys().await;
    assert_eq!(ids(&owner, &[json!({ "method": "orderDesc", "attribute": "$createdAt" })]).await, "edcba");
    assert_eq!(ids(&owner, &[json!({ "method": "contains", "attribute": "scopes", "values": ["users.read"] })]).await, "cde");
    assert_eq!(ids(&owner, &[json!({ "method": "isNull", "attribute": "accessedAt" })]).await, "abcde");
    assert_eq!(ids(&owner, &[json!({ "method": "isNotNull", "attribute": "expire" })]).await, "");
    assert_eq!(ids(&owner, &[json!({ "method": "equal", "attribute": "$id", "values": ["b", "e"] })]).await, "be");
    assert_eq!(
        ids(&owner, &[json!({ "method": "greaterThan", "attribute": "$updatedAt", "values": ["2026-08-21T12:00:03Z"] })]).await,
        "de"
    );
    assert_eq!(ids(&owner, &[json!({ "method": "search", "attribute": "name", "values": ["c"] })]).await, "c");
}

#[tokio::test]
async fn the_total_counts_all_pages_and_can_be_left_out() {
    let (_world, owner) = with_five_keys().await;
    let one = path(&[json!({ "method": "limit", "values": [1] })]);
    assert_eq!(owner.get(&one).await.ok(200)["total"], 5);
    for no in ["false", "0", "False"] {
        assert_eq!(owner.get(&format!("{one}&total={no}")).await.ok(200)["total"], 0);
    }
    for yes in ["true", "1", "True"] {
        assert_eq!(owner.get(&format!("{one}&total={yes}")).await.ok(200)["total"], 5);
    }
    let message = owner.get("/v1/project/keys?total=maybe").await.refused(400, "general_argument_invalid");
    assert!(message.contains("`total`"), "{message}");
}

#[tokio::test]
async fn queries_may_be_sent_with_empty_brackets() {
    let (_world, owner) = with_five_keys().await;
    let list = owner.get("/v1/project/keys?queries[]=%7B%22method%22:%22limit%22,%22values%22:[3]%7D").await.ok(200);
    assert_eq!(list["keys"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn bad_queries_are_refused_with_the_reason() {
    let (_world, owner) = with_five_keys().await;
    let message = owner.get("/v1/project/keys?queries[0]=limit(5)").await.refused(400, "general_argument_invalid");
    assert!(message.contains("`queries`"), "{message}");
    owner.get("/v1/project/keys?queries=x").await.refused(400, "general_argument_invalid");
    let select = path(&[json!({ "method": "select", "values": ["name"] })]);
    owner.get(&select).await.refused(400, "general_argument_invalid");
    let absent = path(&[json!({ "method": "cursorAfter", "values": ["absent"] })]);
    owner.get(&absent).await.refused(400, "general_cursor_not_found");
    let null = path(&[json!({ "method": "cursorAfter", "values": ["a"] }), json!({ "method": "orderAsc", "attribute": "expire" })]);
    owner.get(&null).await.refused(400, "database_query_order_null");
}

#[tokio::test]
async fn a_cursor_of_another_project_is_not_found() {
    let (_world, owner) = with_five_keys().await;
    owner.post("/v1/organization/projects", json!({ "projectId": "other", "name": "Other" })).await.ok(201);
    owner.on("other").make_key("theirs", &[]).await;
    owner.get(&path(&[json!({ "method": "cursorAfter", "values": ["theirs"] })])).await.refused(400, "general_cursor_not_found");
    assert_eq!(ids(&owner.on("other"), &[]).await, "theirs");
}

#[tokio::test]
async fn of_many_keys_no_more_than_the_page_is_read() {
    const KEYS: usize = 20_000;
    let mut store = None;
    let world = World::with_store(|inner| {
        let counting = Arc::new(CountingStore::new(inner));
        store = Some(counting.clone());
        counting
    });
    let store = store.unwrap();
    let owner = world.set_up().await;
    owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop" })).await.ok(201);
    let owner = owner.on("shop");
    let key = |n: usize| NewKey {
        project_id: "shop".to_owned(),
        id: format!("k{n}").parse().unwrap(),
        name: format!("Key {n}").parse().unwrap(),
        description: String::new(),
        scopes: vec!["rows.read".parse().unwrap()],
        secret: SecretHash::of(&n.to_string()),
        hint: "…".to_owned(),
        expire: None,
        created_at: world.now(),
    };
    let handle = crate::store::handle::Handle(store.clone());
    assert_eq!(handle.import_keys((0..KEYS).map(key).collect()).await.unwrap(), [0; 0]);
    let limit = |limit: usize| json!({ "method": "limit", "values": [limit] });
    let by_name = json!({ "method": "orderDesc", "attribute": "name" });
    let prefix = json!({ "method": "startsWith", "attribute": "name", "values": ["key 1999"] });
    for (queries, total, rows, first) in [
        (vec![], 5000, 5000, "k0"),
        (vec![limit(3)], 5000, 3, "k0"),
        (vec![limit(1_000_000_000)], 5000, 5000, "k0"),
        (vec![limit(3), by_name.clone()], 5000, 3, "k9999"),
        (vec![limit(3), json!({ "method": "cursorAfter", "values": ["k19000"] })], 5000, 3, "k19001"),
        (vec![limit(3), json!({ "method": "cursorBefore", "values": ["k9998"] }), by_name], 5000, 1, "k9999"),
        (vec![limit(3), json!({ "method": "offset", "values": [19_998] })], 5000, 2, "k19998"),
        (vec![prefix.clone()], 11, 11, "k1999"),
        (vec![limit(2), prefix], 11, 2, "k1999"),
        (vec![json!({ "method": "contains", "attribute": "scopes", "values": ["nobody's"] })], 0, 0, ""),
        (vec![limit(1), json!({ "method": "orderRandom" })], 5000, 1, "any"),
    ] {
        store.calls();
        store.listed();
        let list = owner.get(&path(&queries)).await.ok(200);
        let keys = list["keys"].as_array().unwrap();
        assert_eq!((&list["total"], keys.len()), (&json!(total), rows), "{queries:?}");
        assert!(first == "any" || keys.first().map_or("", |key| key["$id"].as_str().unwrap()) == first, "{queries:?}");
        assert_eq!(store.listed(), rows, "{queries:?}");
        assert_eq!(store.calls().iter().filter(|call| **call == "list_keys").count(), 1, "{queries:?}");
    }
}

#[tokio::test]
async fn projects_are_listed_by_25() {
    let (_world, owner) = World::ready().await;
    for index in 0..26 {
        owner.post("/v1/organization/projects", json!({ "projectId": format!("p{index}"), "name": "P" })).await.ok(201);
    }
    let list = owner.get("/v1/organization/projects").await.ok(200);
    assert_eq!((list["total"].as_u64(), list["projects"].as_array().unwrap().len()), (Some(27), 25));
    let list = owner.get("/v1/projects?queries[0]=%7B%22method%22:%22limit%22,%22values%22:[100]%7D").await.ok(200);
    assert_eq!(list["projects"].as_array().unwrap().len(), 27);
    let found = "/v1/projects?queries[0]=%7B%22method%22:%22equal%22,%22attribute%22:%22name%22,%22values%22:[%22Shop%22]%7D";
    assert_eq!(owner.get(found).await.ok(200)["projects"][0]["$id"], "shop");
    let select = "/v1/projects?queries[0]=%7B%22method%22:%22select%22,%22values%22:[%22name%22]%7D";
    owner.get(select).await.ok(200);
}
