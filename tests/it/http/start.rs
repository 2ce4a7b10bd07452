//! The server as a process: what it says when it cannot start, and how it stops.

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    time::Duration,
};

use scopewise::server::{
    StartError,
    config::{Config, DatabaseUrl},
    run, store,
};
use serde_json::json;
use tokio::sync::oneshot;

use super::{counting::CountingStore, world::World};
use crate::{place::Place, port::Port};

fn config(place: &Place, database: &str) -> Config {
    let database = DatabaseUrl::Sqlite { path: place.path(database) };
    Config { listen: "127.0.0.1:0".parse().unwrap(), database, shutdown_seconds: 5, ..Config::default() }
}

/// Starts a server that stops at once. Returns the one line of its error.
async fn refused(config: Config) -> String {
    let error = run(config, std::future::ready(())).await.unwrap_err();
    let line = error.to_string();
    assert!(!line.contains('\n'), "{line}");
    line
}

#[tokio::test]
async fn a_port_in_use_is_reported() {
    let place = Place::new("start-port");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let line = refused(Config { listen: address, ..config(&place, "a.db") }).await;
    assert!(line.contains(&address.to_string()) && line.contains("in use") && line.contains("--listen"), "{line}");
}

#[tokio::test]
async fn an_address_of_another_machine_is_reported() {
    let place = Place::new("start-address");
    let error =
        run(Config { listen: "192.0.2.1:80".parse().unwrap(), ..config(&place, "a.db") }, std::future::ready(())).await.unwrap_err();
    assert!(matches!(error, StartError::Address { .. }), "{error}");
    assert!(error.to_string().contains("--listen"));
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_reported_and_left_alone() {
    let place = Place::new("start-broken");
    fs::write(place.path("text.db"), "this is not a database, but a text that is long enough to have a header").unwrap();
    let line = refused(config(&place, "text.db")).await;
    assert!(line.contains("text.db is not a Scopewise database") && line.contains("backup"), "{line}");
    assert!(fs::read_to_string(place.path("text.db")).unwrap().starts_with("this is not"));
}

#[tokio::test]
async fn a_damaged_database_is_reported() {
    let place = Place::new("start-damaged");
    let config = config(&place, "a.db");
    drop(store::open(&config.database).await.unwrap());
    let mut bytes = fs::read(place.path("a.db")).unwrap();
    let middle = bytes.len() / 4;
    bytes[middle..].fill(0x5a);
    fs::write(place.path("a.db"), bytes).unwrap();
    let line = refused(config).await;
    assert!(line.contains("damaged"), "{line}");
}

#[tokio::test]
async fn a_database_of_another_program_is_not_changed() {
    let place = Place::new("start-foreign");
    let foreign = rusqlite::Connection::open(place.path("a.db")).unwrap();
    foreign.execute_batch("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);").unwrap();
    let line = refused(config(&place, "a.db")).await;
    assert!(line.contains("is not a Scopewise database"), "{line}");
    let tables: i64 = foreign.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_not_changed() {
    let place = Place::new("start-newer");
    let config = config(&place, "a.db");
    drop(store::open(&config.database).await.unwrap());
    rusqlite::Connection::open(place.path("a.db")).unwrap().execute_batch("PRAGMA user_version = 999").unwrap();
    let line = refused(config).await;
    assert!(line.contains("newer version"), "{line}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_reported() {
    let place = Place::new("start-folder");
    fs::write(place.path("file"), "").unwrap();
    let line = refused(config(&place, "file/a.db")).await;
    assert!(line.contains("cannot be written") && line.contains("permissions"), "{line}");
    fs::create_dir(place.path("a.db")).unwrap();
    assert!(refused(config(&place, "a.db")).await.contains("cannot be written"));
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new("start-private");
    let config = config(&place, "deep/down/a.db");
    let _store = store::open(&config.database).await.unwrap();
    for file in fs::read_dir(place.path("deep/down")).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn what_was_stored_is_there_after_a_restart() {
    let place = Place::new("start-restart");
    let config = config(&place, "a.db");
    let random = scopewise::server::random::SeededRandom::new(3);
    let clock = scopewise::server::clock::SystemClock;
    let store = store::open(&config.database).await.unwrap();
    scopewise::server::service::create_project(store.as_ref(), &clock, &random, "shop", "Shop", &scopewise::server::Caller::command_line())
        .await
        .unwrap();
    drop(store);
    let store = store::open(&config.database).await.unwrap();
    assert_eq!(store.project("shop").await.unwrap().unwrap().name, "Shop");
}

/// The body of this test runs on a thread of its own, so it may block.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_runs_is_answered_before_the_server_stops() {
    let place = Place::new("start-graceful");
    let port = Port::reserve();
    let address = port.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let config = Config { listen: address, ..config(&place, "a.db") };
    let server = tokio::spawn(run(config, async move {
        let _ = stopped.await;
    }));
    let mut stream = connect(address, || server.is_finished());
    // The server asks for the body once it handles the request: from then on the request runs.
    let head = "POST /v1/setup HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\
                expect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut asked = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    stop.send(()).unwrap();
    stream.write_all(b"{}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("`token`"), "{answer}");
    server.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).is_err());
}

/// What is still to be written when the server stops, each on a database that takes it and never answers.
#[tokio::test]
async fn a_database_that_never_answers_does_not_hold_up_the_end() {
    const GRACE: Duration = Duration::from_secs(7);
    for call in ["create_key", "record_key_uses", "append_audit"] {
        let mut counting = None;
        let world = World::with_store(|store| {
            let store = Arc::new(CountingStore::new(store));
            counting = Some(store.clone());
            store
        });
        let (counting, owner) = (counting.unwrap(), world.set_up().await);
        owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop" })).await.ok(201);
        let owner = owner.on("shop");
        let key = owner.key("k", &["keys.read"]).await;
        world.app.settle().await;
        counting.stick(call);
        // A change whose client waits, a use, or a refusal; nothing else is to be written when time stands still.
        match call {
            "create_key" => drop(tokio::spawn(async move { owner.make_key("late", &[]).await })),
            "record_key_uses" => drop(key.get("/v1/project/keys").await.ok(200)),
            _ => drop(key.post("/v1/project/keys", json!({})).await.refused(401, "general_unauthorized_scope")),
        }
        let mut asked = BTreeSet::new();
        while !asked.contains(call) {
            asked.extend(counting.calls());
            tokio::task::yield_now().await;
        }
        tokio::time::pause();
        let begun = tokio::time::Instant::now();
        let ended = tokio::time::timeout(100 * GRACE, world.app.wind_down(GRACE)).await;
        assert!(ended.is_ok(), "{call}: the server never stops");
        assert_eq!(begun.elapsed().as_secs(), GRACE.as_secs(), "{call}");
        tokio::time::resume();
    }
}

/// Tries until the server listens.
fn connect(address: SocketAddr, has_ended: impl Fn() -> bool) -> TcpStream {
    loop {
        if let Ok(stream) = TcpStream::connect(address) {
            return stream;
        }
        assert!(!has_ended(), "the server does not listen on {address}");
        std::thread::yield_now();
    }
}
