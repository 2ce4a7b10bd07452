//! `kill -9` while clients write: every acknowledged write exists, and no write is partial.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
    mpsc,
};

use serde_json::{Value, json};

use super::server::{Server, Site, Wire};
use crate::{
    place::Place,
    postgres::{Cluster, Database},
};

/// The number of concurrent clients.
const CLIENTS: usize = 8;

/// Creates keys until the server stops, so that it always stops in the middle of writes. Calls `strike` once, when `after` of them are acknowledged.
/// Returns the ids and secrets of acknowledged keys.
fn write_until(server: &Server, writer: &str, round: usize, after: usize, strike: impl FnOnce()) -> Vec<(String, String)> {
    let (next, acknowledged) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let (reached, wait) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            let (next, acknowledged, reached) = (&next, &acknowledged, reached.clone());
            scope.spawn(move || {
                let Ok(mut wire) = Wire::open(&server.address) else { return };
                loop {
                    let id = format!("r{round}-{}", next.fetch_add(1, Ordering::SeqCst));
                    let body = json!({ "keyId": id, "name": format!("Name of {id}"), "scopes": ["rows.read", "rows.write"] });
                    let Ok(answer) = wire.ask("POST", "/v1/project/keys", writer, &body.to_string()) else { return };
                    if answer.status != 201 {
                        // The database may be down; any other refusal is an error.
                        assert_eq!(answer.status, 503, "{}", answer.body);
                        return;
                    }
                    let made: Value = serde_json::from_str(&answer.body).unwrap();
                    let mut list = acknowledged.lock().unwrap();
                    list.push((id, made["secret"].as_str().unwrap().to_owned()));
                    if list.len() == after {
                        let _ = reached.send(());
                    }
                }
            });
        }
        drop(reached);
        wait.recv().expect("enough writes are acknowledged");
        strike();
    });
    acknowledged.into_inner().unwrap()
}

/// Checks that every acknowledged key works, and that every existing key is complete.
fn prove(server: &Server, writer: &str, acknowledged: &[(String, String)]) {
    let mut wire = server.connect();
    for (id, secret) in acknowledged {
        // A key without `keys.read` is refused because of its scope, not as unknown: the secret was found.
        let answer = wire.ask("GET", "/v1/project/keys", secret, "").unwrap();
        assert!(answer.body.contains("general_unauthorized_scope") && answer.body.contains("missing scopes"), "{id}: {}", answer.body);
        let key: Value = serde_json::from_str(&wire.ask("GET", &format!("/v1/project/keys/{id}"), writer, "").unwrap().body).unwrap();
        assert_eq!((&key["name"], &key["scopes"]), (&json!(format!("Name of {id}")), &json!(["rows.read", "rows.write"])), "{key}");
    }
}

/// Three rounds of a server that is killed, each at another point, and restarted on the same database.
fn killed_server_loses_nothing(site: &Site) {
    let writer = site.set_up();
    let mut all = Vec::new();
    for (round, after) in [200, 700, 1400].into_iter().enumerate() {
        let mut server = site.serve();
        let pid = server.pid().to_string();
        let kill = || assert!(std::process::Command::new("kill").args(["-9", &pid]).status().unwrap().success());
        let acknowledged = write_until(&server, &writer, round, after, kill);
        server.kill();
        assert!(acknowledged.len() >= after, "{}", acknowledged.len());
        let again = site.serve();
        prove(&again, &writer, &acknowledged);
        all.extend(acknowledged);
    }
    // Acknowledged keys of an earlier round still exist after the last one.
    prove(&site.serve(), &writer, &all[..200]);
}

#[test]
fn a_killed_server_loses_nothing_on_sqlite() {
    let site = Site::sqlite();
    killed_server_loses_nothing(&site);
    let database = rusqlite::Connection::open(site.place.path("test.db")).unwrap();
    let healthy: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(healthy, "ok");
    let halves = "SELECT (SELECT count(*) FROM keys) - (SELECT count(DISTINCT key_sequence) FROM key_secrets)";
    assert_eq!(database.query_row(halves, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_loses_nothing_on_postgresql() {
    let Some(database) = Database::new().await else { return };
    let site = Site::new(Place::new("faults"), database.url());
    tokio::task::block_in_place(|| killed_server_loses_nothing(&site));
    let halves = "DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM keys WHERE sequence NOT IN (SELECT key_sequence FROM key_secrets)); END $$";
    crate::postgres::execute(&database.url(), halves).await.unwrap();
}

#[test]
fn a_killed_postgresql_loses_nothing() {
    let Some(mut cluster) = Cluster::start() else { return };
    let site = Site::new(Place::new("faults"), cluster.url());
    let writer = site.set_up();
    let server = site.serve();
    for (round, after) in [300, 900].into_iter().enumerate() {
        let acknowledged = write_until(&server, &writer, round, after, || cluster.stop());
        assert!(acknowledged.len() >= after, "{}", acknowledged.len());
        // The same server process keeps running.
        cluster.run();
        prove(&server, &writer, &acknowledged);
    }
}
