//! How many changes a second are written, and how many transactions with one row the database itself commits. Each change has its entry in
//! the audit log, and is on the disk before it is answered. The load has [`load::CONNECTIONS`] connections, which all act with one key.
//!
//! The database commits one row after the other, on one connection. Changes need not do that: those that wait at the same time may be
//! written to the disk together. So on PostgreSQL, the rate of as many connections as the load has is told too.
//!
//! Commits and changes are measured in turns, since the disk is not the same at all times; the table has medians.

use std::{path::Path, process::Command, time::Instant};

use crate::{
    load::{self, Kind, Length},
    postgres::{self, children_seconds, processes_seconds},
    seed,
    server::{Server, scopewise},
    setting,
    table::{Table, Wanted},
};

const KEYS: u64 = 1_000;
/// How many keys are created, changed and deleted in a round.
const WRITTEN: u64 = 4_000;
/// How many rows are committed before each kind of change.
const COMMITTED: u64 = 1_000;
const KINDS: [Kind; 3] = [Kind::Create, Kind::Update, Kind::Delete];
/// What a run that was broken off has left.
const LEFT: &str = "DELETE FROM keys WHERE project_id = 'writes' AND id LIKE 'w%'";

pub fn measure(table: &mut Table, folder: &Path) {
    let database = seed::database(folder, KEYS);
    rusqlite::Connection::open(&database).unwrap().execute_batch(LEFT).unwrap();
    let server = scopewise(&format!("sqlite://{}", database.display()));
    compare(table, "SQLite", &server, None, &|| sqlite_commits(folder));
    drop(server);
    let Some(url) = postgres::url() else { return };
    let data = seed::on_postgres(folder, &url, KEYS);
    psql(&url, LEFT);
    psql(&url, "CREATE TABLE IF NOT EXISTS bench_rows (text text)");
    let server = scopewise(&url);
    compare(table, "PostgreSQL", &server, Some(postgres::process(&data)), &|| postgres_commits(&url, 1));
    let many = postgres_commits(&url, load::CONNECTIONS);
    table.add(format!("PostgreSQL: commits a second on {} connections", load::CONNECTIONS), many, Wanted::Nothing);
}

/// `database` is the process of a database server; `None` inside for one on another machine.
fn compare(table: &mut Table, name: &str, server: &Server, database: Option<Option<u32>>, commits: &dyn Fn() -> f64) {
    let rounds: usize = setting("BENCH_ROUNDS", "3").parse().unwrap();
    let (mut commits_of, mut rates, mut ratios) = (Vec::new(), [const { Vec::new() }; 3], [const { Vec::new() }; 3]);
    println!("{:<22} {:>10} {:>10} {:>30}", name, "commits/s", "changes/s", "µs of: server, database, load");
    for _ in 0..rounds {
        for (place, kind) in KINDS.into_iter().enumerate() {
            let committed = commits();
            let now = || (server.cpu_seconds(), database.map_or(0.0, processes_seconds), children_seconds());
            let before = now();
            let rate = server.load(kind, WRITTEN, Length::Requests(WRITTEN)).rate;
            let after = now();
            let each = |before: f64, after: f64| (after - before) * 1e6 / WRITTEN as f64;
            let (server, database, load) = (each(before.0, after.0), each(before.1, after.1), each(before.2, after.2));
            println!("{:<22} {committed:>10.0} {rate:>10.0} {server:>10.0} {database:>9.0} {load:>9.0}", kind.as_str());
            commits_of.push(committed);
            if let (Some(rates), Some(ratios)) = (rates.get_mut(place), ratios.get_mut(place)) {
                rates.push(rate);
                ratios.push(rate / committed);
            }
        }
    }
    table.add(format!("{name}: the database's commits a second"), median(commits_of), Wanted::Nothing);
    for ((kind, rates), ratios) in KINDS.into_iter().zip(rates).zip(ratios) {
        table.add(format!("{name}: {}, changes a second", kind.as_str()), median(rates), Wanted::Nothing);
        table.add(format!("{name}: {} / the database's commits", kind.as_str()), median(ratios), Wanted::AtLeast(0.7));
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// One row in each transaction, as safe as the server writes: in the log of the file, and on the disk.
fn sqlite_commits(folder: &Path) -> f64 {
    let connection = rusqlite::Connection::open(folder.join("commits.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.execute_batch("DROP TABLE IF EXISTS rows; CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)").unwrap();
    let mut insert = connection.prepare("INSERT INTO rows (text) VALUES ('a row of one transaction')").unwrap();
    let begun = Instant::now();
    for _ in 0..COMMITTED {
        insert.execute([]).unwrap();
    }
    COMMITTED as f64 / begun.elapsed().as_secs_f64()
}

/// The same with pgbench.
fn postgres_commits(url: &str, connections: u64) -> f64 {
    let script = std::env::temp_dir().join(format!("bench-commits-{}.sql", std::process::id()));
    std::fs::write(&script, "INSERT INTO bench_rows (text) VALUES ('a row of one transaction');").unwrap();
    let each = (COMMITTED / connections).to_string();
    let (connections, script_path) = (connections.to_string(), script.display().to_string());
    let arguments = ["-n", "-M", "prepared", "-j", "1", "-c", &connections, "-t", &each, "-f", &script_path, url];
    let output = Command::new("pgbench").args(arguments).output().unwrap();
    let _ = std::fs::remove_file(&script);
    let printed = String::from_utf8_lossy(&output.stdout);
    printed.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok()).expect("pgbench ran")
}

fn psql(url: &str, sql: &str) {
    let done = Command::new("psql").args(["--quiet", url, "--command", sql]).status();
    assert!(done.is_ok_and(|status| status.success()), "psql is on the PATH, and may write to the database");
}
