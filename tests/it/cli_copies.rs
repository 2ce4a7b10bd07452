//! Backup, restore, and the move between databases, as an operator runs them.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    process::Output,
    sync::atomic::{AtomicBool, Ordering},
};

use pretty_assertions::assert_eq;
use scopewise::server::store;
use serde_json::{Value, json};

use crate::{
    faults::server::{Server, Site, Wire},
    place::Place,
    postgres::Database,
    store::all_keys,
};

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn done(site: &Site, arguments: &[&str]) -> String {
    let output = site.command(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Fails in one line, which is returned.
fn refused(site: &Site, arguments: &[&str]) -> String {
    let output = site.command(arguments).output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).lines().count()), (Some(1), 1), "{}", stderr(&output));
    stderr(&output)
}

/// The ids of all keys, as the holder of a key sees them.
fn ids(server: &Server, secret: &str) -> BTreeSet<String> {
    let answer = server.connect().ask("GET", "/v1/project/keys?total=false", secret, "").unwrap();
    let list: Value = serde_json::from_str(&answer.body).unwrap();
    list["keys"].as_array().unwrap().iter().map(|key| key["$id"].as_str().unwrap().to_owned()).collect()
}

fn create(wire: &mut Wire, writer: &str, id: &str) {
    let body = json!({ "keyId": id, "name": id, "scopes": ["rows.read"] }).to_string();
    let answer = wire.ask("POST", "/v1/project/keys", writer, &body).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.body);
}

#[test]
fn a_backup_is_taken_while_the_server_writes_and_is_restored() {
    let site = Site::sqlite();
    let writer = site.set_up();
    let server = site.serve();
    let mut wire = server.connect();
    create(&mut wire, &writer, "before");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut wire = server.connect();
            // Ends also where the other side has failed.
            for n in 0..100_000 {
                create(&mut wire, &writer, &format!("meanwhile-{n}"));
                if stop.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        for name in ["one", "two", "three"] {
            assert_eq!(done(&site, &["backup", name]), format!("wrote {name}\n"));
        }
        stop.store(true, Ordering::SeqCst);
    });
    create(&mut wire, &writer, "after");
    // While a server uses the database, it is not replaced.
    assert!(refused(&site, &["restore", "one", "--force"]).contains("is in use; stop the server first"));
    create(&mut wire, &writer, "later");
    drop((wire, server));
    assert!(refused(&site, &["restore", "one"]).contains("--force"));
    done(&site, &["restore", "one", "--force"]);
    let found = ids(&site.serve(), &writer);
    assert!(found.contains("before") && !found.contains("after") && !found.contains("later"), "{found:?}");
    for name in ["one", "two", "three"] {
        let mode = fs::metadata(site.place.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!site.place.path(&format!("{name}-wal")).exists());
    }
    // Also where nothing is.
    let elsewhere = format!("sqlite://{}", site.place.path("new/folder/copy.db").display());
    assert!(done(&site, &["restore", "two", "--database", &elsewhere]).contains("restored"));
    let copy = Site { database: elsewhere, ..site };
    assert!(ids(&copy.serve(), &writer).contains("before"));
}

#[test]
fn a_backup_overwrites_nothing_and_a_damaged_one_is_not_restored() {
    let site = Site::sqlite();
    let writer = site.set_up();
    done(&site, &["backup", "good"]);
    assert!(refused(&site, &["backup", "good"]).contains("exists already"));
    let bytes = fs::read(site.place.path("good")).unwrap();
    let mut damaged = bytes.clone();
    let middle = bytes.len() / 3;
    damaged[middle..].fill(0x5a);
    for (name, content) in
        [("damaged", damaged), ("short", bytes[..middle].to_vec()), ("text", b"this is a text".repeat(100)), ("empty", Vec::new())]
    {
        fs::write(site.place.path(name), content).unwrap();
        let line = refused(&site, &["restore", name, "--force"]);
        assert!(line.contains("is not a Scopewise database, or it is damaged"), "{line}");
    }
    assert!(refused(&site, &["restore", "gone", "--force"]).contains("there is no file gone"));
    assert_eq!(ids(&site.serve(), &writer).len(), 1);
    let left: Vec<_> = fs::read_dir(site.place.path("")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| !name.contains(".part")), "{left:?}");
}

#[test]
fn what_has_no_sqlite_file_is_pointed_to_another_way() {
    let site = Site::sqlite();
    for command in [&["backup", "x"], &["restore", "x"]] {
        let line = refused(&site, &[&command[..], &["--database", "postgres://ada:hunter2@localhost/keys"]].concat());
        assert!(line.contains("pg_dump") && !line.contains("hunter2"), "{line}");
    }
    let missing = format!("sqlite://{}", site.place.path("gone.db").display());
    assert!(refused(&site, &["copy", "--from", &missing, "--to", &site.database]).contains("there is no database"));
    assert!(!site.place.path("gone.db").exists());
    site.set_up();
    assert!(refused(&site, &["copy", "--from", &site.database, "--to", &site.database]).contains("the same database"));
}

#[test]
fn a_password_in_a_url_is_not_repeated() {
    let site = Site::sqlite();
    for url in ["postgres://ada:hunter2@db:port/keys", "postgres://ada:hunter2@db/keys?sslmode=prefer", "mysql://ada:hunter2@db/keys"] {
        let output = site.command(&["serve", "--database", url]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(
            !stderr(&output).contains("hunter2") && stderr(&output).contains("postgres://user:password@host/database"),
            "{}",
            stderr(&output)
        );
        let help = site.command(&["serve", "--help"]).env("SCOPEWISE_DATABASE", url).output().unwrap();
        assert!(!String::from_utf8_lossy(&help.stdout).contains("hunter2"));
    }
}

/// Everything that there is, in a form that is the same for every store.
async fn everything(url: &str) -> String {
    let store = store::open(&url.parse().unwrap()).await.unwrap();
    let mut text = format!("{:?}\n{:?}\n", store.has_account().await, store.account_by_email("ada@example.com").await);
    let organization = (*store.organization().await.unwrap()).clone();
    for project in store.projects().await.unwrap().into_iter().chain([organization]) {
        text.push_str(&format!("{project:?}\n{:?}\n{:?}\n", all_keys(&*store, &project.id).await, store.dev_keys(&project.id).await));
        let query = store::AuditQuery { project: Some(project.sequence), limit: 10_000, ..store::AuditQuery::default() };
        text.push_str(&format!("{:?}\n", store.audit(query).await));
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_moves_to_postgresql_and_back() {
    let Some(database) = Database::new().await else { return };
    let site = Site::sqlite();
    let writer = tokio::task::block_in_place(|| {
        let writer = site.set_up();
        done(&site, &["key", "create", "--organization", "--name", "All", "--scope", "keys.read"]);
        let account =
            site.command(&["admin", "create", "--email", "ada@example.com"]).env("SCOPEWISE_ADMIN_PASSWORD", "correct horse").status();
        assert!(account.unwrap().success());
        let server = site.serve();
        let mut wire = server.connect();
        // More than travels at once.
        for n in 0..1200 {
            create(&mut wire, &writer, &format!("k{n}"));
        }
        wire.ask("POST", "/v1/project/keys/k7/rotate", &writer, r#"{"overlapSeconds":3600}"#).unwrap();
        wire.ask("DELETE", "/v1/project/keys/k8", &writer, "").unwrap();
        writer
    });
    let (sqlite, postgres, back) = (site.database.clone(), database.url(), format!("sqlite://{}", site.place.path("back.db").display()));
    tokio::task::block_in_place(|| {
        let printed = done(&site, &["copy", "--from", &sqlite, "--to", &postgres]);
        assert!(printed.contains("projects: 1\nkeys: 1201\nkey_secrets: 1202\n") && printed.contains("accounts: 1\n"), "{printed}");
        let again = refused(&site, &["copy", "--from", &sqlite, "--to", &postgres]);
        assert!(again.contains("is not empty") && !again.contains("scopewise@"), "{again}");
        done(&site, &["copy", "--from", &postgres, "--to", &back]);
        assert!(refused(&site, &["copy", "--from", &postgres, "--to", &back]).contains("is not empty"));
    });
    let first = everything(&sqlite).await;
    assert!(first.len() > 100_000 && first.contains("scopewise_org_"));
    assert!(first == everything(&postgres).await, "PostgreSQL has something else");
    assert!(first == everything(&back).await, "SQLite has something else");
    // What was copied can be used and added to.
    let moved = Site::new(Place::new("moved"), postgres);
    tokio::task::block_in_place(|| {
        let server = moved.serve();
        create(&mut server.connect(), &writer, "new");
        assert!(ids(&server, &writer).contains("new"));
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_cannot_be_whole_leaves_the_target_empty() {
    let Some(database) = Database::new().await else { return };
    let site = Site::sqlite();
    tokio::task::block_in_place(|| {
        site.set_up();
        let file = rusqlite::Connection::open(site.place.path("test.db")).unwrap();
        // PostgreSQL cannot hold this, and finds out in the last table.
        let sql = "INSERT INTO audit (at, actor_type, actor_id, actor_name, action, target_id, outcome, detail, ip) \
            VALUES (0, 'key', '', '', 'key.use', char(0), 'done', '', '')";
        file.execute(sql, []).unwrap();
        refused(&site, &["copy", "--from", &site.database, "--to", &database.url()]);
    });
    let store = store::open(&database.url().parse().unwrap()).await.unwrap();
    assert_eq!(store.projects().await.unwrap(), []);
}
