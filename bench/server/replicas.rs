//! Three servers on one PostgreSQL database, which share the load. On a machine with few cores they are no faster than one, but each
//! request should take the processors as long.

use std::{path::Path, thread};

use crate::{
    load::{Kind, Length},
    postgres::{self, Postgres},
    server::{Server, scopewise},
    setting,
    table::{Table, Wanted},
};

const REPLICAS: usize = 3;

pub fn measure(table: &mut Table, folder: &Path) {
    let Some(postgres) = Postgres::start(folder) else { return };
    let url = postgres::url().unwrap_or_default();
    let replicas: Vec<Server> = (0..REPLICAS).map(|_| scopewise(&url)).collect();
    let (one, many) = (spent(&postgres, &replicas[..1]), spent(&postgres, &replicas));
    println!("{:<34} {:>10} {:>30}", "", "requests/s", "µs of: servers, database");
    println!("{:<34} {:>10.0} {:>14.1} {:>14.1}", "one replica", one.0, one.1, one.2);
    println!("{:<34} {:>10.0} {:>14.1} {:>14.1}", "three replicas", many.0, many.1, many.2);
    table.add("three replicas / one, requests/s", many.0 / one.0, Wanted::Nothing);
    table.add("three replicas / one, time of processors for a request", (many.1 + many.2) / (one.1 + one.2), Wanted::AtMost(1.2));
}

/// Requests a second of all servers, and microseconds of the processors for each, of the servers and of the database.
fn spent(postgres: &Postgres, servers: &[Server]) -> (f64, f64, f64) {
    let seconds: u64 = setting("BENCH_SECONDS", "4").parse().unwrap();
    let now = || (servers.iter().map(Server::cpu_seconds).sum::<f64>(), postgres.cpu_seconds());
    let before = now();
    let rate: f64 = thread::scope(|scope| {
        let load = |server| scope.spawn(move || Server::load(server, Kind::ForwardAuth, postgres::KEYS, Length::Seconds(seconds)).rate);
        let loads: Vec<_> = servers.iter().map(load).collect();
        loads.into_iter().map(|load| load.join().unwrap()).sum()
    });
    let after = now();
    // A load also runs for a second before it counts.
    let count = rate * (seconds as f64 + 1.0);
    (rate, (after.0 - before.0) * 1e6 / count, (after.1 - before.1) * 1e6 / count)
}
