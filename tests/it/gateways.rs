//! The gateways of docs/gateways.md: real nginx, Caddy, Traefik and Envoy, with the configuration as it stands there, and an Express
//! service behind them (tests/gateways/service.js) that says which operation it serves.
//!
//! Where one of the programs is missing, its test says so and passes, unless `CI` is set.

use scopewise::scope::Catalog;

use crate::{patience::Patience, place::Place, port::Port};

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

const PAGE: &str = include_str!("../../docs/gateways.md");

/// Processes that end with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder, a Scopewise server with the project `shop`, a service, and a gateway in front of it.
struct World {
    /// The port of the gateway.
    gateway: Port,
    /// Scopewise itself.
    scopewise: u16,
    key: String,
    /// Holds `users.write` and `databases.read`.
    second: String,
    other: String,
    running: Vec<Running>,
    /// The folder, dropped last.
    place: Place,
}

pub fn is_missing(program: &str) -> bool {
    let runs = |program: &str| Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    let express = Path::new(SERVICE).join("node_modules/express").is_dir();
    assert!(express || std::env::var_os("CI").is_none(), "Express is missing: scripts/setup test installs it");
    if !express {
        crate::place::note(&format!("Express is missing: nothing was tested with {program}"));
        return true;
    }
    let missing = !runs(program);
    assert!(!missing || std::env::var_os("CI").is_none(), "{program} is missing: scripts/setup test installs it");
    if missing {
        crate::place::note(&format!("{program} is missing: nothing was tested with it"));
    }
    missing
}

/// The one block below this heading, with the ports of this test in it: gateway, Scopewise, service.
pub fn block(heading: &str, ports: &[(u16, u16)]) -> String {
    let (_, rest) = PAGE.split_once(&format!("\n## {heading}\n")).unwrap();
    let (_, rest) = rest.split_once("\n```").unwrap();
    let mut text = rest.split_once('\n').unwrap().1.split_once("```").unwrap().0.to_owned();
    for (written, port) in ports {
        let before = text.clone();
        for address in ["127.0.0.1:", "address: 127.0.0.1, port_value: "] {
            text = text.replace(&format!("{address}{written}"), &format!("{address}{port}"));
        }
        assert_ne!(text, before, "{written} is not in the block");
    }
    text
}

pub const SERVICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gateways");

/// The service that Express routes: it answers each request with the request itself, and `serves: ` the operation that it takes it for.
fn service() -> (Running, u16) {
    let mut command = Command::new("node");
    command.arg("service.js").current_dir(SERVICE).stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::piped());
    let mut service = Running(command.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(service.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (service, line.trim().parse().unwrap())
}

/// The requests of the table in docs/gateways.md.
fn pairs() -> Vec<(&'static str, &'static str)> {
    let table = PAGE.split_once("<!-- pairs -->").unwrap().1.split_once("<!-- /pairs -->").unwrap().0;
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')?.0.split_once(' '));
    let pairs: Vec<_> = rows.collect();
    assert!(pairs.len() >= 20, "{pairs:?}");
    pairs
}

pub fn scopewise(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scopewise"));
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null()).stderr(Stdio::null());
    command.env("SCOPEWISE_DATABASE", format!("sqlite://{}", folder.join("test.db").display()));
    command
}

fn made(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = scopewise(folder, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

impl World {
    /// Everything but the gateway; `start` is given the folder and the ports of gateway, Scopewise and service.
    fn new(start: impl FnOnce(&Path, u16, u16, u16) -> Command) -> Self {
        let place = Place::new("gateway");
        let folder = place.path("");
        let mut keys = ["shop", "other"].into_iter().map(|project| {
            made(&folder, &["project", "create", "--id", project, "--name", project]);
            let key = made(&folder, &["key", "create", "--project", project, "--name", "ci", "--id", "ci", "--scope", "users.read"]);
            key["secret"].as_str().unwrap().to_owned()
        });
        let (key, other) = (keys.next().unwrap(), keys.next().unwrap());
        let second = ["key", "create", "--project", "shop", "--name", "second", "--scope", "users.write", "--scope", "databases.read"];
        let second = made(&folder, &second)["secret"].as_str().unwrap().to_owned();
        let serve = ["serve", "--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1"];
        let mut server = Running(scopewise(&folder, &serve).stdout(Stdio::piped()).spawn().unwrap());
        let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| line.unwrap().split_once("127.0.0.1:")?.1.split(' ').next()?.parse::<u16>().ok()).unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        let gateway = Port::reserve();
        let (service, service_port) = service();
        let mut command = start(&folder, gateway.number(), port, service_port);
        let program = Running(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let world = Self { place, gateway, scopewise: port, key, second, other, running: vec![service, program, server] };
        // Some gateways listen before they have read their configuration.
        let (patience, ready) =
            (Patience::new(), || TcpStream::connect(world.gateway.address()).is_ok() && world.ask("GET", "/v1/users", &[]).0 == 401);
        while !ready() {
            patience.or_fail("the gateway asks nobody");
            std::thread::yield_now();
        }
        world
    }

    /// The status and the whole text of the answer.
    fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> (u16, String) {
        self.send(self.gateway.number(), method, target, headers, b"")
    }

    fn send(&self, port: u16, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
        let mut request = format!("{method} {target} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            request.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(format!("{request}\r\n").as_bytes()).unwrap();
        // Who refuses need not read it.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        (answer.split(' ').nth(1).unwrap_or("0").parse().unwrap(), answer.to_ascii_lowercase())
    }

    /// What the service serves is what was judged, or nothing: the operation of the path that it has seen, which this key opens.
    fn prove_pairs(&self) {
        let (catalog, key) = (Catalog::appwrite(), ("X-Appwrite-Key", self.second.as_str()));
        let (status, answer) = self.ask("GET", "/v1/databases/main", &[key]);
        assert!(status == 200 && answer.contains("serves: databases.get\r\n"), "{answer}");
        for (method, target) in pairs() {
            let (status, answer) = self.ask(method, target, &[key]);
            if let Some((_, served)) = answer.split_once("serves: ") {
                let (_, seen) = answer.split_once("\r\n\r\n").unwrap();
                let path = seen.split([' ', '?']).nth(1).unwrap();
                let judged: Vec<String> = catalog.operations_at(method, path).map(|one| one.id.to_ascii_lowercase()).collect();
                let is_open = catalog
                    .operations_at(method, path)
                    .all(|one| one.scopes.iter().flat_map(|all| &all.0).any(|scope| scope.as_str() == "databases.read"));
                assert!(judged.iter().any(|one| one == served.trim()) && is_open, "{method} {target} as {path}: {answer}");
                assert!(!answer.contains("_method"), "{answer}");
            } else {
                assert!(matches!(status, 400 | 403 | 404), "{method} {target}: {answer}");
            }
            // Scopewise itself refuses each of them, however a gateway cleans it.
            let asked = [key, ("X-Forwarded-Method", method), ("X-Forwarded-Uri", target)];
            let (status, answer) = self.send(self.scopewise, "GET", "/v1/forward-auth/caddy/project=shop", &asked, b"");
            assert_eq!(status, 403, "{method} {target}: {answer}");
        }
    }

    /// No header of a client makes the service read another method, path, key or project than the one that was judged.
    fn prove_headers(&self) {
        let key = ("X-Appwrite-Key", self.key.as_str());
        for (name, value) in [
            ("X-HTTP-Method-Override", "DELETE"),
            ("X-HTTP-Method", "DELETE"),
            ("X-Method-Override", "DELETE"),
            ("X_HTTP_Method_Override", "DELETE"),
            ("X.HTTP.Method.Override", "DELETE"),
            ("X-Original-URL", "/v1/forged"),
            ("X-Rewrite-URL", "/v1/forged"),
            ("X-Original-URI", "/v1/forged"),
            ("X-Forwarded-Uri", "/v1/forged"),
            ("X_Scopewise_Key_Id", "forged"),
            ("X.Scopewise.Key.Id", "forged"),
            ("X-Scopewise_Scopes", "forged"),
            ("X_Appwrite_Project", "forged"),
            ("X-Appwrite.Key", "forged"),
            ("X_Original_URL", "/v1/forged"),
        ] {
            let (status, answer) = self.ask("GET", "/v1/users/42", &[key, (name, value)]);
            let (_, seen) = answer.split_once("\r\n\r\n").unwrap_or_default();
            let is_clean = seen.contains("serves: users.get\r\n") && !seen.contains("forged") && !seen.contains("override");
            assert!(is_clean || matches!(status, 400 | 403) && !answer.contains("serves: "), "{name}: {answer}");
        }
    }

    /// What every gateway has to do. `cleans`: it normalizes paths itself.
    fn prove(mut self, cleans: bool) {
        let key = ("X-Appwrite-Key", self.key.as_str());
        let forged = ("X-Scopewise-Key-Id", "forged");
        let (status, answer) = self.ask("GET", "/v1/users?limit=1", &[key, forged]);
        assert_eq!(status, 200, "{answer}");
        for line in [
            "get /v1/users?limit=1 http/1.",
            "x-scopewise-key-id: ci\r\n",
            "x-scopewise-project-id: shop\r\n",
            "x-scopewise-scopes: users.read\r\n",
        ] {
            assert!(answer.contains(line), "{line} is missing in {answer}");
        }
        assert!(!answer.contains("forged"), "{answer}");
        let bearer = format!("Bearer {}", self.key);
        assert_eq!(self.ask("GET", "/v1/users/42", &[("Authorization", &bearer)]).0, 200);

        let (status, answer) = self.ask("DELETE", "/v1/users/42", &[key, ("X-Forwarded-For", "203.0.113.77")]);
        assert_eq!(status, 403, "{answer}");
        assert!(
            answer.contains(r#"www-authenticate: bearer realm="scopewise", error="insufficient_scope", scope="users.write""#),
            "{answer}"
        );
        let (status, answer) = self.ask("GET", "/v1/users", &[]);
        assert!(status == 401 && answer.contains(r#"www-authenticate: bearer realm="scopewise""#), "{answer}");
        for wrong in [self.other.as_str(), "nonsense", "standard_00"] {
            let (status, answer) = self.ask("GET", "/v1/users", &[("X-Appwrite-Key", wrong)]);
            assert!(status == 401 && answer.contains(r#"error="invalid_token""#), "{answer}");
        }

        self.prove_pairs();
        self.prove_headers();
        // What a client asks with is its own affair, also where it looks like a setting: Appwrite's address of a file.
        let (status, answer) = self.ask("GET", "/v1/users?project=shop", &[key]);
        assert!(status == 200 && answer.contains("serves: users.list\r\n"), "{answer}");
        let second = ("X-Appwrite-Key", self.second.as_str());
        let (status, answer) = self.send(self.gateway.number(), "POST", "/v1/users", &[second], &vec![b'x'; 2 * 1024 * 1024]);
        assert!(status == 200 && answer.contains("serves: users.create\r\n"), "a body of 2 MB: {answer}");

        let closed = |method: &str, target: &str, added: &[(&str, &str)]| {
            let (status, answer) = self.ask(method, target, &[&[key], added].concat());
            assert!(matches!(status, 400 | 401 | 403) && !answer.contains("serves: "), "{method} {target}: {answer}");
        };
        closed("GET", "/reports", &[]);
        closed("OPTIONS", "/v1/users", &[]);
        for target in [
            "/v1//users",
            "/v1/x/../users",
            "/v1/%2e%2e/v1/users",
            "/v1/x%2f..%2fusers",
            "/v1/%75sers",
            "/v1/%252e%252e/users",
            "/v1/users;x",
        ] {
            // Or else the gateway has put the path in order before it asked, and the service sees that one.
            let (status, answer) = self.ask("GET", target, &[key]);
            let in_order = cleans && status == 200 && answer.contains("\r\n\r\nget /v1/users http/1.1\r\n");
            assert!(in_order || matches!(status, 400 | 403) && !answer.contains("serves: "), "GET {target}: {answer}");
        }
        // A client names another method, path, project or scope than its own.
        for added in [
            [("X-Forwarded-Uri", "/v1/users"), ("X-Forwarded-Method", "GET")],
            [("X-Original-URI", "/v1/users"), ("X-Original-Method", "GET")],
        ] {
            closed("DELETE", "/v1/users/42", &added);
        }
        closed("DELETE", "/v1/users/42?scope=users.read", &[]);
        closed("DELETE", "/v1/users/42?project=shop&scope=users.read", &[]);
        closed("GET", "/v1/users", &[("X-Appwrite-Key", &self.other)]);
        assert_eq!(self.ask("GET", "/v1/users", &[key, ("X-Appwrite-Project", "other")]).0, 401);

        // The first refusal was logged, and not with the address that the client made up.
        let server = &mut self.running.last_mut().unwrap().0;
        assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
        server.wait().unwrap();
        let database = rusqlite::Connection::open(self.place.path("test.db")).unwrap();
        let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert!(count("SELECT count(*) FROM audit WHERE outcome = 'refused' AND ip <> ''") > 0);
        assert_eq!(count("SELECT count(*) FROM audit WHERE ip = '203.0.113.77'"), 0);
    }
}

/// nginx with this server.
pub fn nginx(folder: &Path, server: &str) -> Command {
    let at = |name: &str| folder.join(name).display().to_string();
    let temporary: String =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|kind| format!("{kind}_temp_path {};\n", at(kind))).concat();
    let text = format!(
        "daemon off; master_process off; pid {}; error_log {};\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{server}}}\n",
        at("nginx.pid"),
        at("error.log"),
    );
    fs::write(folder.join("nginx.conf"), text).unwrap();
    let mut command = Command::new("nginx");
    command.args(["-e", "stderr", "-c"]).arg(folder.join("nginx.conf")).stdin(Stdio::null());
    command
}

#[test]
fn nginx_asks_as_the_documentation_says() {
    if is_missing("nginx") {
        return;
    }
    let world = World::new(|folder, gateway, scopewise, service| {
        let server = block("nginx", &[(8080, gateway), (8420, scopewise), (3000, service)]);
        nginx(folder, &server)
    });
    world.prove(false);
}

#[test]
fn caddy_asks_as_the_documentation_says() {
    if is_missing("caddy") {
        return;
    }
    let world = World::new(|folder, gateway, scopewise, service| {
        let site = block("Caddy", &[(8080, gateway), (8420, scopewise), (3000, service)]);
        fs::write(folder.join("Caddyfile"), format!("{{\n\tadmin off\n}}\n{site}")).unwrap();
        let mut command = Command::new("caddy");
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(folder.join("Caddyfile"));
        command.env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
        command
    });
    world.prove(false);
}

#[test]
fn traefik_asks_as_the_documentation_says() {
    if is_missing("traefik") {
        return;
    }
    let world = World::new(|folder, gateway, scopewise, service| {
        let file = folder.join("traefik.yaml");
        fs::write(&file, block("Traefik", &[(8420, scopewise), (3000, service)])).unwrap();
        let mut command = Command::new("traefik");
        command.arg(format!("--entrypoints.web.address=127.0.0.1:{gateway}"));
        command.arg(format!("--providers.file.filename={}", file.display()));
        command.args(["--providers.file.watch=false", "--global.checknewversion=false", "--global.sendanonymoususage=false"]);
        command
    });
    world.prove(true);
}

#[test]
fn envoy_asks_as_the_documentation_says() {
    if is_missing("envoy") {
        return;
    }
    let world = World::new(|folder, gateway, scopewise, service| {
        let file = folder.join("envoy.yaml");
        fs::write(&file, block("Envoy", &[(8080, gateway), (8420, scopewise), (3000, service)])).unwrap();
        let mut command = Command::new("envoy");
        command.args(["--disable-hot-restart", "--concurrency", "1", "--config-path"]).arg(file);
        command
    });
    world.prove(false);
}
