//! Clients that do not read what they requested: they are limited by network and disconnected, and other clients are served.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use scopewise::server::{
    SecretHash,
    store::{self, NewKey},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, Interest},
    net::{TcpSocket, TcpStream},
};

use super::server::{Server, Site};
use crate::store::handle::Handle;

/// Connects from another address of this machine.
async fn connect_from(last: u8, server: &Server) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0))).unwrap();
    // A small buffer, so that unread data stays on the server.
    socket.set_recv_buffer_size(4096).unwrap();
    socket.connect(server.address.parse().unwrap()).await.unwrap()
}

fn head(method: &str, path: &str, key: &str, more: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nx-appwrite-project: shop\r\nx-appwrite-key: {key}\r\n{more}\r\n").into_bytes()
}

/// Reads until the server closes the connection.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text).await;
    String::from_utf8_lossy(&text).into_owned()
}

async fn is_served(last: u8, server: &Server, key: &str) {
    let mut stream = connect_from(last, server).await;
    stream.write_all(&head("GET", "/v1/project/keys/absent", key, "connection: close\r\n")).await.unwrap();
    let answer = answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

/// What the system holds of answers that were sent and not read, in MiB: the queues of this server's connections (proc(5), `tcp`).
fn unread(server: &Server) -> usize {
    let port = format!(":{:04X}", server.address.parse::<SocketAddr>().unwrap().port());
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let queues = table.lines().skip(1).filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (sent, received) = fields[4].split_once(':')?;
        let waiting = if fields[1].ends_with(&port) { sent } else { received };
        (fields[1].ends_with(&port) || fields[2].ends_with(&port)).then(|| usize::from_str_radix(waiting, 16).unwrap())
    });
    queues.sum::<usize>() / (1024 * 1024)
}

#[tokio::test]
async fn a_network_gets_only_its_share_of_the_connections() {
    let site = Site::sqlite();
    let key = site.set_up();
    let server = site.serve_with(&["--max-connections", "64"]);
    // Each connection waits in the middle of a body, so the server cannot reclaim it.
    let mut busy = Vec::new();
    for _ in 0..8 {
        let mut stream = connect_from(2, &server).await;
        stream.write_all(&head("POST", "/v1/project/keys", &key, "content-length: 10\r\nexpect: 100-continue\r\n")).await.unwrap();
        // The server sends this when it wants the body.
        let mut said = [0; 25];
        stream.read_exact(&mut said).await.unwrap();
        assert!(said.starts_with(b"HTTP/1.1 100"));
        busy.push(stream);
    }
    let mut refused = connect_from(2, &server).await;
    let refusal = answer(&mut refused).await;
    assert!(
        refusal.starts_with("HTTP/1.1 503") && refusal.contains("retry-after: ") && refusal.contains("general_unavailable"),
        "{refusal}"
    );
    is_served(3, &server, &key).await;
    drop(busy.pop());
    let mut more = Vec::new();
    for _ in 0..40 {
        more.push(connect_from(4, &server).await);
    }
    // An idle connection does not block an active client of the same network or of another one.
    is_served(4, &server, &key).await;
    is_served(3, &server, &key).await;
}

/// 600 clients request the largest list that a key can have, and read nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_readers_use_little_memory_delay_no_client_and_are_disconnected() {
    let site = Site::sqlite();
    let key = site.set_up();
    {
        let store = store::open(&site.database.parse().unwrap()).await.unwrap();
        let scopes: Vec<String> = (0..100).map(|n| format!("{}.{n}", "a".repeat(20))).collect();
        let new = |n: u32| NewKey {
            project_id: "shop".into(),
            id: format!("k{n}").parse().unwrap(),
            name: "Key".parse().unwrap(),
            description: String::new(),
            scopes: scopes.iter().map(|scope| scope.parse().unwrap()).collect(),
            secret: SecretHash::of(&n.to_string()),
            hint: "…".into(),
            expire: None,
            created_at: "2026-08-21".parse().unwrap(),
        };
        Handle(store).import_keys((0..4000).map(new).collect()).await.unwrap();
    }
    let server = site.serve_with(&["--key-memory", "0"]);
    is_served(3, &server, &key).await;
    let before = server.memory();
    let mut silent = Vec::new();
    for n in 0..600 {
        let mut stream = connect_from(2, &server).await;
        // A list of keys, or a route that needs no key.
        let path = if n % 2 == 0 { "/v1/project/keys" } else { "/v1/scopes/catalog" };
        stream.write_all(&head("GET", path, &key, "")).await.unwrap();
        silent.push(stream);
    }
    for _ in 0..20 {
        is_served(3, &server, &key).await;
    }
    // A client that receives the beginning of an answer. On a busy machine, the first lists may be refused.
    let mut stuck = None;
    for stream in &silent {
        let mut status = [0; 12];
        if stream.peek(&mut status).await.is_ok() && &status == b"HTTP/1.1 200" {
            stuck = Some(stream);
            break;
        }
    }
    let stuck = stuck.expect("a client receives an answer");
    let grown = server.memory().saturating_sub(before) / (1024 * 1024);
    assert!(grown < 400, "{grown} MiB more than before");
    // Three times the buffer of each connection at most; by default, the system would buffer megabytes for each.
    let unread = unread(&server);
    assert!(unread < 200, "the system holds {unread} MiB that nobody reads");
    let cut_off = tokio::time::timeout(Duration::from_secs(120), stuck.ready(Interest::ERROR)).await;
    assert!(cut_off.is_ok(), "a client that reads nothing is never disconnected");
    is_served(3, &server, &key).await;
}
