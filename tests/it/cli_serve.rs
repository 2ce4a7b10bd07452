//! `scopewise serve`: what it needs to start, what it says where it cannot, and what it keeps.

use std::{fs, net::TcpListener, process::Stdio};

use pretty_assertions::assert_eq;
use serde_json::Value;

use crate::{
    faults::server::Server,
    program::{Program, stderr},
};

#[test]
fn a_port_in_use_is_told_in_one_line() {
    let program = Program::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = program.refused(&["serve", "--listen", &address]);
    assert!(told.contains(&address) && told.contains("--listen"), "{told}");
}

#[test]
fn a_folder_that_cannot_be_written_is_told_in_one_line() {
    let program = Program::new();
    // A file instead of the folder stops root, too.
    fs::write(program.path("file"), "").unwrap();
    let database = format!("sqlite://{}/file/test.db", program.path("").display());
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["project", "create", "--id", "a", "--name", "A"]] {
        let told = program.refused(&[command, &["--database", &database]].concat());
        assert!(told.contains("file/test.db") || told.contains("/file"), "{told}");
    }
}

#[test]
fn a_broken_database_file_is_told_in_one_line_and_left_as_it_is() {
    let program = Program::new();
    let garbage = "this is not a database, but a text. ".repeat(200);
    fs::write(program.path("test.db"), &garbage).unwrap();
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["project", "create", "--id", "a", "--name", "A"]] {
        let told = program.refused(command);
        assert!(told.contains("test.db") && told.contains("--database"), "{told}");
    }
    assert_eq!(fs::read_to_string(program.path("test.db")).unwrap(), garbage);
}

#[test]
fn the_server_keeps_its_data_over_a_restart() {
    let program = Program::new();
    program.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let key = program.json(&["key", "create", "--project", "shop", "--name", "Reader", "--scope", "keys.read"]);
    let secret = key["secret"].as_str().unwrap();
    for _ in 0..2 {
        let server = program.serve();
        assert_eq!(server.get("/v1/project/keys", &[("x-appwrite-project", "shop"), ("x-appwrite-key", secret)]).0, 200);
        assert_eq!(server.end("-TERM"), Some(0));
    }
    assert!(program.path("test.db").exists());
}

#[test]
fn the_log_in_a_file_has_no_colour() {
    let program = Program::new();
    let log = fs::File::create(program.path("log")).unwrap();
    let mut command = program.command(&["serve", "--listen", "127.0.0.1:0"]);
    let server = Server::spawn(command.stderr(log));
    assert_eq!(server.end("-TERM"), Some(0));
    let log = fs::read_to_string(program.path("log")).unwrap();
    assert!(log.contains("stopped") && !log.contains('\x1b'), "{log:?}");
}

#[test]
fn the_server_judges_keys_by_a_catalog_of_its_own() {
    let program = Program::new();
    let catalog = r#"{
      "id": "harbor", "name": "Harbor", "version": "1.0", "maxScopes": 10,
      "editions": [{ "id": "one", "name": "One" }, { "id": "two", "name": "Two" }],
      "services": [{ "id": "ships", "name": "Ships" }],
      "scopes": [
        { "id": "ships.read", "service": "ships", "description": "Look at ships", "tiers": ["project"], "editions": ["one", "two"] },
        { "id": "ships.sink", "service": "ships", "description": "Sink ships", "tiers": ["project"], "editions": ["one"] }
      ],
      "operations": [{ "id": "ships.list", "method": "GET", "path": "/v1/ships", "scopes": ["ships.read"] }]
    }"#;
    fs::write(program.path("own.json"), catalog).unwrap();
    program.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let create =
        |scope: &str| program.run(&["key", "create", "--project", "shop", "--name", "N", "--scope", scope, "--catalog", "own.json"]);
    assert_eq!(create("ships.read").status.code(), Some(0));
    assert!(stderr(&create("rows.read")).contains("there is no scope `rows.read`"));
    // What the newest edition does not know can be granted where the policy names no edition, and is told.
    let old = create("ships.sink");
    assert!(stderr(&old).contains("warning[not-in-edition]: `ships.sink` does not exist in Two") && old.status.code() == Some(0));
    let keys = format!(r#"[{{"id":"old","name":"Old","scopes":["ships.sink","rows.read"],"secret":"standard_{}"}}]"#, "ab".repeat(128));
    fs::write(program.path("keys.json"), keys).unwrap();
    let told = program.printed(&["key", "import", "--project", "shop", "--catalog", "own.json", "keys.json"]);
    assert!(told.contains("1 with unknown scopes"), "{told}");
    let server = Server::spawn(program.command(&["serve", "--listen", "127.0.0.1:0", "--catalog", "own.json"]).stderr(Stdio::null()));
    let (status, body) = server.get("/v1/console/scopes/project", &[]);
    let list: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &list["total"], &list["scopes"][0]["$id"]), (200, &1.into(), &"ships.read".into()));
    let (_, body) = server.get("/v1/scopes/catalog", &[]);
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["id"], "harbor");
    assert_eq!(server.end("-TERM"), Some(0));
    let told = program.run(&["serve", "--catalog", "absent.json"]);
    assert_eq!(told.status.code(), Some(2));
}
