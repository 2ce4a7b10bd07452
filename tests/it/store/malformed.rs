//! A row with a malformed scope or name, changed by hand, is an error. It is never read as a key with other scopes.

use scopewise::server::{
    config::DatabaseUrl,
    query::{MAX_ROWS, PageOptions, parse},
    store::{self, KeyAttribute, StoreError},
};

use super::{at, handle::Handle, hash, key, project};
use crate::{
    place::Place,
    postgres::{Database, execute},
};

async fn store_with_keys(url: &DatabaseUrl) -> Handle {
    let store = Handle(store::open(url).await.unwrap());
    store.create_project(project("shop")).await.unwrap();
    for id in ["good", "bad"] {
        store.create_key(key("shop", id)).await.unwrap();
        assert!(store.key_by_secret(&hash(&format!("secret of {id}")), at(0)).await.unwrap().is_some());
    }
    store
}

async fn the_malformed_row_is_an_error(store: &Handle) {
    let unavailable = |answer: Result<_, StoreError>| assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
    unavailable(store.key("shop", "bad").await);
    unavailable(store.key_by_secret(&hash("secret of bad"), at(0)).await);
    unavailable(store.project_and_key("shop", &hash("secret of bad"), at(0)).await.map(|_| None));
    let options = PageOptions { default_limit: MAX_ROWS, with_total: true, seed: 0 };
    let query = parse::<KeyAttribute>(&[]).unwrap().resolve(None, options).unwrap();
    unavailable(store.list_keys("shop", query).await.map(|page| page.rows.into_iter().next()));
    assert_eq!(store.key("shop", "good").await.unwrap().unwrap().scopes, key("shop", "good").scopes);
}

#[tokio::test]
async fn a_malformed_scope_or_name_in_a_file_is_an_error() {
    let place = Place::new("malformed");
    let path = place.path("test.db");
    let store = store_with_keys(&DatabaseUrl::Sqlite { path: path.clone() }).await;
    let by_hand = rusqlite::Connection::open(&path).unwrap();
    for change in [r#"scopes = '["rows.read","rows write"]'"#, "scopes = '[]', name = 'a' || char(10)", "name = ''"] {
        by_hand.execute(&format!("UPDATE keys SET {change} WHERE id = 'bad'"), []).unwrap();
        the_malformed_row_is_an_error(&store).await;
    }
}

#[tokio::test]
async fn a_malformed_scope_or_name_in_postgresql_is_an_error() {
    let Some(database) = Database::new().await else { return };
    let store = store_with_keys(&database.url().parse().unwrap()).await;
    for change in ["scopes = '{rows.read,rows write}'", "scopes = '{}', name = 'a' || chr(10)", "name = ''"] {
        execute(&database.url(), &format!("UPDATE keys SET {change} WHERE id = 'bad'")).await.unwrap();
        the_malformed_row_is_an_error(&store).await;
    }
}
