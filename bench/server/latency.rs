//! How long answers take while the server has half as much to do as it can.

use std::path::Path;

use crate::{
    load::{Kind, Length, Measured},
    seed,
    server::{self, Server, scopewise},
    setting,
    table::{Table, Wanted},
};

const KEYS: u64 = 1_000;

pub fn measure(table: &mut Table, folder: &Path) {
    let server = scopewise(&format!("sqlite://{}", seed::database(folder, KEYS).display()));
    let bare = server::bare();
    let seconds = Length::Seconds(setting("BENCH_SECONDS", "4").parse().unwrap());
    let half = |server: &Server, kind: Kind| -> Measured {
        let most = server.load(kind, KEYS, seconds).rate;
        server.load_at(kind, KEYS, seconds, Some(most / 2.0))
    };
    let (bare, forward_auth) = (half(&bare, Kind::Bare), half(&server, Kind::ForwardAuth));
    println!("{:<34} {:>10} {:>10} {:>10}", "", "requests/s", "p50 µs", "p99 µs");
    bare.print("bare axum handler, half load");
    forward_auth.print("forward-auth, half load");
    table.add("p99 under half load: forward-auth / bare handler", forward_auth.p99 / bare.p99, Wanted::AtMost(2.0));
}
