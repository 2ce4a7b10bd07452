//! SQLite on a full disk, an unwritable file, a database that another process locks, a clock that jumps: the answer is clear, and
//! nothing is corrupted.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    process::Command,
};

use scopewise::server::store::{self, StoreError};
use serde_json::json;

use super::server::{Server, Site};
use crate::http::world::World;

fn is_healthy(site: &Site) {
    let database = rusqlite::Connection::open(site.place.path("test.db")).unwrap();
    assert_eq!(database.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
}

/// Starts a server that can write no file larger than this many KiB, as on a full disk.
fn serve_on_a_small_disk(site: &Site, kibibytes: u32) -> Server {
    let mut command = Command::new("bash");
    let script = format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" serve --listen 127.0.0.1:0 --log off");
    command
        .args(["-c", &script, env!("CARGO_BIN_EXE_scopewise")])
        .current_dir(site.place.path(""))
        .env("SCOPEWISE_DATABASE", &site.database);
    Server::spawn(command.env("SCOPEWISE_ROOT_KEY_FILE", site.place.path("root-key")))
}

#[test]
fn a_full_disk_gives_503_and_keeps_acknowledged_writes() {
    let site = Site::sqlite();
    let writer = site.set_up();
    let mut made = Vec::new();
    {
        let server = serve_on_a_small_disk(&site, 2048);
        let mut wire = server.connect();
        let mut refused = 0;
        for n in 0..2000 {
            let id = format!("k{n}");
            let body = json!({ "keyId": id, "name": "N".repeat(100), "scopes": ["rows.read"] }).to_string();
            let answer = wire.ask("POST", "/v1/project/keys", &writer, &body).unwrap();
            match answer.status {
                201 => made.push(id),
                503 => {
                    assert!(answer.head.contains("retry-after: 5") && answer.body.contains("general_unavailable"), "{}", answer.body);
                    refused += 1;
                }
                other => panic!("{other}: {}", answer.body),
            }
            if refused == 20 {
                break;
            }
        }
        assert!(refused == 20 && made.len() > 20, "{refused} refused, {} made", made.len());
        // Reads still succeed.
        assert_eq!(wire.ask("GET", "/v1/project/keys/k0", &writer, "").unwrap().status, 200);
    }
    is_healthy(&site);
    // With free space, writes succeed again.
    let server = site.serve();
    let mut wire = server.connect();
    for id in &made {
        assert_eq!(wire.ask("GET", &format!("/v1/project/keys/{id}"), &writer, "").unwrap().status, 200, "{id}");
    }
    let body = json!({ "keyId": "new", "name": "N", "scopes": [] }).to_string();
    assert_eq!(wire.ask("POST", "/v1/project/keys", &writer, &body).unwrap().status, 201);
}

#[tokio::test]
async fn an_unwritable_file_is_reported_at_startup() {
    // Root can write everything, but not to a read-only file system such as /proc.
    let url = "sqlite:///proc/scopewise.db".parse().unwrap();
    let error = store::open(&url).await.err().unwrap();
    assert!(matches!(error, StoreError::NotWritable { .. }) && error.to_string().contains("permissions"), "{error}");
}

#[test]
fn a_read_only_file_is_reported_to_a_non_root_user() {
    let site = Site::sqlite();
    site.set_up();
    let file = site.place.path("test.db");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(site.place.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    // Another user may have no access to the build folder.
    let program = site.place.path("scopewise");
    // A program of its own copies it: a process that another test starts meanwhile could inherit this one's open file, and the system
    // runs no program that another process may still write.
    assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_scopewise")).arg(&program).status().unwrap().success());
    let mut command = Command::new(program);
    command
        .args(["project", "create", "--id", "a", "--name", "A"])
        .current_dir(site.place.path(""))
        .env("SCOPEWISE_DATABASE", &site.database);
    // Runs as a user without rights; if the tests already run as one, the file mode is enough.
    if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        std::os::unix::process::CommandExt::uid(&mut command, 65_534);
    }
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains("cannot be written; check the permissions"), "{stderr}");
    is_healthy(&site);
}

#[test]
fn a_database_locked_by_another_process_gives_503_until_it_is_unlocked() {
    let site = Site::sqlite();
    let writer = site.set_up();
    let server = site.serve();
    // Once it answers, it has finished all writes of its start.
    assert_eq!(server.connect().ask("GET", "/v1/project/keys", &writer, "").unwrap().status, 200);
    let holder = rusqlite::Connection::open(site.place.path("test.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let body = json!({ "keyId": "a", "name": "N", "scopes": [] }).to_string();
    let answer = server.connect().ask("POST", "/v1/project/keys", &writer, &body).unwrap();
    assert!(answer.status == 503 && answer.head.contains("retry-after"), "{} {}", answer.status, answer.body);
    // Reads never wait for a writer.
    assert_eq!(server.connect().ask("GET", "/v1/project/keys", &writer, "").unwrap().status, 200);
    holder.execute_batch("ROLLBACK").unwrap();
    assert_eq!(server.connect().ask("POST", "/v1/project/keys", &writer, &body).unwrap().status, 201);
    is_healthy(&site);
}

/// A process that closes a file drops all its locks on it, including those of other connections in the process (POSIX).
#[tokio::test]
async fn closing_a_store_keeps_the_locks_of_other_connections() {
    let site = Site::sqlite();
    site.set_up();
    let url = site.database.parse().unwrap();
    let (closing, _staying) = (store::open(&url).await.unwrap(), store::open(&url).await.unwrap());
    let holder = rusqlite::Connection::open(site.place.path("test.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    drop(closing);
    let create = || site.command(&["project", "create", "--id", "late", "--name", "Late"]).output().unwrap();
    assert!(!create().status.success(), "another process wrote during a transaction");
    holder.execute_batch("ROLLBACK").unwrap();
    assert!(create().status.success());
}

#[tokio::test]
async fn a_clock_jump_revives_no_ended_secret_and_breaks_nothing() {
    let (world, owner) = World::ready().await;
    let deleted = owner.key("deleted", &["keys.read"]).await;
    let rotated = owner.key("rotated", &["keys.read"]).await;
    owner.post("/v1/project/keys/rotated/rotate", json!({ "overlapSeconds": 0 })).await.ok(200);
    owner.delete("/v1/project/keys/deleted").await.ok(204);
    let year = 365 * 86_400;
    let lasting = owner.key("lasting", &["keys.read"]).await;
    for jump in [-10 * year, 10 * year, -30 * year, 60 * year, -30 * year] {
        world.clock.advance_seconds(jump);
        assert_eq!(deleted.get("/v1/project/keys").await.status, 401);
        assert_eq!(rotated.get("/v1/project/keys").await.status, 401);
        lasting.get("/v1/project/keys").await.ok(200);
    }
    world.app.settle().await;
    let database = rusqlite::Connection::open(world.folder.join("test.db")).unwrap();
    assert_eq!(database.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
}

#[test]
fn a_restore_as_root_keeps_the_owner_of_the_folder() {
    let site = Site::sqlite();
    site.set_up();
    let run = |arguments: &[&str]| {
        let output = site.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["backup", "copy"]);
    let owner = |name: &str| fs::metadata(site.place.path(name)).map(|file| (file.uid(), file.gid())).unwrap();
    if owner("").0 == 0 {
        // The service runs as its own user (a user with this number may not exist).
        chown(site.place.path(""), Some(10001), Some(10001)).unwrap();
    }
    run(&["restore", "copy", "--force"]);
    assert_eq!(owner("test.db"), owner(""));
    assert_eq!(fs::metadata(site.place.path("test.db")).unwrap().permissions().mode() & 0o777, 0o600);
}
