//! Databases with tables, triggers or indexes that were changed by hand: repaired with a warning if that is safe, refused otherwise,
//! and checked before a backup replaces anything.

use std::{fs, path::Path};

use pretty_assertions::assert_eq;
use scopewise::server::{
    config::DatabaseUrl,
    store::{self, StoreError},
};
use serde_json::json;

use super::server::Site;
use crate::{
    place::Place,
    postgres::{Database, execute},
};

const SQLITE_STEPS: &str = "src/server/store/sqlite/migrations";
const POSTGRES_STEPS: &str = "src/server/store/postgres/migrations";

/// The SQL of the steps, in order.
fn steps(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

fn sqlite_objects(path: &Path) -> Vec<(String, String)> {
    let database = rusqlite::Connection::open(path).unwrap();
    let mut statement = database.prepare("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1").unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

async fn sqlite_file(place: &Place) -> (DatabaseUrl, std::path::PathBuf) {
    let path = place.path("test.db");
    let url = DatabaseUrl::Sqlite { path: path.clone() };
    drop(store::open(&url).await.unwrap());
    (url, path)
}

/// Changes that affect neither the data nor its tables.
const MENDED_SQLITE: &[&str] = &[
    "DROP TRIGGER audit_is_never_changed",
    "DROP TRIGGER audit_is_never_deleted; DROP TRIGGER audit_is_never_replaced; DROP TRIGGER key_is_deleted",
    "DROP TRIGGER secret_is_deleted; CREATE TRIGGER secret_is_deleted AFTER DELETE ON key_secrets BEGIN SELECT 1; END",
    "DROP INDEX keys_by_name",
    "DROP INDEX keys_by_name; CREATE INDEX keys_by_name ON keys (name)",
];

const REFUSED_SQLITE: &[&str] = &[
    "ALTER TABLE keys ADD COLUMN colour TEXT",
    "ALTER TABLE keys RENAME COLUMN hint TO hints",
    "DROP TABLE dev_keys",
    "CREATE TRIGGER theirs AFTER DELETE ON key_secrets BEGIN INSERT INTO key_secrets VALUES (OLD.hash, OLD.key_sequence, NULL); END",
];

#[tokio::test]
async fn a_file_with_changed_triggers_or_indexes_is_repaired_at_startup() {
    for change in MENDED_SQLITE {
        let place = Place::new("schema");
        let (url, path) = sqlite_file(&place).await;
        let before = sqlite_objects(&path);
        rusqlite::Connection::open(&path).unwrap().execute_batch(change).unwrap();
        assert_ne!(sqlite_objects(&path), before, "{change}");
        drop(store::open(&url).await.unwrap());
        assert_eq!(sqlite_objects(&path), before, "{change}");
    }
}

#[tokio::test]
async fn a_file_with_changed_tables_is_refused_and_not_changed() {
    for change in REFUSED_SQLITE {
        let place = Place::new("schema");
        let (url, path) = sqlite_file(&place).await;
        rusqlite::Connection::open(&path).unwrap().execute_batch(&format!("{change}; DROP INDEX keys_by_name")).unwrap();
        let changed = sqlite_objects(&path);
        let error = store::open(&url).await.err().unwrap();
        assert!(matches!(error, StoreError::Altered { .. }) && error.to_string().contains("restore a backup"), "{change}: {error}");
        assert_eq!(sqlite_objects(&path), changed, "{change}");
    }
}

#[test]
fn every_command_reports_a_repair() {
    let site = Site::sqlite();
    site.set_up();
    rusqlite::Connection::open(site.place.path("test.db")).unwrap().execute_batch("DROP TRIGGER audit_is_never_changed").unwrap();
    let output = site.command(&["project", "create", "--id", "two", "--name", "Two"]).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && stderr.contains("trigger audit_is_never_changed of audit") && stderr.contains("made again"),
        "{stderr}"
    );
    let output = site.command(&["project", "create", "--id", "three", "--name", "Three"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_backup_is_repaired_or_refused_before_it_replaces_anything() {
    let site = Site::sqlite();
    let writer = site.set_up();
    let run = |arguments: &[&str]| site.command(arguments).output().unwrap();
    assert!(run(&["backup", "good"]).status.success());
    let body = json!({ "keyId": "later", "name": "N", "scopes": [] }).to_string();
    let sees_later = || site.serve().connect().ask("GET", "/v1/project/keys/later", &writer, "").unwrap().status;
    assert_eq!(site.serve().connect().ask("POST", "/v1/project/keys", &writer, &body).unwrap().status, 201);
    for change in REFUSED_SQLITE {
        fs::copy(site.place.path("good"), site.place.path("changed")).unwrap();
        rusqlite::Connection::open(site.place.path("changed")).unwrap().execute_batch(change).unwrap();
        let output = run(&["restore", "changed", "--force"]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && stderr.contains("the schema of changed was changed by hand"), "{change}: {stderr}");
    }
    assert_eq!(sees_later(), 200);
    let before = sqlite_objects(&site.place.path("test.db"));
    for change in MENDED_SQLITE {
        fs::copy(site.place.path("good"), site.place.path("changed")).unwrap();
        rusqlite::Connection::open(site.place.path("changed")).unwrap().execute_batch(change).unwrap();
        let output = run(&["restore", "changed", "--force"]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && stderr.contains("made again"), "{change}: {stderr}");
        assert_eq!(sqlite_objects(&site.place.path("test.db")), before, "{change}");
    }
    assert_eq!(sees_later(), 404);
    let left: Vec<_> = fs::read_dir(site.place.path("")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| !name.contains(".part")), "{left:?}");
}

#[test]
fn a_backup_of_an_earlier_version_is_migrated() {
    let site = Site::sqlite();
    let old = rusqlite::Connection::open(site.place.path("old")).unwrap();
    steps(SQLITE_STEPS).iter().take(3).for_each(|step| old.execute_batch(step).unwrap());
    old.execute_batch("PRAGMA application_id = 0x53435057; PRAGMA user_version = 3").unwrap();
    drop(old);
    let output = site.command(&["restore", "old"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    site.set_up();
}

/// The expected PostgreSQL schema matches the one that the steps create. `SCOPEWISE_BLESS=1` writes it again.
#[tokio::test]
async fn the_expected_postgresql_schema_matches_the_steps() {
    let Some(database) = Database::new().await else { return };
    for step in steps(POSTGRES_STEPS) {
        execute(&database.url(), &step).await.unwrap();
    }
    let (client, connection) = tokio_postgres::connect(&database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/store/postgres");
    let rows = client.query(&fs::read_to_string(folder.join("objects.sql")).unwrap(), &[]).await.unwrap();
    let text = |row: &tokio_postgres::Row, name: &str| row.get::<_, Option<String>>(name);
    let objects = rows.iter().map(|row| {
        let (kind, name, facts) = (text(row, "kind"), text(row, "name"), text(row, "facts"));
        format!("  {}", json!({ "kind": kind, "name": name, "facts": facts, "make": text(row, "make") }))
    });
    let made = format!("[\n{}\n]\n", objects.collect::<Vec<_>>().join(",\n"));
    // The SQL that recreates an object differs between versions of PostgreSQL.
    let plain = |text: &str| -> Vec<serde_json::Value> {
        let mut objects: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        objects.iter_mut().for_each(|object| object["make"] = json!(object["make"].is_string()));
        objects
    };
    let file = folder.join("objects.json");
    if std::env::var_os("SCOPEWISE_BLESS").is_some() {
        fs::write(file, made).unwrap();
    } else {
        let stale = "objects.json is stale; run: SCOPEWISE_BLESS=1 cargo test --test it the_expected_postgresql_schema";
        assert!(plain(&fs::read_to_string(file).unwrap()) == plain(&made), "{stale}");
    }
}

/// The objects as the schema query returns them.
async fn postgres_objects(url: &str) -> String {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let rows = client.query(include_str!("../../../src/server/store/postgres/objects.sql"), &[]).await.unwrap();
    let text = |row: &tokio_postgres::Row, name: &str| row.get::<_, Option<String>>(name).unwrap_or_default();
    rows.iter().map(|row| ["kind", "name", "facts"].map(|name| text(row, name)).join(" ") + "\n").collect()
}

#[tokio::test]
async fn a_database_with_changed_triggers_or_indexes_is_repaired_at_startup() {
    let Some(database) = Database::new().await else { return };
    let (url, parsed) = (database.url(), database.url().parse().unwrap());
    drop(store::open(&parsed).await.unwrap());
    let before = postgres_objects(&url).await;
    for change in [
        "DROP TRIGGER audit_is_never_changed ON audit",
        "ALTER TABLE audit DISABLE TRIGGER audit_is_never_changed",
        "DROP FUNCTION audit_is_append_only() CASCADE",
        "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END; $$",
        "DROP INDEX keys_by_name",
        "DROP INDEX keys_by_name; CREATE INDEX keys_by_name ON keys (name)",
    ] {
        execute(&url, change).await.unwrap();
        assert_ne!(postgres_objects(&url).await, before, "{change}");
        drop(store::open(&parsed).await.unwrap());
        assert_eq!(postgres_objects(&url).await, before, "{change}");
    }
    let error = execute(&url, "DELETE FROM audit").await.unwrap_err();
    assert!(error.as_db_error().is_some_and(|error| error.message().contains("never changed")), "{error}");
}

#[tokio::test]
async fn a_database_with_changed_tables_is_refused_and_not_changed() {
    let Some(database) = Database::new().await else { return };
    let (url, parsed) = (database.url(), database.url().parse().unwrap());
    drop(store::open(&parsed).await.unwrap());
    for (change, back) in [
        ("ALTER TABLE keys ADD COLUMN colour TEXT", "ALTER TABLE keys DROP COLUMN colour"),
        ("ALTER TABLE keys RENAME COLUMN hint TO hints", "ALTER TABLE keys RENAME COLUMN hints TO hint"),
        ("ALTER TABLE keys ALTER COLUMN hint DROP NOT NULL", "ALTER TABLE keys ALTER COLUMN hint SET NOT NULL"),
        (
            "ALTER TABLE key_secrets DROP CONSTRAINT key_secrets_key_sequence_fkey",
            "ALTER TABLE key_secrets ADD FOREIGN KEY (key_sequence) REFERENCES keys (sequence) ON DELETE CASCADE",
        ),
        ("CREATE TRIGGER theirs AFTER DELETE ON keys EXECUTE FUNCTION audit_is_append_only()", "DROP TRIGGER theirs ON keys"),
    ] {
        execute(&url, &format!("{change}; DROP INDEX keys_by_name")).await.unwrap();
        let changed = postgres_objects(&url).await;
        let error = store::open(&parsed).await.err().unwrap();
        assert!(matches!(error, StoreError::Altered { .. }) && error.to_string().contains("changed by hand"), "{change}: {error}");
        assert_eq!(postgres_objects(&url).await, changed, "{change}");
        execute(&url, back).await.unwrap();
        drop(store::open(&parsed).await.unwrap());
    }
}
