//! How fast the server is, side by side in one run: `make bench-server`.
//!
//! Without arguments it fills databases with 1,000 and 1,000,000 keys (kept in `target/bench-server`), starts the release server, a bare
//! axum handler and, where it is installed, better-auth behind Node's http server, and loads one after the other from a process of its
//! own over loopback. With `BENCH_POSTGRES=postgres://…`, it also measures a server on that database, and pgbench. It prints requests
//! per second, latencies, and what was reached.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for developers"
)]

#[path = "../../src/scope/support/dice.rs"]
mod dice;
mod load;
mod seed;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use axum::{Router, http::StatusCode};

use load::{Kind, Measured};

/// What is expected (see docs/benchmarks.md).
const FORWARD_AUTH_TO_BARE: f64 = 0.7;
const FORWARD_AUTH_TO_BETTER_AUTH: f64 = 20.0;
const POSTGRES_TO_PGBENCH: f64 = 1.5;
const POSTGRES_TO_SQLITE: f64 = 0.8;
const MANY_TO_FEW: f64 = 0.9;
const START_SECONDS: f64 = 2.0;
const START_MEGABYTES: f64 = 300.0;

/// A server that ends with the run.
struct Server {
    child: Child,
    address: String,
    started: Instant,
    started_in: Duration,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a program that prints its address, `http://…`, when it listens.
    fn start(command: &mut Command) -> Option<Self> {
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().ok()?;
        let mut lines = BufReader::new(child.stdout.take()?).lines();
        let address = lines.find_map(|line| Some(line.ok()?.split_once("http://")?.1.split(['/', ' ']).next()?.to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { child, address: address?, started: begun, started_in: begun.elapsed() })
    }

    /// Waits until the server has read ahead, which is when its memory grows no more. Seconds and megabytes.
    fn read_ahead(&self) -> (f64, f64) {
        let (mut last, mut calm) = (0.0, 0);
        while calm < 4 {
            std::thread::sleep(Duration::from_millis(500));
            let now = self.megabytes();
            calm = if now - last < 1.0 { calm + 1 } else { 0 };
            last = now;
        }
        (self.started.elapsed().as_secs_f64() - 2.0, last)
    }

    /// The memory that it holds, in megabytes.
    fn megabytes(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(f64::NAN) / 1024.0
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["load", address, kind, keys, seconds] => {
            load::run(address, kind.parse().unwrap(), keys.parse().unwrap(), seconds.parse().unwrap())
        }
        ["bare"] => bare(),
        [] => compare(),
        _ => eprintln!("usage: bench-server"),
    }
}

/// The least that a server of this kind can do.
fn bare() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        axum::serve(listener, Router::new().fallback(async || StatusCode::NO_CONTENT)).await.unwrap();
    });
}

fn setting(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

fn measure(server: &Server, kind: Kind, keys: u64) -> Measured {
    let seconds = setting("BENCH_SECONDS", "4");
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["load", &server.address, kind.as_str(), &keys.to_string(), &seconds])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    Measured::parse(&String::from_utf8_lossy(&output.stdout)).expect("the load ran")
}

fn compare() {
    let folder = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().join("bench-server");
    fs::create_dir_all(&folder).unwrap();
    let counts: Vec<u64> = setting("BENCH_KEYS", "1000,1000000").split(',').map(|count| count.parse().unwrap()).collect();
    let rounds: usize = setting("BENCH_ROUNDS", "3").parse().unwrap();
    println!("{:<34} {:>10} {:>10} {:>10}", "", "requests/s", "p50 µs", "p99 µs");
    let bare = Server::start(Command::new(std::env::current_exe().unwrap()).arg("bare")).unwrap();
    let sqlite = |count: u64| scopewise(&format!("sqlite://{}", seed::database(&folder, count).display()));
    let servers: Vec<(u64, Server)> = counts.iter().map(|count| (*count, sqlite(*count))).collect();
    let postgres = Postgres::start();
    for (count, server) in &servers {
        println!("start with {count} keys: {:.2} s, {:.0} MB", server.started_in.as_secs_f64(), server.megabytes());
    }
    for (count, server) in &servers {
        let (seconds, megabytes) = server.read_ahead();
        println!("reads {count} keys ahead: within {seconds:.0} s, {megabytes:.0} MB");
    }
    // In turns, and the best of several rounds: what else the machine does hits all of them alike.
    let kinds = [Kind::ForwardAuth, Kind::GetKey, Kind::Verify];
    let mut bare_best = Measured::default();
    let mut on_postgres = [Measured::default(); 2];
    let mut best = vec![[Measured::default(); 3]; servers.len()];
    for _ in 0..rounds {
        bare_best = bare_best.better(measure(&bare, Kind::Bare, 1000));
        for (index, (count, server)) in servers.iter().enumerate() {
            for (kind, best) in kinds.into_iter().zip(best.get_mut(index).unwrap()) {
                *best = best.better(measure(server, kind, *count));
            }
        }
    }
    if let Some(postgres) = &postgres {
        for _ in 0..rounds {
            on_postgres[0] = on_postgres[0].better(measure(&postgres.server, Kind::ForwardAuth, Postgres::KEYS));
            on_postgres[1] = on_postgres[1].better(postgres.pgbench());
        }
    }
    drop(bare);
    let better_auth = better_auth(&folder)
        .map(|server| (0..rounds).fold(Measured::default(), |best, _| best.better(measure(&server, Kind::BetterAuth, 1000))));
    bare_best.print("bare axum handler");
    for ((count, _), best) in servers.iter().zip(&best) {
        for (kind, measured) in kinds.into_iter().zip(best) {
            measured.print(&format!("{}, {count} keys", kind.as_str()));
        }
    }
    if postgres.is_some() {
        on_postgres[0].print("forward-auth, PostgreSQL, 1000 keys");
        on_postgres[1].print("pgbench -S -M prepared");
    }
    match &better_auth {
        Some(measured) => measured.print("better-auth verifyApiKey, 1000 keys"),
        None => println!("better-auth: not measured; `make bench-server` installs it, where the npm registry is reachable"),
    }
    println!();
    let (few, many) = (best.first().unwrap(), best.last().unwrap());
    judge("forward-auth : bare handler", few[0].rate / bare_best.rate, FORWARD_AUTH_TO_BARE);
    if let Some(better_auth) = better_auth {
        judge("forward-auth : better-auth", few[0].rate / better_auth.rate, FORWARD_AUTH_TO_BETTER_AUTH);
    }
    if postgres.is_some() {
        judge("forward-auth on PostgreSQL : pgbench", on_postgres[0].rate / on_postgres[1].rate, POSTGRES_TO_PGBENCH);
        judge("forward-auth on PostgreSQL : SQLite", on_postgres[0].rate / few[0].rate, POSTGRES_TO_SQLITE);
    }
    for (index, kind) in kinds.into_iter().enumerate() {
        judge(&format!("{}, most keys : fewest keys", kind.as_str()), many[index].rate / few[index].rate, MANY_TO_FEW);
    }
    let (_, last) = servers.last().unwrap();
    println!(
        "start: {:.2} s of {START_SECONDS} s; memory after the load: {:.0} MB of {START_MEGABYTES} MB",
        last.started_in.as_secs_f64(),
        last.megabytes()
    );
}

fn judge(what: &str, ratio: f64, wanted: f64) {
    println!("{what}: {ratio:.2}, wanted {wanted} ({})", if ratio >= wanted { "reached" } else { "not reached" });
}

/// A server on PostgreSQL, and pgbench on the same database server.
struct Postgres {
    server: Server,
    url: String,
}

impl Postgres {
    const KEYS: u64 = 1000;

    /// `None` without `BENCH_POSTGRES`, the URL of an empty database or of one that an earlier run has filled. The server reads its root
    /// key from the file that `SCOPEWISE_ROOT_KEY_FILE` names.
    fn start() -> Option<Self> {
        let url = std::env::var("BENCH_POSTGRES").ok()?;
        seed::on_postgres(&url, Self::KEYS);
        let made = Command::new("pgbench").args(["--initialize", "--quiet", "--scale", "1", &url]).output();
        assert!(made.is_ok_and(|made| made.status.success()), "pgbench is on the PATH and may create its tables");
        Some(Self { server: scopewise(&url), url })
    }

    /// One prepared look-up by primary key per transaction, with as many connections as the load has.
    fn pgbench(&self) -> Measured {
        let (clients, seconds) = (load::CONNECTIONS.to_string(), setting("BENCH_SECONDS", "4"));
        let arguments = ["-n", "-S", "-M", "prepared", "-j", "1", "-c", &clients, "-T", &seconds, &self.url];
        let output = Command::new("pgbench").args(arguments).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let rate = printed.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        Measured { rate: rate.expect("pgbench ran"), ..Measured::default() }
    }
}

fn scopewise(database: &str) -> Server {
    let program = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("scopewise");
    let mut command = Command::new(program);
    command.args(["serve", "--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1", "--log", "warn", "--database"]);
    command.arg(database);
    Server::start(&mut command).expect("the release server is built: cargo build --release")
}

fn better_auth(folder: &Path) -> Option<Server> {
    let home = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("bench/server/better-auth");
    let home = std::env::var_os("BENCH_BETTER_AUTH").map_or(home, PathBuf::from);
    if !home.join("node_modules").is_dir() {
        return None;
    }
    Server::start(Command::new("node").arg(home.join("server.mjs")).arg(folder).env("BENCH_KEYS", "1000").stderr(Stdio::inherit()))
}
