//! The command line, as a person or a pipeline runs it: the built program, its output and its exit codes.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use pretty_assertions::assert_eq;
use serde_json::Value;

/// A folder that is removed when the test ends, and the program working in it.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("scopewise-cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scopewise"));
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null()).env_clear();
        command.env("SCOPEWISE_DATABASE", format!("sqlite://{}", self.path("test.db").display()));
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that succeeds, and returns what it printed.
    fn printed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.printed(arguments)).unwrap()
    }

    /// Runs a command that fails in one line, and returns that line.
    fn refused(&self, arguments: &[&str]) -> String {
        one_line(&self.run(arguments))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn one_line(output: &Output) -> String {
    let told = stderr(output);
    assert_eq!((output.status.code(), told.lines().count()), (Some(1), 1), "{told}");
    assert!(told.starts_with("error: "), "{told}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    told
}

/// A running server; killed when the test fails before it was stopped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(place: &Place) -> Self {
        Self::spawn(place.command(&["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::null()))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, behind) = line.split_once("http://")?;
            Some(behind.split(['/', ' ']).next().unwrap().to_owned())
        });
        // What is printed later must still find a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { address: address.expect("the server prints its address"), child }
    }

    /// The answer to a GET: its status and its body.
    fn get(&self, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let mut request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(format!("{request}\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    /// Sends a signal, waits for the end, and returns the exit code.
    fn stop(mut self, signal: &str) -> Option<i32> {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn check_exits_with_0_for_valid_1_for_not_valid_and_2_for_wrong_usage() {
    let place = Place::new();
    for (arguments, code) in [
        (&["check", "rows.read"][..], 0),
        (&["check", "keys.write", "--expire", "never"], 0),
        (&["check", "rows.read", "user.read"], 1),
        (&["check", "rows.read", "--runs-in", "browser"], 1),
        (&["check", "rows.read", "--expire", "tomorrow"], 1),
        (&["check", "rows.read", "--tier", "organization"], 1),
        (&["check"], 2),
        (&["check", "rows.read", "--runs-in", "moon"], 2),
        (&["check", "rows.read", "--unknown"], 2),
        (&[], 2),
    ] {
        assert_eq!(place.run(arguments).status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn check_tells_every_finding_with_its_scope_and_the_way_out() {
    let output = Place::new().run(&["check", "user.read", "attributes.read", "--expire", "never"]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "\
error[unknown-scope]: there is no scope `user.read`
 | user.read attributes.read
 | ^^^^^^^^^
 = help: did you mean `users.read`?

warning[deprecated-scope]: `attributes.read` is deprecated
 | user.read attributes.read
 |           ^^^^^^^^^^^^^^^
 = help: grant `columns.read` in its place

hint[never-expires]: the key never expires
 = help: set an expiry, so that a forgotten or leaked key dies by itself

not valid: 2 scopes, 1 error, 1 warning, 1 hint
"
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn check_prints_the_report_as_json() {
    let report: Value = serde_json::from_slice(&Place::new().run(&["check", "--format", "json", "rows.read", "user.read"]).stdout).unwrap();
    assert_eq!(report["valid"], false);
    assert_eq!(report["errors"][0]["code"], "unknown-scope");
    assert_eq!(report["errors"][0]["scope"], "user.read");
    assert_eq!(report["errors"][0]["index"], 1);
    assert_eq!(report["errors"][0]["fix"]["edits"][0]["with"], "users.read");
}

#[test]
fn options_are_read_from_the_environment_too() {
    let place = Place::new();
    let mut command = place.command(&["check", "rows.read"]);
    let output = command.env("SCOPEWISE_RUNS_IN", "browser").env("SCOPEWISE_FORMAT", "json").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["errors"][0]["code"], "exposed-in-client");
}

#[test]
fn catalog_lists_every_scope_as_text_and_as_json() {
    let place = Place::new();
    let text = place.printed(&["catalog"]);
    let catalog = place.json(&["catalog", "--format", "json"]);
    let scopes = catalog["scopes"].as_array().unwrap();
    assert!(scopes.len() > 100);
    for scope in scopes {
        let name = format!("  {} ", scope["id"].as_str().unwrap());
        assert_eq!(text.lines().filter(|line| line.starts_with(&name)).count(), 1, "{name}");
    }
    assert!(catalog["operations"].as_array().unwrap().len() > 500);
}

#[test]
fn help_is_told_for_every_command() {
    let place = Place::new();
    for command in [
        &["serve"][..],
        &["admin", "create"],
        &["admin", "reset"],
        &["admin", "list"],
        &["admin", "sign-out"],
        &["project", "create"],
        &["key", "create"],
        &["check"],
        &["catalog"],
    ] {
        let help = place.printed(&[command, &["--help"]].concat());
        assert!(help.contains(&format!("Usage: scopewise {}", command.join(" "))), "{help}");
        assert!(help.contains("\nExample"), "{help}");
    }
}

#[test]
fn an_empty_expiry_makes_no_key_for_ever() {
    let place = Place::new();
    place.json(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let create = ["key", "create", "--project", "shop", "--name", "CI", "--scope", "rows.read"];
    for expire in ["", " "] {
        let output = place.run(&[&create[..], &["--expire", expire]].concat());
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("it is empty; say never"), "{}", stderr(&output));
        let output = place.command(&create).env("SCOPEWISE_KEY_EXPIRE", expire).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert_eq!(place.run(&["check", "rows.read", "--expire", expire]).status.code(), Some(2));
    }
    assert_eq!(place.json(&[&create[..], &["--expire", "never"]].concat())["expire"], "");
}

#[test]
fn a_key_made_on_the_command_line_opens_the_server() {
    let place = Place::new();
    let project = place.json(&["project", "create", "--id", "shop", "--name", "Shop"]);
    assert_eq!((&project["$id"], &project["name"]), (&"shop".into(), &"Shop".into()));
    let key =
        place.json(&["key", "create", "--project", "shop", "--name", "Reader", "--scope", "keys.read,rows.read", "--expire", "2099-01-01"]);
    assert_eq!(key["scopes"], serde_json::json!(["keys.read", "rows.read"]));
    assert_eq!(key["expire"], "2099-01-01T00:00:00.000+00:00");
    let secret = key["secret"].as_str().unwrap();

    let server = Server::start(&place);
    let (status, body) = server.get("/v1/project/keys", &[("x-appwrite-project", "shop"), ("x-appwrite-key", secret)]);
    let list: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &list["keys"][0]["$id"]), (200, &key["$id"]));
    assert!(!body.contains(secret), "the secret is shown once only");
    // While the server runs, the command line works on the same database.
    let late = place.json(&["key", "create", "--project", "shop", "--name", "Late", "--scope", "keys.read"]);
    let late = late["secret"].as_str().unwrap();
    assert_eq!(server.get("/v1/project/keys", &[("x-appwrite-project", "shop"), ("x-appwrite-key", late)]).0, 200);
    assert_eq!(server.stop("-TERM"), Some(0));
    for file in fs::read_dir(&place.0).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "the database holds the secret");
    }
}

#[test]
fn a_key_of_the_organization_is_made_on_the_command_line() {
    let place = Place::new();
    let create = ["key", "create", "--organization", "--name", "All", "--scope"];
    let key = place.json(&[&create[..], &["projects.read,organization.keys.read"]].concat());
    let secret = key["secret"].as_str().unwrap();
    assert!(secret.starts_with("scopewise_org_"), "it is of a kind of its own");
    // It can hold other scopes than a key of a project, and is of none.
    let output = place.run(&[&create[..], &["rows.read"]].concat());
    assert!(output.status.code() == Some(1) && stderr(&output).contains("wrong-tier"), "{}", stderr(&output));
    place.json(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let output = place.run(&[&create[..], &["projects.read", "--project", "shop"]].concat());
    assert!(output.status.code() == Some(2) && stderr(&output).contains("cannot be used with"), "{}", stderr(&output));
    let output = place.run(&["key", "create", "--name", "All", "--scope", "projects.read"]);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("--project"), "{}", stderr(&output));
    for command in [
        &["key", "create", "--project", "console", "--name", "N", "--scope", "keys.read"][..],
        &["project", "create", "--id", "console", "--name", "N"],
    ] {
        assert_ne!(place.run(command).status.code(), Some(0));
    }

    let mut none = place.command(&["key", "create", "--name", "All", "--scope", "keys.read"]);
    assert!(one_line(&none.env("SCOPEWISE_KEY_ORGANIZATION", "false").output().unwrap()).contains("no project"));

    let server = Server::start(&place);
    let headers = [("x-appwrite-organization", "default"), ("x-appwrite-key", secret)];
    let (status, body) = server.get("/v1/organization/projects", &headers);
    let list: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &list["total"], &list["projects"][0]["$id"]), (200, &1.into(), &"shop".into()));
    assert_eq!(server.get("/v1/organization/keys", &headers).0, 200);
    assert_eq!(server.stop("-TERM"), Some(0));
}

#[test]
fn an_account_made_on_the_command_line_leaves_nothing_to_set_up() {
    let place = Place::new();
    let mut command = place.command(&["admin", "create", "--email", "Ada@Example.com", "--name", "Ada"]);
    let output = command.env("SCOPEWISE_ADMIN_PASSWORD", "correct horse battery").output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "created the account ada@example.com\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let server = Server::start(&place);
    assert_eq!(server.get("/v1/setup", &[]), (200, r#"{"needed":false}"#.to_owned()));
    assert_eq!(server.stop("-INT"), Some(0));
}

#[test]
fn what_cannot_be_made_is_told_in_one_line() {
    let place = Place::new();
    assert!(place.refused(&["admin", "create", "--email", "ada@example.com"]).contains("SCOPEWISE_ADMIN_PASSWORD"));
    let mut short = place.command(&["admin", "create", "--email", "ada@example.com"]);
    assert!(one_line(&short.env("SCOPEWISE_ADMIN_PASSWORD", "short").output().unwrap()).contains("8 to 256 characters"));
    assert!(place.refused(&["project", "create", "--id", "Not an id", "--name", "N"]).contains("a-z, 0-9 and hyphen"));
    place.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    assert!(place.refused(&["project", "create", "--id", "shop", "--name", "Shop"]).contains("exists already"));
    assert!(place.refused(&["key", "create", "--project", "none", "--name", "N", "--scope", "rows.read"]).contains("no project"));
}

#[test]
fn a_key_with_a_wrong_scope_is_not_made_and_the_report_says_why() {
    let place = Place::new();
    place.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let output = place.run(&["key", "create", "--project", "shop", "--name", "N", "--scope", "user.read"]);
    let told = stderr(&output);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{told}");
    assert!(told.contains("did you mean `users.read`?") && told.contains("\nerror: the key was not created"), "{told}");
}

#[test]
fn a_risky_key_is_made_and_the_risk_is_told_beside_the_json() {
    let place = Place::new();
    place.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let output = place.run(&["key", "create", "--project", "shop", "--name", "N", "--scope", "keys.write"]);
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["name"], "N");
    assert!(stderr(&output).contains("warning[sensitive-scope]: `keys.write`"), "{}", stderr(&output));
}

#[test]
fn a_port_in_use_is_told_in_one_line() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = place.refused(&["serve", "--listen", &address]);
    assert!(told.contains(&address) && told.contains("--listen"), "{told}");
}

#[test]
fn a_folder_that_cannot_be_written_is_told_in_one_line() {
    let place = Place::new();
    // A file in the place of the folder: that stops root, too.
    fs::write(place.path("file"), "").unwrap();
    let database = format!("sqlite://{}/file/test.db", place.0.display());
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["project", "create", "--id", "a", "--name", "A"]] {
        let told = place.refused(&[command, &["--database", &database]].concat());
        assert!(told.contains("file/test.db") || told.contains("/file"), "{told}");
    }
}

#[test]
fn a_broken_database_file_is_told_in_one_line_and_left_as_it_is() {
    let place = Place::new();
    let garbage = "this is not a database, but a text. ".repeat(200);
    fs::write(place.path("test.db"), &garbage).unwrap();
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["project", "create", "--id", "a", "--name", "A"]] {
        let told = place.refused(command);
        assert!(told.contains("test.db") && told.contains("--database"), "{told}");
    }
    assert_eq!(fs::read_to_string(place.path("test.db")).unwrap(), garbage);
}

#[test]
fn a_database_url_out_of_form_is_wrong_usage() {
    let place = Place::new();
    let output = place.run(&["serve", "--database", "data.db"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("sqlite://"), "{}", stderr(&output));
}

#[test]
fn the_server_keeps_its_data_over_a_restart() {
    let place = Place::new();
    place.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let key = place.json(&["key", "create", "--project", "shop", "--name", "Reader", "--scope", "keys.read"]);
    let secret = key["secret"].as_str().unwrap();
    for _ in 0..2 {
        let server = Server::start(&place);
        assert_eq!(server.get("/v1/project/keys", &[("x-appwrite-project", "shop"), ("x-appwrite-key", secret)]).0, 200);
        assert_eq!(server.stop("-TERM"), Some(0));
    }
    assert!(Path::new(&place.path("test.db")).exists());
}

#[test]
fn the_log_in_a_file_has_no_colour() {
    let place = Place::new();
    let log = fs::File::create(place.path("log")).unwrap();
    let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
    let server = Server::spawn(command.stderr(log));
    assert_eq!(server.stop("-TERM"), Some(0));
    let log = fs::read_to_string(place.path("log")).unwrap();
    assert!(log.contains("stopped") && !log.contains('\x1b'), "{log:?}");
}

#[test]
fn the_server_judges_keys_by_a_catalog_of_its_own() {
    let place = Place::new();
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
    fs::write(place.path("own.json"), catalog).unwrap();
    place.printed(&["project", "create", "--id", "shop", "--name", "Shop"]);
    let create = |scope: &str| place.run(&["key", "create", "--project", "shop", "--name", "N", "--scope", scope, "--catalog", "own.json"]);
    assert_eq!(create("ships.read").status.code(), Some(0));
    assert!(stderr(&create("rows.read")).contains("there is no scope `rows.read`"));
    // What the newest edition does not know can be granted where the policy names no edition, and is told.
    let old = create("ships.sink");
    assert!(stderr(&old).contains("warning[not-in-edition]: `ships.sink` does not exist in Two") && old.status.code() == Some(0));
    let keys = format!(r#"[{{"id":"old","name":"Old","scopes":["ships.sink","rows.read"],"secret":"standard_{}"}}]"#, "ab".repeat(128));
    fs::write(place.path("keys.json"), keys).unwrap();
    let told = place.printed(&["key", "import", "--project", "shop", "--catalog", "own.json", "keys.json"]);
    assert!(told.contains("1 with scopes that the catalog does not know"), "{told}");
    let server = Server::spawn(place.command(&["serve", "--listen", "127.0.0.1:0", "--catalog", "own.json"]).stderr(Stdio::null()));
    let (status, body) = server.get("/v1/console/scopes/project", &[]);
    let list: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &list["total"], &list["scopes"][0]["$id"]), (200, &1.into(), &"ships.read".into()));
    let (_, body) = server.get("/v1/scopes/catalog", &[]);
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["id"], "harbor");
    assert_eq!(server.stop("-TERM"), Some(0));
    let told = place.run(&["serve", "--catalog", "absent.json"]);
    assert_eq!(told.status.code(), Some(2));
}
