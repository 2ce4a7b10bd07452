//! Migrations of databases from earlier versions.

use scopewise::server::{
    config::DatabaseUrl,
    query::{MAX_ROWS, PageOptions, parse},
    store::{self, KeyAttribute},
};

use crate::{
    place::Place,
    postgres::{Database, execute},
};

/// Rows of earlier versions, without the columns that later versions search.
const ROWS: &str = "INSERT INTO projects (sequence, id, name, created_at, updated_at) VALUES (1, 'shop', 'Shop', 0, 0);
    INSERT INTO keys (sequence, project_id, id, name, scopes, hint, created_at, updated_at) VALUES
        (1, 'shop', 'a', 'Ärger', SCOPES, 'x', 1, 1), (2, 'shop', 'b', 'ÄRMEL', SCOPES, 'x', 2, 2),
        (3, 'shop', 'c', 'Bill', SCOPES, 'x', 3, 3), (4, 'shop', 'd', 'ΟΔΟΣ', SCOPES, 'x', 4, 4);";

async fn keys_are_found_by_their_names_in_any_case(url: &DatabaseUrl) {
    let store = store::open(url).await.unwrap();
    // The upgrade adds the record of the organization's keys once, and it is not a project.
    assert!(store.organization().await.unwrap().is_organization());
    assert_eq!(store.projects().await.unwrap().iter().map(|project| project.id.as_str()).collect::<Vec<_>>(), ["shop"]);
    for (prefix, found) in [("är", "ab"), ("ärM", "b"), ("BI", "c"), ("οδος", "d"), ("x", "")] {
        let asked = format!(r#"{{"method":"startsWith","attribute":"name","values":["{prefix}"]}}"#);
        let options = PageOptions { default_limit: MAX_ROWS, with_total: true, seed: 0 };
        let query = parse::<KeyAttribute>(&[asked]).unwrap().resolve(None, options).unwrap();
        let page = store.list_keys("shop", query).await.unwrap();
        assert_eq!(page.rows.iter().map(|key| key.id.as_str()).collect::<String>(), found, "{prefix}");
    }
}

#[tokio::test]
async fn names_in_a_file_of_an_earlier_version_are_found_case_insensitively() {
    let place = Place::new("upgrade");
    let path = place.path("old.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch(include_str!("../../../src/server/store/sqlite/migrations/001_initial.sql")).unwrap();
    connection.execute_batch(include_str!("../../../src/server/store/sqlite/migrations/002_lifecycle.sql")).unwrap();
    connection.execute_batch(include_str!("../../../src/server/store/sqlite/migrations/003_setup.sql")).unwrap();
    connection.execute_batch(&ROWS.replace("SCOPES", "'[]'")).unwrap();
    connection.execute_batch("PRAGMA application_id = 0x53435057; PRAGMA user_version = 3").unwrap();
    drop(connection);
    let url = DatabaseUrl::Sqlite { path };
    keys_are_found_by_their_names_in_any_case(&url).await;
    keys_are_found_by_their_names_in_any_case(&url).await;
}

#[tokio::test]
async fn names_in_a_database_of_an_earlier_version_are_found_case_insensitively() {
    let Some(database) = Database::new().await else { return };
    for step in [
        include_str!("../../../src/server/store/postgres/migrations/001_initial.sql"),
        include_str!("../../../src/server/store/postgres/migrations/002_lifecycle.sql"),
        include_str!("../../../src/server/store/postgres/migrations/003_setup.sql"),
        "CREATE TABLE scopewise_schema (version INTEGER NOT NULL); INSERT INTO scopewise_schema VALUES (3)",
        &ROWS.replace("SCOPES", "'{}'"),
    ] {
        execute(&database.url(), step).await.unwrap();
    }
    let url = database.url().parse().unwrap();
    keys_are_found_by_their_names_in_any_case(&url).await;
    keys_are_found_by_their_names_in_any_case(&url).await;
}
