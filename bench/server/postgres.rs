//! The server on PostgreSQL, and what the database itself can do. On a machine that does other work, the rate of a program depends on how
//! many threads it has: pgbench has one process of the database for each connection, and so takes a larger share of the processors. The
//! time of the processors for each request does not depend on that, and is told of all processes that take part.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::{
    cluster::{self, Cluster},
    load::{self, Kind, Length, Measured},
    seed,
    server::{Server, cpu_seconds, scopewise},
    setting,
    table::{Table, Wanted},
};

pub fn measure(table: &mut Table, folder: &Path) {
    let Some(postgres) = Postgres::start(folder) else { return };
    let sqlite = scopewise(&format!("sqlite://{}", seed::database(folder, KEYS).display()));
    let seconds: u64 = setting("BENCH_SECONDS", "4").parse().unwrap();
    let rounds: usize = setting("BENCH_ROUNDS", "3").parse().unwrap();
    let most = *counts().last().unwrap();
    let many = (most > KEYS).then(|| scopewise(&filled(folder, most)));
    if let Some(many) = &many {
        let (seconds, _) = many.read_ahead();
        println!("reads {most} keys ahead on PostgreSQL: within {seconds:.0} s");
    }
    let mut of_many = Measured::default();
    let mut best = [(Measured::default(), Spent::default()); 3];
    for _ in 0..rounds {
        let load = |server: &Server| server.load(Kind::ForwardAuth, KEYS, Length::Seconds(seconds));
        let measured = [
            spent(Some(&sqlite), &postgres, seconds, || load(&sqlite)),
            spent(Some(&postgres.server), &postgres, seconds, || load(&postgres.server)),
            spent(None, &postgres, seconds, || postgres.pgbench(seconds)),
        ];
        for (best, measured) in best.iter_mut().zip(measured) {
            if measured.0.rate > best.0.rate {
                *best = measured;
            }
        }
        if let Some(many) = &many {
            of_many = of_many.better(many.load(Kind::ForwardAuth, most, Length::Seconds(seconds)));
        }
    }
    let [on_sqlite, on_postgres, pgbench] = best;
    println!("{:<34} {:>10} {:>28}", "", "requests/s", "µs of: server, database, load");
    for (what, (measured, spent)) in
        [("forward-auth, SQLite", on_sqlite), ("forward-auth, PostgreSQL", on_postgres), ("pgbench -S -M prepared", pgbench)]
    {
        println!("{what:<34} {:>10.0} {:>8.1} {:>8.1} {:>8.1}", measured.rate, spent.server, spent.database, spent.load);
    }
    table.add("forward-auth on PostgreSQL / pgbench -S -M prepared", on_postgres.0.rate / pgbench.0.rate, Wanted::AtLeast(1.5));
    table.add("the same by time of the processors", pgbench.1.all() / on_postgres.1.all(), Wanted::Nothing);
    table.add("the same without the load itself", (pgbench.1.database) / on_postgres.1.without_load(), Wanted::Nothing);
    table.add("forward-auth on PostgreSQL / on SQLite", on_postgres.0.rate / on_sqlite.0.rate, Wanted::AtLeast(0.8));
    if many.is_some() {
        println!("{:<34} {:>10.0}", format!("forward-auth, PostgreSQL, {most} keys"), of_many.rate);
        table.add("forward-auth on PostgreSQL, most keys / fewest keys", of_many.rate / on_postgres.0.rate, Wanted::AtLeast(0.95));
    }
}

/// Microseconds of the processors for one request.
#[derive(Clone, Copy, Default)]
struct Spent {
    server: f64,
    database: f64,
    load: f64,
}

impl Spent {
    fn without_load(self) -> f64 {
        self.server + self.database
    }

    fn all(self) -> f64 {
        self.without_load() + self.load
    }
}

/// Runs a load, and counts what all processes spend meanwhile. A load also runs for a second before it counts.
fn spent(server: Option<&Server>, postgres: &Postgres, seconds: u64, load: impl FnOnce() -> Measured) -> (Measured, Spent) {
    let now = || (server.map_or(0.0, Server::cpu_seconds), postgres.cpu_seconds(), children_seconds());
    let before = now();
    let measured = load();
    let after = now();
    let warm_up = if server.is_some() { 1.0 } else { 0.0 };
    let each = |before: f64, after: f64| (after - before) * 1e6 / (measured.rate * (seconds as f64 + warm_up));
    (measured, Spent { server: each(before.0, after.0), database: each(before.1, after.1), load: each(before.2, after.2) })
}

/// Of the processes that this one has started and that have ended, in seconds.
pub fn children_seconds() -> f64 {
    ticks("/proc/self/stat", &[13, 14])
}

/// The sum of some fields of a process' line, counted behind its name, in seconds (proc(5): hundredths).
fn ticks(file: &str, fields: &[usize]) -> f64 {
    let line = fs::read_to_string(file).unwrap_or_default();
    let fields_of_line: Vec<&str> = line.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    fields.iter().filter_map(|field| fields_of_line.get(*field)?.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// A server on PostgreSQL, and pgbench on the same database server.
pub struct Postgres {
    pub server: Server,
    url: String,
    /// The process of the database server; `None` where it is on another machine.
    process: Option<u32>,
}

/// How many keys are in the database that `BENCH_POSTGRES` names.
pub const KEYS: u64 = 1000;

/// The database of the run, and the root key of its servers.
static DATABASE: OnceLock<(String, PathBuf)> = OnceLock::new();

/// Takes the database that `BENCH_POSTGRES` names, or starts a server with one, where it is needed.
pub fn prepare(folder: &Path, is_needed: bool) -> Option<Cluster> {
    let named = std::env::var("BENCH_POSTGRES").ok();
    let cluster = if is_needed && named.is_none() { Cluster::start() } else { None };
    let url = named.or_else(|| cluster.as_ref().map(|cluster| cluster.url.clone()));
    match url {
        Some(url) => drop(DATABASE.set((url, cluster::root_key(folder)))),
        None if is_needed => println!("PostgreSQL: not measured, since it is not installed (apt-get install postgresql)"),
        None => {}
    }
    cluster
}

/// The URL of the database, where there is one.
pub fn url() -> Option<String> {
    DATABASE.get().map(|(url, _)| url.clone())
}

/// The file with the root key of servers on it.
pub fn root_key() -> Option<&'static Path> {
    DATABASE.get().map(|(_, root_key)| root_key.as_path())
}

/// How many keys there are in the databases of the run.
pub fn counts() -> Vec<u64> {
    setting("BENCH_KEYS", "1000,1000000").split(',').map(|count| count.parse().unwrap()).collect()
}

/// The URL of a database with so many keys, which is filled if it is empty.
pub fn filled(folder: &Path, count: u64) -> String {
    let few = url().unwrap_or_default();
    let url = if count == KEYS { few.clone() } else { format!("{few}_{count}") };
    create(&few, &url);
    seed::on_postgres(folder, &url, count);
    url
}

/// Creates another database on the same server, unless it is there.
pub fn create(beside: &str, url: &str) {
    let name = url.rsplit('/').next().unwrap_or_default();
    // It may be there from an earlier run.
    let _ = Command::new("psql").args(["--quiet", beside, "--command", &format!("CREATE DATABASE \"{name}\"")]).output();
}

impl Postgres {
    /// A server on the [database](url), which it fills if it is empty; `None` where there is none.
    pub fn start(folder: &Path) -> Option<Self> {
        let url = url()?;
        let folder = seed::on_postgres(folder, &url, KEYS);
        let made = Command::new("pgbench").args(["--initialize", "--quiet", "--scale", "1", &url]).output();
        assert!(made.is_ok_and(|made| made.status.success()), "pgbench is on the PATH and may create its tables");
        Some(Self { server: scopewise(&url), url, process: process(&folder) })
    }

    /// One prepared look-up by primary key per transaction, with as many connections as the load has.
    pub fn pgbench(&self, seconds: u64) -> Measured {
        let (clients, seconds) = (load::CONNECTIONS.to_string(), seconds.to_string());
        let arguments = ["-n", "-S", "-M", "prepared", "-j", "1", "-c", &clients, "-T", &seconds, &self.url];
        let output = Command::new("pgbench").args(arguments).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let rate = printed.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        Measured { rate: rate.expect("pgbench ran"), ..Measured::default() }
    }

    /// How long all processes of the database server have had a processor, in seconds.
    pub fn cpu_seconds(&self) -> f64 {
        processes_seconds(self.process)
    }
}

/// The process of the database server with this folder; `None` where it is on another machine.
pub fn process(folder: &str) -> Option<u32> {
    fs::read_to_string(Path::new(folder).join("postmaster.pid")).ok()?.lines().next()?.parse().ok()
}

/// How long all processes of the database server have had a processor, those that have ended too, in seconds.
pub fn processes_seconds(process: Option<u32>) -> f64 {
    let Some(main) = process else { return f64::NAN };
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_child = |process: &u32| parent(*process) == Some(main);
    let children: f64 = numbers.filter(is_child).map(cpu_seconds).sum();
    children + cpu_seconds(main) + ticks(&format!("/proc/{main}/stat"), &[13, 14])
}

fn parent(process: u32) -> Option<u32> {
    let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    line.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
