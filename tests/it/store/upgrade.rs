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

/// The steps before the one with this number.
fn earlier_steps(store: &str, number: &str) -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/store").join(store).join("migrations");
    let mut steps: Vec<_> = std::fs::read_dir(folder).unwrap().map(|step| step.unwrap().path()).collect();
    steps.sort();
    let earlier = steps.iter().filter(|step| step.file_name().unwrap().to_str().unwrap() < number);
    earlier.map(|step| std::fs::read_to_string(step).unwrap()).collect()
}

/// Every control character; PostgreSQL stores no zero.
fn control_characters() -> impl Iterator<Item = u32> {
    ('\0'..='\u{9f}').filter(|c| c.is_control()).map(u32::from)
}

/// Names that earlier versions stored: with each of these characters, empty, too long, and valid ones. `char` is the function that makes a
/// character, `bytes` makes bytes of a text.
fn names_with(codes: impl Iterator<Item = u32>, char: &str, bytes: impl Fn(&str) -> String) -> String {
    let mut sql = "INSERT INTO projects (sequence, id, name, created_at, updated_at) VALUES (1, 'shop', 'Shop', 0, 0);".to_owned();
    let mut names: Vec<(String, String)> = codes.map(|code| (format!("c{code}"), format!("'É' || {char}({code}) || 'B'"))).collect();
    for (id, name) in [("empty", "''".to_owned()), ("long", format!("'{}'", "é".repeat(200))), ("valid", "'Ada’s key'".to_owned())] {
        names.push((id.to_owned(), name));
    }
    for (at, (id, name)) in names.iter().enumerate() {
        let (sequence, hash) = (at + 1, bytes(id));
        sql.push_str(&format!(
            "INSERT INTO keys (sequence, project_id, id, name, name_folded, scopes, hint, created_at, updated_at) VALUES \
                ({sequence}, 'shop', '{id}', {name}, lower({name}), SCOPES, 'x', 1, 1);
             INSERT INTO dev_keys (sequence, project_id, id, name, hash, hint, expires_at, created_at, updated_at) VALUES \
                ({sequence}, 'shop', '{id}', {name}, {hash}, 'x', 9, 1, 1);
             INSERT INTO projects (sequence, id, name, created_at, updated_at) VALUES ({}, 'p-{id}', {name}, 1, 1);",
            sequence + 1
        ));
    }
    sql
}

fn mended(id: &str) -> String {
    match id {
        "empty" => "empty".to_owned(),
        "long" => "é".repeat(128),
        "valid" => "Ada’s key".to_owned(),
        _ => "É B".to_owned(),
    }
}

async fn names_are_valid(url: &DatabaseUrl, count: usize) {
    let store = store::open(url).await.unwrap();
    let list = async |queries: &[String], cursor| {
        let options = PageOptions { default_limit: MAX_ROWS, with_total: true, seed: 0 };
        store.list_keys("shop", parse::<KeyAttribute>(queries).unwrap().resolve(cursor, options).unwrap()).await.unwrap().rows
    };
    let keys = list(&[], None).await;
    assert_eq!(keys.len(), count);
    for key in &keys {
        assert_eq!((key.name.as_str(), key.version, key.updated_at.unix_milliseconds()), (mended(&key.id).as_str(), 1, 1), "{}", key.id);
    }
    let dev_keys = store.dev_keys("shop").await.unwrap();
    assert_eq!(dev_keys.len(), count);
    assert!(dev_keys.iter().all(|key| key.name.as_str() == mended(&key.id) && key.version == 1));
    let projects = store.projects().await.unwrap();
    assert_eq!(projects.len(), count + 1);
    for project in projects.iter().filter(|project| project.id != "shop") {
        let wanted = mended(project.id.trim_start_matches("p-"));
        // An empty name becomes the id.
        assert_eq!(project.name.as_str(), if wanted == "empty" { "p-empty" } else { &wanted });
    }
    // Mended names are found and ordered like any other.
    let found = list(&[r#"{"method":"startsWith","attribute":"name","values":["é b"]}"#.to_owned()], None).await;
    assert_eq!(found.len(), count - 3);
    let order = |queries: &[&str]| -> Vec<String> {
        [r#"{"method":"orderAsc","attribute":"name"}"#, r#"{"method":"limit","values":[7]}"#]
            .iter()
            .chain(queries)
            .map(|query| (*query).to_owned())
            .collect()
    };
    let mut seen: Vec<_> = list(&order(&[]), None).await;
    loop {
        let last = seen.last().unwrap().clone();
        let after = format!(r#"{{"method":"cursorAfter","values":["{}"]}}"#, last.id);
        let more = list(&order(&[&after]), Some(last)).await;
        if more.is_empty() {
            break;
        }
        seen.extend(more);
    }
    assert_eq!(seen.len(), count);
    assert!(seen.is_sorted_by_key(|key| key.name.as_str().to_lowercase()));
}

fn old_file(place: &Place) -> DatabaseUrl {
    let path = place.path("old.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let steps = earlier_steps("sqlite", "008");
    steps.iter().for_each(|step| connection.execute_batch(step).unwrap());
    let rows = names_with(control_characters(), "char", |text| format!("CAST('{text}' AS BLOB)")).replace("SCOPES", "'[]'");
    connection.execute_batch(&rows).unwrap();
    connection.execute_batch(&format!("PRAGMA application_id = 0x53435057; PRAGMA user_version = {}", steps.len())).unwrap();
    DatabaseUrl::Sqlite { path }
}

#[tokio::test]
async fn invalid_names_in_a_file_of_an_earlier_version_are_replaced() {
    let place = Place::new("names");
    let url = old_file(&place);
    for _ in 0..2 {
        names_are_valid(&url, control_characters().count() + 3).await;
    }
}

#[tokio::test]
async fn invalid_names_in_a_database_of_an_earlier_version_are_replaced() {
    let Some(database) = Database::new().await else { return };
    let steps = earlier_steps("postgres", "008");
    for step in &steps {
        execute(&database.url(), step).await.unwrap();
    }
    let version =
        format!("CREATE TABLE scopewise_schema (version INTEGER NOT NULL); INSERT INTO scopewise_schema VALUES ({})", steps.len());
    execute(&database.url(), &version).await.unwrap();
    let rows = names_with(control_characters().skip(1), "chr", |text| format!("'{text}'::bytea")).replace("SCOPES", "'{}'");
    execute(&database.url(), &rows).await.unwrap();
    let url = database.url().parse().unwrap();
    for _ in 0..2 {
        names_are_valid(&url, control_characters().count() + 2).await;
    }
}

#[tokio::test]
async fn a_copy_of_an_earlier_version_has_valid_names() {
    let Some(database) = Database::new().await else { return };
    let place = Place::new("names");
    let (old, new) = (old_file(&place), database.url().parse().unwrap());
    store::transfer::copy(&old, &new).await.unwrap();
    names_are_valid(&new, control_characters().count() + 3).await;
}

/// Keys of the version before creators were stored, with the log of how they came to be.
const CREATED: &str = "INSERT INTO projects (sequence, id, name, created_at, updated_at) VALUES (1, 'shop', 'Shop', 0, 0);
    INSERT INTO keys (sequence, project_id, id, name, name_folded, scopes, hint, created_at, updated_at) VALUES
        (1, 'shop', 'a', 'A', 'a', SCOPES, 'x', 1, 1), (2, 'shop', 'again', 'B', 'b', SCOPES, 'x', 5, 5),
        (3, 'shop', 'imported', 'C', 'c', SCOPES, 'x', 6, 6), (4, 'shop', 'unknown', 'D', 'd', SCOPES, 'x', 7, 7),
        (5, 'console', 'a', 'E', 'e', SCOPES, 'x', 8, 8);
    INSERT INTO audit (at, project_id, project_sequence, actor_type, actor_id, actor_name, action, target_id, outcome, detail, ip) VALUES
        (1, 'shop', 1, 'account', 'ada', 'ada@example.com', 'key.create', 'a', 'done', '', ''),
        (2, 'shop', 1, 'account', 'eve', 'eve@example.com', 'key.update', 'a', 'done', '', ''),
        (3, 'shop', 1, 'account', 'eve', 'eve@example.com', 'key.create', 'again', 'done', '', ''),
        (4, 'shop', 1, 'account', 'eve', 'eve@example.com', 'key.delete', 'again', 'done', '', ''),
        (5, 'shop', 1, 'key', 'a', 'A', 'key.create', 'again', 'refused', '', ''),
        (5, 'shop', 1, 'key', 'a', 'A', 'key.create', 'again', 'done', '', ''),
        (6, 'shop', 1, 'command-line', '', '', 'key.import', 'imported', 'done', '', ''),
        (6, 'shop', 1, 'account', 'eve', 'eve@example.com', 'key.create', 'unknown', 'done', '', ''),
        (8, NULL, NULL, 'account', 'ada', 'ada@example.com', 'key.create', 'a', 'done', '', '');";

async fn creators_are_those_of_the_log(url: &DatabaseUrl) {
    let store = store::open(url).await.unwrap();
    let mut creators = store.key_creators(&[1, 2, 3, 4, 5, 99]).await.unwrap();
    creators.sort_by_key(|(sequence, _)| *sequence);
    let found: Vec<String> =
        creators.into_iter().map(|(sequence, actor)| format!("{sequence} {} {} {}", actor.kind.as_str(), actor.id, actor.name)).collect();
    assert_eq!(found, ["1 account ada ada@example.com", "2 key a A", "3 command-line  ", "5 account ada ada@example.com"]);
}

#[tokio::test]
async fn keys_in_a_file_of_an_earlier_version_have_the_creators_of_the_log() {
    let place = Place::new("creators");
    let path = place.path("old.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let steps = earlier_steps("sqlite", "013");
    for step in &steps {
        connection.execute_batch(step).unwrap();
    }
    connection.execute_batch(&CREATED.replace("SCOPES", "'[]'")).unwrap();
    connection.execute_batch(&format!("PRAGMA application_id = 0x53435057; PRAGMA user_version = {}", steps.len())).unwrap();
    drop(connection);
    creators_are_those_of_the_log(&DatabaseUrl::Sqlite { path }).await;
}

#[tokio::test]
async fn keys_in_a_database_of_an_earlier_version_have_the_creators_of_the_log() {
    let Some(database) = Database::new().await else { return };
    let steps = earlier_steps("postgres", "013");
    for step in &steps {
        execute(&database.url(), step).await.unwrap();
    }
    let version =
        format!("CREATE TABLE scopewise_schema (version INTEGER NOT NULL); INSERT INTO scopewise_schema VALUES ({})", steps.len());
    for step in [version.as_str(), &CREATED.replace("SCOPES", "'{}'")] {
        execute(&database.url(), step).await.unwrap();
    }
    creators_are_those_of_the_log(&database.url().parse().unwrap()).await;
}
