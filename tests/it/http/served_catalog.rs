//! `GET /v1/scopes/catalog` with its `ETag`, and how a console learns which catalog the server has.

use axum::http::Method;
use scopewise::scope::Catalog;
use serde_json::json;

use super::world::{Answer, World};

/// A world with a catalog of its own whose name is this.
fn named(name: &str) -> World {
    let text = json!({
        "id": "harbor", "name": name, "version": "1", "maxScopes": 20, "editions": [{ "id": "one", "name": "One" }],
        "services": [{ "id": "harbor", "name": "Harbor" }],
        "scopes": [{ "id": "ships.read", "name": "Ships Read", "service": "harbor", "description": "", "tiers": ["project"], "editions": ["one"] }],
        "operations": [{ "id": "ships.list", "method": "GET", "path": "/v1/ships", "scopes": ["ships.read"] }],
    });
    World::with_catalog(Box::leak(Box::new(Catalog::from_json(&text.to_string()).unwrap())), |store| store)
}

async fn whole(world: &World) -> Answer {
    world.anonymous().get("/v1/scopes/catalog").await
}

#[tokio::test]
async fn the_catalog_has_a_strong_etag_that_answers_304() {
    let world = World::empty();
    let first = whole(&world).await;
    let tag = first.header("etag").to_owned();
    assert!(first.status == 200 && tag.starts_with('"') && tag.ends_with('"') && tag.len() > 40, "{tag}");
    assert_eq!((first.header("cache-control"), first.header("content-type")), ("no-cache", "application/json; charset=UTF-8"));
    // The same bytes as from every other entry point, and what a catalog is read from.
    assert_eq!(first.text, scopewise::scope::answer(Catalog::appwrite(), scopewise::scope::Query::Catalog, "{}").unwrap());
    assert_eq!(Catalog::from_json(&first.text).unwrap().id, "appwrite");
    assert_eq!((whole(&world).await.header("etag"), whole(&world).await.text == first.text), (tag.as_str(), true));
    for listed in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let answer = world.anonymous().with("if-none-match", &listed).get("/v1/scopes/catalog").await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str(), answer.header("etag")), (304, "", tag.as_str()), "{listed}");
        // A cache writes these over what it has kept.
        assert_eq!((answer.header("cache-control"), answer.header("content-type")), ("no-cache", "application/json; charset=UTF-8"));
    }
    let answer = world.anonymous().with("if-none-match", "\"other\"").get("/v1/scopes/catalog").await;
    assert_eq!((answer.status.as_u16(), answer.text == first.text), (200, true));
    let head = world.anonymous().send(Method::HEAD, "/v1/scopes/catalog", None, b"").await;
    assert_eq!((head.status.as_u16(), head.header("etag"), head.text.as_str()), (200, tag.as_str(), ""));
    // A POST has no such tag: its answer depends on its body.
    let asked = world.anonymous().with("if-none-match", "*").post("/v1/scopes/catalog", json!({})).await;
    assert_eq!((asked.status.as_u16(), asked.headers.contains_key("etag"), asked.header("cache-control")), (200, false, "no-store"));
}

#[tokio::test]
async fn each_part_of_the_catalog_has_a_tag_of_its_own() {
    let world = World::empty();
    let all = whole(&world).await.header("etag").to_owned();
    let part = world.anonymous().get("/v1/scopes/catalog?operations=false").await;
    let tag = part.header("etag").to_owned();
    assert!(part.status == 200 && tag != all, "{tag}");
    let known = world.anonymous().with("if-none-match", &tag);
    assert_eq!(known.get("/v1/scopes/catalog?operations=false").await.status, 304);
    assert_eq!(known.get("/v1/scopes/catalog").await.status, 200);
    assert_eq!(known.get("/v1/scopes/catalog?tier=organization").await.status, 200);
    // A refusal has none.
    let refused = known.get("/v1/scopes/catalog?tier=nobody").await;
    assert_eq!((refused.status.as_u16(), refused.headers.contains_key("etag")), (400, false));
}

#[tokio::test]
async fn set_up_names_a_custom_catalog_by_its_tag_and_not_the_built_in_one() {
    let setup = World::empty().anonymous().get("/v1/setup").await.ok(200);
    assert_eq!(setup, json!({ "needed": true }), "a console has the built-in catalog and asks for nothing");
    let (one, other) = (named("Harbor"), named("Harbour"));
    let tag = whole(&one).await.header("etag").to_owned();
    assert_ne!(tag, whole(&other).await.header("etag"), "another catalog has another tag");
    assert_eq!(one.anonymous().get("/v1/setup").await.ok(200), json!({ "needed": true, "catalog": tag }));
    let owner = one.set_up().await;
    assert_eq!(owner.get("/v1/setup").await.ok(200), json!({ "needed": false, "signedIn": true, "catalog": tag }));
    let catalog = Catalog::from_json(&whole(&one).await.text).unwrap();
    assert_eq!(catalog.scopes()[0].name.as_deref(), Some("Ships Read"));
}
