//! How fast the server is, side by side in one run: `make bench-server`.
//!
//! Without arguments it fills databases with 1,000 and 1,000,000 keys (kept in `target/bench-server`), starts the release server and what
//! it is compared with, and loads one after the other from a process of its own over loopback. PostgreSQL is measured with a server of its
//! own, from the installed programs, or with the database that `BENCH_POSTGRES=postgres://…` names. It prints what was measured, and what
//! was reached of what is wanted.
//! `BENCH_ONLY=counts,speed` runs only some of the [parts](PARTS).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for developers"
)]

mod bare;
mod cluster;
mod counts;
#[path = "../../src/scope/support/dice.rs"]
mod dice;
mod latency;
mod load;
mod memory;
mod postgres;
mod replicas;
mod seed;
mod server;
mod simulation;
mod speed;
mod table;
mod writes;

use std::{fs, path::Path};

use table::Table;

/// Measures one subject, with a folder for databases that are kept.
type Part = fn(&mut Table, &Path);

/// The parts of the benchmark, by the names that `BENCH_ONLY` takes.
const PARTS: [(&str, Part); 8] = [
    ("counts", counts::measure),
    ("speed", speed::measure),
    ("postgres", postgres::measure),
    ("memory", memory::measure),
    ("writes", writes::measure),
    ("latency", latency::measure),
    ("replicas", replicas::measure),
    ("simulation", simulation::measure),
];

/// Those that need PostgreSQL.
const POSTGRES: [&str; 4] = ["postgres", "memory", "writes", "replicas"];

fn is_chosen(only: &str, name: &str) -> bool {
    only.is_empty() || only.split(',').any(|chosen| chosen == name)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["load", address, kind, keys, length, pace @ ..] => {
            let pace = pace.first().map(|pace| pace.parse().unwrap());
            load::run(address, kind.parse().unwrap(), keys.parse().unwrap(), length.parse().unwrap(), pace)
        }
        ["bare", threads @ ..] => bare::run(threads.first().map(|threads| threads.parse().unwrap())),
        [] => compare(),
        _ => eprintln!("usage: bench-server"),
    }
}

/// A setting of the environment.
fn setting(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

fn compare() {
    let folder = server::this_program().ancestors().nth(3).unwrap().join("bench-server");
    fs::create_dir_all(&folder).unwrap();
    let only = setting("BENCH_ONLY", "");
    let names = PARTS.map(|(name, _)| name);
    if let Some(unknown) = only.split(',').find(|name| !name.is_empty() && !names.contains(name)) {
        eprintln!("BENCH_ONLY names no part {unknown}; there are {}", names.join(", "));
        std::process::exit(2);
    }
    let mut table = Table::default();
    // Stopped when the run is over.
    let _postgres = postgres::prepare(&folder, PARTS.iter().any(|(name, _)| POSTGRES.contains(name) && is_chosen(&only, name)));
    for (name, measure) in PARTS {
        if is_chosen(&only, name) {
            measure(&mut table, &folder);
        }
    }
    table.print();
}
