//! Databases full of keys, and their secrets, which follow from their numbers.

use std::{
    fs,
    path::{Path, PathBuf},
};

use scopewise::{
    key::{Secret, SecretKind, hint},
    server::{
        Caller, Done, SecretHash,
        clock::{Clock, SystemClock},
        config::DatabaseUrl,
        store::{self, Action, NewKey, NewProject},
    },
};

use super::dice::Dice;

/// How many keys are written at a time.
const BATCH: u64 = 20_000;

/// The project in which the benchmark writes, and the number of the secret with which it does.
pub const WRITES: &str = "writes";
pub const WRITER: u64 = u64::MAX - 1;

/// The secret of a key.
pub fn secret(number: u64) -> String {
    let mut dice = Dice::new(number.wrapping_add(0x5eed));
    let mut bytes = [0; 32];
    for part in bytes.chunks_exact_mut(8) {
        part.copy_from_slice(&dice.number().to_le_bytes());
    }
    Secret::new(SecretKind::Key, &bytes).expose().to_owned()
}

/// A database with this many keys; made once.
pub fn database(folder: &Path, count: u64) -> PathBuf {
    let (path, half) = (folder.join(format!("{count}-keys.db")), folder.join(format!("{count}-keys.half.db")));
    let _ = fs::remove_file(&half);
    if !path.exists() {
        println!("making a database with {count} keys");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(fill(&DatabaseUrl::Sqlite { path: half.clone() }, count));
        // As on a day on which every key was used already: the first use of a day is written down.
        let connection = rusqlite::Connection::open(&half).unwrap();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(connection);
        fs::rename(&half, &path).unwrap();
    }
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute("UPDATE keys SET accessed_at = ?1", [SystemClock.now().unix_milliseconds()]).unwrap();
    path
}

/// The same in a database on PostgreSQL, copied from a file in `folder`; made once. Returns the folder of the database server.
pub fn on_postgres(folder: &Path, url: &str, count: u64) -> String {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let to: DatabaseUrl = url.parse().unwrap();
    let is_filled = || runtime.block_on(async { store::open(&to).await.unwrap().project("shop").await.unwrap().is_some() });
    if !is_filled() {
        let from = DatabaseUrl::Sqlite { path: database(folder, count) };
        println!("copying {count} keys to PostgreSQL");
        runtime.block_on(store::transfer::copy(&from, &to)).unwrap();
    }
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        // As above, but only where it is needed: each changed row leaves an old one behind.
        let now = SystemClock.now();
        let old = "UPDATE keys SET accessed_at = $1 WHERE accessed_at IS NULL OR accessed_at < $2";
        client.execute(old, &[&now.unix_milliseconds(), &now.plus_seconds(-43_200).unix_milliseconds()]).await.unwrap();
        client.batch_execute("VACUUM ANALYZE").await.unwrap();
        client.query_one("SHOW data_directory", &[]).await.unwrap().get(0)
    })
}

async fn fill(database: &DatabaseUrl, count: u64) {
    let store = store::open(database).await.unwrap();
    let created_at = SystemClock.now();
    let caller = Caller::command_line();
    for id in ["shop", WRITES] {
        let project = NewProject { id: id.parse().unwrap(), name: id.parse().unwrap(), created_at };
        store.create_project(project, caller.write(created_at, Done::new(Action::ProjectCreate, id))).await.unwrap();
    }
    let new_key = |project: &str, number: u64, scopes: &[&str]| {
        let secret = secret(number);
        NewKey {
            project_id: project.to_owned(),
            id: format!("key{number}").parse().unwrap(),
            name: format!("Key {number}").parse().unwrap(),
            description: String::new(),
            scopes: scopes.iter().map(|scope| scope.parse().unwrap()).collect(),
            hint: hint(&secret),
            secret: SecretHash::of(&secret),
            expire: None,
            created_at,
        }
    };
    let write = || caller.write(created_at, Done::new(Action::KeyImport, ""));
    let writer = new_key(WRITES, WRITER, &["users.read", "rows.read", "keys.read", "keys.write"]);
    assert!(store.import_keys(vec![writer], write()).await.unwrap().is_empty());
    for first in (0..count).step_by(usize::try_from(BATCH).unwrap()) {
        let scopes = ["users.read", "rows.read", "rows.write", "keys.read"];
        let keys = (first..count.min(first + BATCH)).map(|number| new_key("shop", number, &scopes));
        assert!(store.import_keys(keys.collect(), write()).await.unwrap().is_empty());
    }
}
