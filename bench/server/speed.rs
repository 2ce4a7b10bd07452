//! Requests per second and latencies of the server, of a bare handler, of pgbench and of better-auth. Times depend on what else the
//! machine does; ratios less so.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    load::{BATCH, Kind, Length, Measured},
    postgres, seed,
    server::{self, Server, scopewise},
    setting,
    table::{Table, Wanted},
};

const KINDS: [Kind; 4] = [Kind::ForwardAuth, Kind::GetKey, Kind::Verify, Kind::Batch];

/// Requests per second and latencies, side by side.
pub fn measure(table: &mut Table, folder: &Path) {
    let counts = postgres::counts();
    let rounds: usize = setting("BENCH_ROUNDS", "3").parse().unwrap();
    println!("{:<34} {:>10} {:>10} {:>10}", "", "requests/s", "p50 µs", "p99 µs");
    let (bare, bare_alone) = (server::bare(), server::bare_alone());
    let seconds = Length::Seconds(setting("BENCH_SECONDS", "4").parse().unwrap());
    let sqlite = |count: u64| scopewise(&format!("sqlite://{}", seed::database(folder, count).display()));
    let alone = server::scopewise_alone(&format!("sqlite://{}", seed::database(folder, counts[0]).display()));
    let servers: Vec<(u64, Server)> = counts.iter().map(|count| (*count, sqlite(*count))).collect();
    for (count, server) in &servers {
        println!("start with {count} keys: {:.2} s, {:.0} MB", server.started_in.as_secs_f64(), server.megabytes());
    }
    for (count, server) in &servers {
        let (seconds, megabytes) = server.read_ahead();
        println!("reads {count} keys ahead: within {seconds:.0} s, {megabytes:.0} MB");
    }
    // In turns, and the best of several rounds: what else the machine does hits all of them alike.
    let (mut bare_best, mut json_best) = (Measured::default(), Measured::default());
    let mut alone_best = [Measured::default(); 3];
    let mut best = vec![[Measured::default(); KINDS.len()]; servers.len()];
    for _ in 0..rounds {
        bare_best = bare_best.better(bare.load(Kind::Bare, 1000, seconds));
        json_best = json_best.better(bare.load(Kind::Json, 1000, seconds));
        for (best, (server, kind)) in
            alone_best.iter_mut().zip([(&bare_alone, Kind::Bare), (&alone, Kind::ForwardAuth), (&alone, Kind::Verify)])
        {
            *best = best.better(server.load(kind, counts[0], seconds));
        }
        for (index, (count, server)) in servers.iter().enumerate() {
            for (kind, best) in KINDS.into_iter().zip(best.get_mut(index).unwrap()) {
                *best = best.better(server.load(kind, *count, seconds));
            }
        }
    }
    drop((bare, bare_alone, alone));
    let better_auth = better_auth(folder)
        .map(|server| (0..rounds).fold(Measured::default(), |best, _| best.better(server.load(Kind::BetterAuth, 1000, seconds))));
    bare_best.print("bare axum handler");
    json_best.print("bare axum handler of JSON");
    for (what, best) in ["bare axum handler", "forward-auth", "verify"].into_iter().zip(alone_best) {
        best.print(&format!("{what}, one thread"));
    }
    for ((count, _), best) in servers.iter().zip(&best) {
        for (kind, measured) in KINDS.into_iter().zip(best) {
            measured.print(&format!("{}, {count} keys", kind.as_str()));
        }
    }
    match &better_auth {
        Some(measured) => measured.print("better-auth verifyApiKey, 1000 keys"),
        None => println!("better-auth: not measured; `make bench-server` installs it, where the npm registry is reachable"),
    }
    let (few, many) = (best.first().unwrap(), best.last().unwrap());
    table.add("forward-auth / bare handler", few[0].rate / bare_best.rate, Wanted::AtLeast(0.9));
    table.add("forward-auth / bare handler, both with one thread", alone_best[1].rate / alone_best[0].rate, Wanted::Nothing);
    table.add("forward-auth with one thread / bare handler with all", alone_best[1].rate / bare_best.rate, Wanted::Nothing);
    table.add("verify / bare handler of JSON", few[2].rate / json_best.rate, Wanted::AtLeast(0.8));
    table.add("verify, keys/s: 100 in one request / one by one", few[3].rate * BATCH as f64 / few[2].rate, Wanted::AtLeast(10.0));
    if let Some(better_auth) = better_auth {
        table.add("forward-auth / better-auth", few[0].rate / better_auth.rate, Wanted::AtLeast(20.0));
    }
    for (index, kind) in KINDS.into_iter().enumerate() {
        table.add(format!("{}, most keys / fewest keys", kind.as_str()), many[index].rate / few[index].rate, Wanted::AtLeast(0.95));
    }
    let (_, last) = servers.last().unwrap();
    table.add("start with most keys, seconds", last.started_in.as_secs_f64(), Wanted::AtMost(2.0));
    table.add("memory after the load of most keys, megabytes", last.megabytes(), Wanted::AtMost(300.0));
}

fn better_auth(folder: &Path) -> Option<Server> {
    let home = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("bench/server/better-auth");
    let home = std::env::var_os("BENCH_BETTER_AUTH").map_or(home, PathBuf::from);
    if !home.join("node_modules").is_dir() {
        return None;
    }
    Server::start(Command::new("node").arg(home.join("server.mjs")).arg(folder).env("BENCH_KEYS", "1000").stderr(Stdio::inherit()))
}
