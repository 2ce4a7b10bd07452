//! Slow, greedy or numerous clients: memory stays bounded, and other clients are served.

use std::{io::Read, net::TcpStream, time::Duration};

use serde_json::json;

use super::server::{Server, Site, Wire};

const MEBIBYTE: u64 = 1024 * 1024;

/// Starts a server. Returns it with a key and its initial memory.
fn ready() -> (Site, Server, String, u64) {
    let site = Site::sqlite();
    let writer = site.set_up();
    let server = site.serve();
    for _ in 0..50 {
        others_are_served(&server, &writer);
    }
    let before = server.memory();
    (site, server, writer, before)
}

fn others_are_served(server: &Server, writer: &str) {
    let answer = server.connect().ask("GET", "/v1/project/keys", writer, "").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// The maximum growth of the server's memory.
fn memory_is_bounded(server: &Server, before: u64, mebibytes: u64) {
    let grown = server.memory().saturating_sub(before) / MEBIBYTE;
    assert!(grown <= mebibytes, "{grown} MiB more than before");
}

/// The number of connections that this process and the server can open: the limit of open files, minus the files that they need.
fn possible_connections() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let soft: usize = line.split_whitespace().nth(3).and_then(|number| number.parse().ok()).unwrap_or(10_500);
    // Other tests of this process also open files.
    soft.saturating_sub(500).min(10_000)
}

#[test]
fn many_idle_connections_use_little_memory_and_block_no_client() {
    let (_site, server, writer, before) = ready();
    let count = possible_connections();
    let idle: Vec<_> = (0..count).map(|_| TcpStream::connect(&server.address).unwrap()).collect();
    others_are_served(&server, &writer);
    memory_is_bounded(&server, before, 400);
    drop(idle);
    others_are_served(&server, &writer);
}

#[test]
fn slow_clients_do_not_delay_others() {
    let (_site, server, writer, before) = ready();
    let mut slow: Vec<_> = (0..200).map(|_| server.connect()).collect();
    for (n, wire) in slow.iter_mut().enumerate() {
        let head = format!(
            "POST /v1/project/keys HTTP/1.1\r\nhost: localhost\r\nx-appwrite-project: shop\r\nx-appwrite-key: {writer}\r\ncontent-type: application/json\r\ncontent-length: 90\r\n"
        );
        // Half of them stop in the head, the others in the body.
        wire.write(head.as_bytes()).unwrap();
        if n % 2 == 0 {
            wire.write(b"\r\n{\"keyId\":").unwrap();
        }
    }
    for _ in 0..50 {
        others_are_served(&server, &writer);
    }
    memory_is_bounded(&server, before, 100);
}

#[test]
fn a_body_of_100_megabytes_is_refused_before_it_is_buffered() {
    let (_site, server, writer, before) = ready();
    let size = 100 * MEBIBYTE;
    for (path, chunked) in [("/v1/project/keys", false), ("/v1/project/keys", true), ("/v1/scopes/check", false), ("/v1/setup", true)] {
        let mut wire = server.connect();
        let length = if chunked { "transfer-encoding: chunked".to_owned() } else { format!("content-length: {size}") };
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nx-appwrite-project: shop\r\nx-appwrite-key: {writer}\r\ncontent-type: application/json\r\n{length}\r\n\r\n"
        );
        wire.write(head.as_bytes()).unwrap();
        let piece = vec![b' '; 64 * 1024];
        let framed = [format!("{:x}\r\n", piece.len()).as_bytes(), &piece, b"\r\n"].concat();
        // The server closes the connection long before the end.
        let sent = (0..size / piece.len() as u64).take_while(|_| wire.write(if chunked { &framed } else { &piece }).is_ok()).count() as u64;
        memory_is_bounded(&server, before, 60);
        if let Ok(answer) = wire.answer() {
            assert!([400, 401, 404, 413].contains(&answer.status), "{} {}", answer.status, answer.body);
        } else {
            assert!(sent < size / piece.len() as u64, "the server read the whole body without an answer");
        }
        others_are_served(&server, &writer);
    }
}

#[test]
fn a_head_of_a_megabyte_is_refused() {
    let (_site, server, writer, before) = ready();
    for name in ["x-long: ", "cookie: ", "x-appwrite-key: "] {
        let mut wire = server.connect();
        let _ = wire.write(format!("GET /v1/project/keys HTTP/1.1\r\nhost: localhost\r\n{name}").as_bytes());
        let piece = [b'a'; 16 * 1024];
        let _ = (0..64).take_while(|_| wire.write(&piece).is_ok()).count();
        let _ = wire.write(b"\r\n\r\n");
        if let Ok(answer) = wire.answer() {
            assert_eq!(answer.status, 431);
        }
        others_are_served(&server, &writer);
    }
    // Many short headers are refused too.
    let mut wire = server.connect();
    let many: String = (0..20_000).map(|n| format!("x-{n}: a\r\n")).collect();
    let _ = wire.write(format!("GET /v1/project/keys HTTP/1.1\r\n{many}\r\n").as_bytes());
    if let Ok(answer) = wire.answer() {
        assert!((400..500).contains(&answer.status), "{}", answer.status);
    }
    memory_is_bounded(&server, before, 60);
    others_are_served(&server, &writer);
}

#[test]
fn many_long_unfinished_heads_use_little_memory() {
    let (_site, server, writer, before) = ready();
    let piece = [b'a'; 16 * 1024];
    // 390 KB each.
    let greedy: Vec<_> = (0..300)
        .map(|_| {
            let mut wire = server.connect();
            let _ = wire.write(b"GET /v1/project/keys HTTP/1.1\r\nhost: localhost\r\nx-long: ");
            let _ = (0..24).take_while(|_| wire.write(&piece).is_ok()).count();
            wire
        })
        .collect();
    others_are_served(&server, &writer);
    memory_is_bounded(&server, before, 50);
    drop(greedy);
}

#[test]
fn deep_json_is_refused() {
    let (_site, server, writer, before) = ready();
    let mut wire = server.connect();
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [200, 20_000, 120_000] {
            let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let body = if depth == 200 { json!({ "name": "N" }).to_string().replace("\"N\"", &deep) } else { deep };
            for path in ["/v1/project/keys", "/v1/scopes/check", "/v1/scopes/allows"] {
                let answer = match wire.ask("POST", path, &writer, &body) {
                    Ok(answer) => answer,
                    // A body beyond the limit may end the connection.
                    Err(_) => {
                        wire = server.connect();
                        continue;
                    }
                };
                assert!((400..500).contains(&answer.status), "{path} {depth}: {} {}", answer.status, answer.body);
                if answer.head.contains("connection: close") {
                    wire = server.connect();
                }
            }
        }
    }
    memory_is_bounded(&server, before, 60);
    others_are_served(&server, &writer);
}

/// The server closes a connection whose head does not arrive in time, so an idle client cannot hold it indefinitely.
#[test]
fn a_head_that_never_ends_is_cut_off() {
    let (_site, server, writer, _) = ready();
    let mut stream = TcpStream::connect(&server.address).unwrap();
    std::io::Write::write_all(&mut stream, b"GET /v1/project/keys HTTP/1.1\r\nhost: local").unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut answer = Vec::new();
    // Ends with an answer or without one, but before the client's own timeout.
    assert!(stream.read_to_end(&mut answer).is_ok());
    let _ = Wire::open(&server.address).unwrap();
    others_are_served(&server, &writer);
}
