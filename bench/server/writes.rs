//! How many changes a second are written, and how many transactions with one row the database itself commits. Each change is a transaction
//! of its own, with its entry in the audit log, and is on the disk before it is answered. The database commits one after the other, as the
//! changes of one project do.

use std::{path::Path, process::Command, time::Instant};

use crate::{
    load::{Kind, Length},
    postgres, seed,
    server::{Server, scopewise},
    table::{Table, Wanted},
};

const KEYS: u64 = 1_000;
/// How many keys are created, changed and deleted.
const WRITTEN: u64 = 1_000;
/// What a run that was broken off has left.
const LEFT: &str = "DELETE FROM keys WHERE project_id = 'writes' AND id LIKE 'w%'";

pub fn measure(table: &mut Table, folder: &Path) {
    let database = seed::database(folder, KEYS);
    rusqlite::Connection::open(&database).unwrap().execute_batch(LEFT).unwrap();
    let server = scopewise(&format!("sqlite://{}", database.display()));
    compare(table, "SQLite", &server, sqlite_commits(folder));
    drop(server);
    let Some(url) = postgres::url() else { return };
    seed::on_postgres(folder, &url, KEYS);
    psql(&url, LEFT);
    let server = scopewise(&url);
    compare(table, "PostgreSQL", &server, postgres_commits(&url));
}

fn compare(table: &mut Table, name: &str, server: &Server, commits: f64) {
    println!("{name}: the database commits {commits:.0} transactions with one row in a second");
    for kind in [Kind::Create, Kind::Update, Kind::Delete] {
        let rate = server.load(kind, WRITTEN, Length::Requests(WRITTEN)).rate;
        table.add(format!("{name}: {}, changes a second", kind.as_str()), rate, Wanted::Nothing);
        table.add(format!("{name}: {} / the database's commits", kind.as_str()), rate / commits, Wanted::AtLeast(0.7));
    }
}

/// One row in each transaction, as safe as the server writes: in the log of the file, and on the disk.
fn sqlite_commits(folder: &Path) -> f64 {
    let connection = rusqlite::Connection::open(folder.join("commits.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.execute_batch("DROP TABLE IF EXISTS rows; CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)").unwrap();
    let begun = Instant::now();
    for _ in 0..WRITTEN {
        connection.execute("INSERT INTO rows (text) VALUES ('a row of one transaction')", []).unwrap();
    }
    WRITTEN as f64 / begun.elapsed().as_secs_f64()
}

/// The same with pgbench, on one connection.
fn postgres_commits(url: &str) -> f64 {
    let script = std::env::temp_dir().join(format!("bench-commits-{}.sql", std::process::id()));
    std::fs::write(&script, "INSERT INTO bench_rows (text) VALUES ('a row of one transaction');").unwrap();
    psql(url, "CREATE TABLE IF NOT EXISTS bench_rows (text text)");
    let output = Command::new("pgbench").args(["-n", "-M", "prepared", "-c", "1", "-T", "4", "-f"]).arg(&script).arg(url).output().unwrap();
    let _ = std::fs::remove_file(&script);
    let printed = String::from_utf8_lossy(&output.stdout);
    printed.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok()).expect("pgbench ran")
}

fn psql(url: &str, sql: &str) {
    let done = Command::new("psql").args(["--quiet", url, "--command", sql]).status();
    assert!(done.is_ok_and(|status| status.success()), "psql is on the PATH, and may write to the database");
}
