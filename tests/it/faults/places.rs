//! SQLite files in an unexpected state: moved, replaced or deleted during use, lost before a start, without space to be created, or
//! readable by every user.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

use pretty_assertions::assert_eq;
use scopewise::server::store::{self, StoreError};
use serde_json::json;

use super::server::Site;
use crate::{
    http::world::{Client, World},
    place::Place,
};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn is_served(world: &World, key: &Client, status: u16) {
    world.clock.advance_seconds(2);
    assert_eq!(key.get("/v1/project/keys/absent").await.status, if status == 200 { 404 } else { status }, "a lookup");
    assert_eq!(key.get("/v1/project/keys").await.status, status, "a list");
    let made = key.post("/v1/project/keys", json!({ "keyId": "unique()", "name": "N", "scopes": [] })).await;
    assert_eq!(made.status, if status == 200 { 201 } else { status }, "a write");
    assert_eq!(world.anonymous().get("/readyz").await.status, status);
    assert_eq!(world.anonymous().get("/livez").await.status, 200);
}

#[tokio::test]
async fn a_moved_file_is_not_used_until_it_is_back() {
    let (world, owner) = World::ready().await;
    let key = owner.key("k", &["keys.read", "keys.write"]).await;
    let (file, away) = (world.folder.join("test.db"), world.folder.join("away.db"));
    is_served(&world, &key, 200).await;
    fs::rename(&file, &away).unwrap();
    is_served(&world, &key, 503).await;
    fs::rename(&away, &file).unwrap();
    is_served(&world, &key, 200).await;
    // Another file replaces it: changes there would not be seen.
    fs::rename(&file, &away).unwrap();
    fs::copy(&away, &file).unwrap();
    is_served(&world, &key, 503).await;
    fs::rename(&away, &file).unwrap();
    is_served(&world, &key, 200).await;
    // Without the index that it shares with other processes, it would not see their writes.
    fs::remove_file(world.folder.join("test.db-shm")).unwrap();
    is_served(&world, &key, 503).await;
}

#[tokio::test]
async fn a_database_that_refuses_writes_is_not_ready() {
    let world = World::empty();
    let ready = async || {
        world.clock.advance_seconds(2);
        world.anonymous().get("/readyz").await.status
    };
    assert_eq!(ready().await, 200);
    let holder = rusqlite::Connection::open(world.folder.join("test.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(ready().await, 503);
    // The answer is valid for a second, so that frequent requests do not keep the database busy.
    holder.execute_batch("ROLLBACK").unwrap();
    assert_eq!(world.anonymous().get("/readyz").await.status, 503);
    assert_eq!(ready().await, 200);
}

#[tokio::test]
async fn the_readiness_check_does_not_grow_the_file() {
    let world = World::empty();
    let size = || fs::metadata(world.folder.join("test.db")).unwrap().len();
    let log = || fs::metadata(world.folder.join("test.db-wal")).unwrap().len();
    let ask = async || {
        world.clock.advance_seconds(2);
        world.anonymous().get("/readyz").await.ok(200);
    };
    ask().await;
    let before = size();
    for _ in 0..1500 {
        ask().await;
    }
    // SQLite restarts its log after a thousand pages.
    assert!(size() == before && log() < 1200 * 4200, "{} {}", size(), log());
}

#[tokio::test]
async fn no_new_database_is_created_next_to_files_of_a_lost_one() {
    for left in ["test.db-wal", "test.db-journal", "test.root-key"] {
        for empty in [false, true] {
            let place = Place::new("lost");
            fs::write(place.path(left), "something").unwrap();
            if empty {
                fs::write(place.path("test.db"), "").unwrap();
            }
            let before = names(&place.path(""));
            let url = format!("sqlite://{}", place.path("test.db").display()).parse().unwrap();
            let error = store::open(&url).await.err().unwrap();
            let message = error.to_string();
            assert!(matches!(error, StoreError::Lost { .. }), "{message}");
            assert!(message.contains(left) && message.contains("scopewise restore") && message.contains("move"), "{message}");
            assert_eq!(names(&place.path("")), before);
            fs::rename(place.path(left), place.path("elsewhere")).unwrap();
            store::open(&url).await.unwrap();
        }
    }
}

#[test]
fn a_server_does_not_start_with_a_new_database_if_the_old_one_is_lost() {
    let site = Site::sqlite();
    let start = || {
        let mut command = site.command(&["serve", "--listen", "127.0.0.1:0", "--log", "off"]);
        command.env_remove("SCOPEWISE_ROOT_KEY_FILE");
        command
    };
    drop(super::server::Server::spawn(&mut start()));
    assert!(site.place.path("test.root-key").exists());
    fs::rename(site.place.path("test.db"), site.place.path("away.db")).unwrap();
    let output = start().output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains("there is no database") && stderr.lines().count() == 1, "{stderr}");
    assert!(!site.place.path("test.db").exists());
}

/// Runs a command that can write no file larger than this many KiB, as on a full disk.
fn on_a_small_disk(site: &Site, kibibytes: u32, arguments: &[&str]) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" \"$@\"");
    let mut command = Command::new("bash");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_scopewise")]).args(arguments).current_dir(site.place.path(""));
    command.env("SCOPEWISE_DATABASE", &site.database).env("SCOPEWISE_ROOT_KEY_FILE", site.place.path("root-key")).output().unwrap()
}

#[test]
fn a_start_on_a_full_disk_reports_it_and_leaves_no_partial_database() {
    for kibibytes in [0, 1, 8, 40] {
        let site = Site::sqlite();
        let before = names(&site.place.path(""));
        let output = on_a_small_disk(&site, kibibytes, &["project", "create", "--id", "a", "--name", "A"]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && stderr.contains("make room on the disk"), "{kibibytes}: {stderr}");
        assert_eq!(names(&site.place.path("")), before, "{kibibytes}");
        // With free space, the database is created.
        site.set_up();
    }
}

#[test]
fn permissions_of_a_world_readable_database_are_restricted_and_reported() {
    let site = Site::sqlite();
    site.set_up();
    let file = site.place.path("test.db");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let create = |id: &str| {
        let output = site.command(&["project", "create", "--id", id, "--name", "P"]).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    for (n, (was, left)) in [(0o644, 0o600), (0o666, 0o600), (0o604, 0o600)].into_iter().enumerate() {
        fs::set_permissions(&file, fs::Permissions::from_mode(was)).unwrap();
        let stderr = create(&format!("p{n}"));
        assert!(stderr.contains("was open to everybody") && stderr.contains(&format!("{was:04o}")), "{stderr}");
        assert_eq!(mode(&file), left);
    }
    // A group with access, which an operator configured, stays.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!((create("last"), mode(&file)), (String::new(), 0o640));
}

#[tokio::test]
async fn permissions_of_the_files_next_to_a_database_are_restricted_too() {
    let place = Place::new("sibling");
    let url = format!("sqlite://{}", place.path("test.db").display()).parse().unwrap();
    let _first = store::open(&url).await.unwrap();
    let files = ["test.db", "test.db-wal", "test.db-shm"].map(|name| place.path(name));
    for file in &files {
        fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
    }
    let _second = store::open(&url).await.unwrap();
    for file in &files {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
}
