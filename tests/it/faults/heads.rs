//! Ambiguous heads, sent byte by byte as written here: they are refused, and no byte after them is read as another request.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use super::server::{Server, Site};

/// The complete answer of the server to these bytes, in lower case.
fn exchange(server: &Server, bytes: &str) -> String {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // The server must close the connection, even with an error; the client must not time out.
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "the connection stays open: {bytes}");
    }
    String::from_utf8_lossy(&answer).to_ascii_lowercase()
}

fn statuses(answer: &str) -> Vec<u16> {
    answer.split("http/1.").skip(1).map(|rest| rest.split(' ').nth(1).unwrap().parse().unwrap()).collect()
}

#[test]
fn an_ambiguous_head_is_refused_and_closes_the_connection() {
    let site = Site::sqlite();
    let server = site.serve();
    // The request that an attacker would smuggle in after each head.
    let next = "GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    for (head, status) in [
        ("POST /v1/setup HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", 501),
        ("POST /v1/setup HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 501),
        ("POST /v1/setup HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, gzip\r\n\r\n", 400),
        ("POST /v1/setup HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\nabcde", 400),
        ("POST /v1/setup HTTP/1.1\r\nhost: a\r\ncontent-length: +3\r\n\r\nabc", 400),
        ("POST /v1/setup HTTP/1.1\r\nhost: a\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc", 400),
        ("POST /v1/setup HTTP/1.1\r\nhost: a b\r\ncontent-length: 3\r\n\r\nabc", 400),
        ("POST /v1/setup HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc", 400),
        ("POST /v1/setup HTTP/1.1\r\nhost : a\r\ncontent-length: 3\r\n\r\nabc", 400),
    ] {
        let answer = exchange(&server, &format!("{head}{next}"));
        assert_eq!(statuses(&answer), [status], "{head}: {answer}");
        assert!(answer.contains("connection: close"), "{head}: {answer}");
    }
}

/// If a request contains both lengths, `Transfer-Encoding` counts and the connection closes: bytes that a proxy read as the body of this
/// request never become the next request (RFC 9112 §6.1).
#[test]
fn two_lengths_cannot_smuggle_a_request() {
    let site = Site::sqlite();
    let server = site.serve();
    let next = "GET /livez HTTP/1.1\r\nhost: a\r\n\r\n";
    for lengths in ["content-length: 5\r\ntransfer-encoding: chunked\r\n", "transfer-encoding: chunked\r\ncontent-length: 5\r\n"] {
        let head = format!("POST /v1/setup HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{lengths}\r\n0\r\n\r\n");
        let answer = exchange(&server, &format!("{head}{next}"));
        assert_eq!(statuses(&answer).len(), 1, "{lengths}: {answer}");
        assert!(answer.contains("connection: close"), "{lengths}: {answer}");
    }
}

#[test]
fn a_request_that_is_refused_early_closes_the_connection() {
    let site = Site::sqlite();
    let server = site.serve();
    let long = "a".repeat(400 * 1024);
    for (bytes, status) in [
        (format!("GET /livez HTTP/1.1\r\nhost: a\r\nx-long: {long}\r\n\r\n"), 431),
        (format!("POST /v1/scopes/check HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n{}", 300 * 1024, " ".repeat(257 * 1024)), 413),
        ("POST /v1/project/keys HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{".to_owned(), 401),
        ("POST /v1/nothing HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{".to_owned(), 404),
    ] {
        let answer = exchange(&server, &bytes);
        // A client that still sends may lose the answer, but the connection always closes.
        assert!(statuses(&answer) == [status] || answer.is_empty() && matches!(status, 413 | 431), "{status}: {answer}");
        assert!(answer.is_empty() || answer.contains("connection: close"), "{status}: {answer}");
    }
}

#[test]
fn a_probe_of_http_1_0_needs_no_host() {
    let site = Site::sqlite();
    let server = site.serve();
    for (path, status) in [("/livez", 200), ("/readyz", 200), ("/v1/health/version", 400)] {
        assert_eq!(statuses(&exchange(&server, &format!("GET {path} HTTP/1.0\r\n\r\n"))), [status], "{path}");
    }
    assert_eq!(statuses(&exchange(&server, "GET /livez HTTP/1.1\r\nconnection: close\r\n\r\n")), [400]);
}
