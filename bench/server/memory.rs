//! What memory the server takes: at the start, for each key, for each connection that waits, and after a load; and how long it takes from
//! the start of the program to the first answer about a key.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    load::{Kind, Length},
    postgres, seed,
    server::{Server, scopewise},
    setting,
    table::{Table, Wanted},
};

/// Connections that wait; each one has had an answer.
const IDLE: usize = 1_000;

pub fn measure(table: &mut Table, folder: &Path) {
    let counts = postgres::counts();
    let sqlite = |count: u64| format!("sqlite://{}", seed::database(folder, count).display());
    store(table, "SQLite", &counts, &sqlite);
    if postgres::url().is_some() {
        store(table, "PostgreSQL", &counts, &|count| postgres::filled(folder, count));
    }
}

fn store(table: &mut Table, name: &str, counts: &[u64], database: &dyn Fn(u64) -> String) {
    let mut held = Vec::new();
    for count in counts {
        let url = database(*count);
        let begun = Instant::now();
        let server = scopewise(&url);
        let request = Kind::ForwardAuth.request(count - 1, *count);
        let mut first = TcpStream::connect(&server.address).unwrap();
        ask(&mut first, &request);
        table.add(format!("{name}, {count} keys: seconds to the first answer"), begun.elapsed().as_secs_f64(), Wanted::AtMost(2.0));
        drop(first);
        let (_, megabytes) = server.read_ahead();
        held.push((*count, megabytes));
        table.add(format!("{name}, {count} keys: megabytes when all are in memory"), megabytes, Wanted::AtMost(300.0));
        if *count == counts[0] {
            let before = server.megabytes();
            let connections = idle(&server, &request);
            let each = (server.megabytes() - before) * 1024.0 / IDLE as f64;
            table.add(format!("{name}: kilobytes for each connection that waits"), each, Wanted::Nothing);
            drop(connections);
        }
        server.load(Kind::ForwardAuth, *count, Length::Seconds(setting("BENCH_SECONDS", "4").parse().unwrap()));
        table.add(format!("{name}, {count} keys: megabytes after a load"), server.megabytes(), Wanted::AtMost(300.0));
    }
    if let [(few, least), .., (many, most)] = *held {
        table.add(format!("{name}: bytes for each key"), (most - least) * 1024.0 * 1024.0 / (many - few) as f64, Wanted::Nothing);
    }
}

/// Opens connections, and has one answer on each.
fn idle(server: &Server, request: &str) -> Vec<TcpStream> {
    let open = || {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        ask(&mut stream, request);
        stream
    };
    let connections = (0..IDLE).map(|_| open()).collect();
    std::thread::sleep(Duration::from_millis(500));
    connections
}

/// Asks and reads an answer that has no body.
fn ask(stream: &mut TcpStream, request: &str) {
    stream.write_all(request.as_bytes()).unwrap();
    let (mut answer, mut part) = (Vec::new(), [0; 4096]);
    while !answer.windows(4).any(|four| four == b"\r\n\r\n") {
        let count = stream.read(&mut part).unwrap();
        assert!(count > 0, "the server answers");
        answer.extend_from_slice(part.get(..count).unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 20"), "refused: {}", String::from_utf8_lossy(&answer));
}
