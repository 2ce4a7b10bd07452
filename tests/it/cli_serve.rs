//! `scopewise serve`: what it needs to start, what it says where it cannot, and what it keeps.

use std::{
    fs,
    io::{BufRead, BufReader, PipeReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
};

use pretty_assertions::assert_eq;
use serde_json::Value;

use crate::{
    faults::server::{Server, Wire},
    port::Port,
    postgres::Database,
    program::{Program, stderr},
};

#[test]
fn a_port_in_use_is_reported_in_one_line() {
    let program = Program::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let printed = program.refused(&["serve", "--listen", &address]);
    assert!(printed.contains(&address) && printed.contains("--listen"), "{printed}");
}

#[test]
fn a_folder_that_cannot_be_written_is_reported_in_one_line() {
    let program = Program::new();
    // A file instead of the folder stops root, too.
    fs::write(program.path("file"), "").unwrap();
    let database = format!("sqlite://{}/file/test.db", program.path("").display());
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["project", "create", "--id", "a", "--name", "A"]] {
        let printed = program.refused(&[command, &["--database", &database]].concat());
        assert!(printed.contains("file/test.db") || printed.contains("/file"), "{printed}");
    }
}

#[test]
fn a_broken_database_file_is_reported_in_one_line_and_left_as_it_is() {
    let program = Program::new();
    let garbage = "this is not a database, but a text. ".repeat(200);
    fs::write(program.path("test.db"), &garbage).unwrap();
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["project", "create", "--id", "a", "--name", "A"]] {
        let printed = program.refused(command);
        assert!(printed.contains("test.db") && printed.contains("--database"), "{printed}");
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
    // What the newest edition does not know can be granted where the policy names no edition, and is reported.
    let old = create("ships.sink");
    assert!(stderr(&old).contains("warning[not-in-edition]: `ships.sink` does not exist in Two") && old.status.code() == Some(0));
    let keys = format!(r#"[{{"id":"old","name":"Old","scopes":["ships.sink","rows.read"],"secret":"standard_{}"}}]"#, "ab".repeat(128));
    fs::write(program.path("keys.json"), keys).unwrap();
    let printed = program.printed(&["key", "import", "--project", "shop", "--catalog", "own.json", "keys.json"]);
    assert!(printed.contains("1 with unknown scopes"), "{printed}");
    let server = Server::spawn(program.command(&["serve", "--listen", "127.0.0.1:0", "--catalog", "own.json"]).stderr(Stdio::null()));
    let (status, body) = server.get("/v1/console/scopes/project", &[]);
    let list: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &list["total"], &list["scopes"][0]["$id"]), (200, &1.into(), &"ships.read".into()));
    let (_, body) = server.get("/v1/scopes/catalog", &[]);
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["id"], "harbor");
    assert_eq!(server.end("-TERM"), Some(0));
    let output = program.run(&["serve", "--catalog", "absent.json"]);
    assert_eq!(output.status.code(), Some(2));
}

/// A catalog with these scopes of ships, besides `keys.read`. Its operation `ships.sink` needs `ships.sink`, where that exists.
fn harbor(version: &str, ships: &[&str]) -> String {
    let scope = |id: &str| serde_json::json!({ "id": id, "service": "s", "description": "", "tiers": ["project"], "editions": ["one"] });
    let scopes: Vec<Value> = ships.iter().copied().chain(["keys.read"]).map(scope).collect();
    let needed = if ships.contains(&"ships.sink") { "ships.sink" } else { "ships.read" };
    let operation = serde_json::json!({ "id": "ships.sink", "method": "DELETE", "path": "/v1/ships/:shipId", "scopes": [needed] });
    serde_json::json!({ "id": "harbor", "name": "Harbor", "version": version, "maxScopes": 10, "editions": [{ "id": "one", "name": "One" }],
        "services": [{ "id": "s", "name": "Ships" }], "scopes": scopes, "operations": [operation] })
    .to_string()
}

/// The log of a server, line by line.
struct Log(BufReader<PipeReader>);

impl Log {
    fn of(command: &mut Command) -> Self {
        let (reader, writer) = std::io::pipe().unwrap();
        command.stderr(writer);
        Self(BufReader::new(reader))
    }

    /// The next line that has this.
    fn line_with(&mut self, text: &str) -> String {
        self.0.by_ref().lines().map(Result::unwrap).find(|line| line.contains(text)).unwrap_or_else(|| panic!("no line has {text}"))
    }

    /// The rest, once the server has ended.
    fn rest(self) -> String {
        self.0.lines().map(Result::unwrap).collect()
    }
}

#[test]
fn a_connection_without_a_slot_is_answered_with_an_id_that_is_in_the_log() {
    let program = Program::new();
    // One network gets an eighth of the slots: one connection.
    let mut command = program.command(&["serve", "--listen", "127.0.0.1:0", "--max-connections", "8"]);
    let mut log = Log::of(&mut command);
    let server = Server::spawn(&mut command);
    drop(command);
    let mut busy = TcpStream::connect(&server.address).unwrap();
    let head =
        "POST /v1/setup HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n";
    busy.write_all(head.as_bytes()).unwrap();
    // The server asks for the body: the connection has a request, and keeps its slot.
    busy.read_exact(&mut [0; 25]).unwrap();
    let mut answer = String::new();
    TcpStream::connect(&server.address).unwrap().read_to_string(&mut answer).unwrap();
    let id = answer.split_once("x-request-id: ").unwrap().1.split_once("\r\n").unwrap().0;
    assert!(answer.starts_with("HTTP/1.1 503") && id.len() == 32, "{answer}");
    let line = log.line_with(id);
    assert!(line.contains("status=503") && line.contains("general_unavailable"), "{line}");
}

/// A server that loses a scope with its catalog says so, keeps the keys, and gets everything back with the old catalog.
fn the_catalog_of_a_server_is_replaced_without_losing_a_key(database: Option<String>) {
    let program = Program::new();
    program.file("old.json", &harbor("1", &["ships.read", "ships.sink", "ships.sail"]));
    program.file("new.json", &harbor("2", &["ships.read"]));
    let command = |arguments: &[&str]| {
        let mut command = program.command(arguments);
        if let Some(database) = &database {
            command.env("SCOPEWISE_DATABASE", database);
        }
        command.env("SCOPEWISE_ROOT_KEY_FILE", program.path("root-key"));
        command
    };
    let printed = |arguments: &[&str]| {
        let output = command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let create = |scopes: &[&str]| {
        let scopes = scopes.iter().flat_map(|scope| ["--scope", scope]);
        let start = ["key", "create", "--project", "shop", "--name", "N", "--catalog", "old.json"];
        let made = printed(&start.into_iter().chain(scopes).collect::<Vec<_>>());
        let made: Value = serde_json::from_str(&made).unwrap();
        (made["$id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
    };
    let (id, secret) = create(&["keys.read", "ships.sink"]);
    create(&["ships.read", "ships.sink", "ships.sail"]);
    let port = Port::reserve();
    let metrics = port.address().to_string();
    let serve = |catalog: &str| {
        let start =
            ["serve", "--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1", "--metrics-listen", &metrics, "--catalog", catalog];
        let mut command = command(&start);
        let log = Log::of(&mut command);
        let server = Server::spawn(&mut command);
        // The pipe ends with the server.
        drop(command);
        (server, log)
    };
    let key = |server: &Server| {
        let (status, body) = server.get(&format!("/v1/project/keys/{id}"), &[("x-appwrite-project", "shop"), ("x-appwrite-key", &secret)]);
        (status, serde_json::from_str::<Value>(&body).unwrap()["scopes"].clone())
    };
    let sinks = |server: &Server| {
        let headers = [("x-appwrite-key", secret.as_str()), ("x-forwarded-method", "DELETE"), ("x-forwarded-uri", "/v1/ships/1")];
        server.get("/v1/keys/forward-auth?project=shop", &headers).0
    };
    let scopes = serde_json::json!(["keys.read", "ships.sink"]);

    let (server, log) = serve("old.json");
    assert_eq!((key(&server), sinks(&server)), ((200, scopes.clone()), 204));
    assert_eq!(server.end("-TERM"), Some(0));
    assert!(!log.rest().contains("does not have"));

    let (server, mut log) = serve("new.json");
    let printed = log.line_with("WARN");
    assert!(
        printed.contains("2 scopes that the catalog `harbor` 2 does not have: `ships.sink` (2 keys), `ships.sail` (1 key)."),
        "{printed}"
    );
    assert!(printed.contains("These scopes open nothing") && printed.contains("start the server with that catalog"), "{printed}");
    let mut wire = Wire::open(&metrics).unwrap();
    wire.write(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let counted = wire.answer().unwrap().body;
    assert!(
        counted.contains("\nscopewise_catalog_missing_scopes 2\n") && counted.contains("\nscopewise_catalog_missing_editions 0\n"),
        "{counted}"
    );
    drop(wire);
    assert_eq!((key(&server), sinks(&server)), ((200, scopes.clone()), 403), "the key keeps the scope, and it opens nothing");
    assert_eq!(server.end("-TERM"), Some(0));
    assert!(!log.rest().contains("WARN"), "once");

    let (server, log) = serve("old.json");
    assert_eq!((key(&server), sinks(&server)), ((200, scopes), 204), "everything is back");
    assert_eq!(server.end("-TERM"), Some(0));
    assert!(!log.rest().contains("does not have"));
}

#[test]
fn the_catalog_of_a_server_on_sqlite_is_replaced_without_losing_a_key() {
    the_catalog_of_a_server_is_replaced_without_losing_a_key(None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalog_of_a_server_on_postgresql_is_replaced_without_losing_a_key() {
    let Some(database) = Database::new().await else { return };
    let url = database.url();
    tokio::task::spawn_blocking(|| the_catalog_of_a_server_is_replaced_without_losing_a_key(Some(url))).await.unwrap();
}

#[test]
fn a_broken_catalog_is_refused_with_each_place_and_what_to_do() {
    let program = Program::new();
    program.file("text.json", "{\n  \"id\": \"harbor\",\n  oops\n}");
    let printed = program.wrong(&["serve", "--listen", "127.0.0.1:0", "--catalog", "text.json"]);
    assert!(printed.contains("text.json") && printed.contains("line 3, column 3"), "{printed}");
    let broken = harbor("1", &["ships.read"]).replace(r#""scopes":["ships.read"]"#, r#""scopes":["ships.reed"]"#);
    program.file("names.json", &broken);
    let printed = program.wrong(&["serve", "--listen", "127.0.0.1:0", "--catalog", "names.json"]);
    assert!(printed.contains("operations[0].scopes") && printed.contains("ships.reed"), "{printed}");
    for printed in [printed, program.wrong(&["serve", "--catalog", "absent.json"])] {
        assert!(printed.contains("schema/catalog.schema.json") || printed.contains("absent.json"), "{printed}");
    }
}
