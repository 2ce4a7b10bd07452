//! The gateways of docs/gateways.md: real nginx, Caddy, Traefik and Envoy, with the configuration as it stands there.
//!
//! Where one of the programs is missing, its test says so and passes, unless `CI` is set.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

const PAGE: &str = include_str!("../../docs/gateways.md");

/// Processes that end with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder, a Scopewise server with the project `shop`, a service, and a gateway in front of it.
struct World {
    folder: PathBuf,
    gateway: u16,
    key: String,
    other: String,
    running: Vec<Running>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.running.clear();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn is_missing(program: &str) -> bool {
    let missing = Command::new(program).arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err();
    assert!(!missing || std::env::var_os("CI").is_none(), "{program} is missing: scripts/setup test installs it");
    if missing {
        crate::place::tell(&format!("{program} is missing: nothing was tested with it"));
    }
    missing
}

/// The one block below this heading, with the ports of this test in it: gateway, Scopewise, service.
fn block(heading: &str, ports: &[(u16, u16)]) -> String {
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

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A service that answers each request with the request itself.
fn echo() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut head = String::new();
                let mut reader = BufReader::new(&stream);
                while reader.read_line(&mut head).is_ok_and(|read| read > 2) {}
                let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{head}", head.len());
                let _ = (&stream).write_all(answer.as_bytes());
            });
        }
    });
    port
}

fn scopewise(folder: &Path, arguments: &[&str]) -> Command {
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
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("scopewise-gateway-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        let mut keys = ["shop", "other"].into_iter().map(|project| {
            made(&folder, &["project", "create", "--id", project, "--name", project]);
            let key = made(&folder, &["key", "create", "--project", project, "--name", "ci", "--id", "ci", "--scope", "users.read"]);
            key["secret"].as_str().unwrap().to_owned()
        });
        let (key, other) = (keys.next().unwrap(), keys.next().unwrap());
        let serve = ["serve", "--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1"];
        let mut server = Running(scopewise(&folder, &serve).stdout(Stdio::piped()).spawn().unwrap());
        let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| line.unwrap().split_once("127.0.0.1:")?.1.split(' ').next()?.parse::<u16>().ok()).unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        let gateway = free_port();
        let mut command = start(&folder, gateway, port, echo());
        let program = Running(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let world = Self { folder, gateway, key, other, running: vec![program, server] };
        // Some gateways listen before they have read their configuration.
        let (begun, ready) =
            (Instant::now(), || TcpStream::connect(("127.0.0.1", gateway)).is_ok() && world.ask("GET", "/v1/users", &[]).0 == 401);
        while !ready() {
            assert!(begun.elapsed() < Duration::from_secs(30), "the gateway asks nobody");
            std::thread::yield_now();
        }
        world
    }

    /// The status and the whole text of the answer.
    fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let mut request = format!("{method} {target} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\n", self.gateway);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(("127.0.0.1", self.gateway)).unwrap();
        stream.write_all(format!("{request}\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer.to_ascii_lowercase())
    }

    /// What every gateway has to do. `cleans`: it puts paths in order by itself.
    fn prove(mut self, cleans: bool) {
        let key = ("X-Appwrite-Key", self.key.as_str());
        let forged = ("X-Scopewise-Key-Id", "forged");
        let (status, told) = self.ask("GET", "/v1/users?limit=1", &[key, forged]);
        assert_eq!(status, 200, "{told}");
        for line in [
            "get /v1/users?limit=1 http/1.",
            "x-scopewise-key-id: ci\r\n",
            "x-scopewise-project-id: shop\r\n",
            "x-scopewise-scopes: users.read\r\n",
        ] {
            assert!(told.contains(line), "{line} is missing in {told}");
        }
        assert!(!told.contains("forged"), "{told}");
        let bearer = format!("Bearer {}", self.key);
        assert_eq!(self.ask("GET", "/v1/users/42", &[("Authorization", &bearer)]).0, 200);

        let (status, told) = self.ask("DELETE", "/v1/users/42", &[key, ("X-Forwarded-For", "203.0.113.77")]);
        assert_eq!(status, 403, "{told}");
        assert!(told.contains(r#"www-authenticate: bearer realm="scopewise", error="insufficient_scope", scope="users.write""#), "{told}");
        let (status, told) = self.ask("GET", "/v1/users", &[]);
        assert!(status == 401 && told.contains(r#"www-authenticate: bearer realm="scopewise""#), "{told}");
        for wrong in [self.other.as_str(), "nonsense", "standard_00"] {
            let (status, told) = self.ask("GET", "/v1/users", &[("X-Appwrite-Key", wrong)]);
            assert!(status == 401 && told.contains(r#"error="invalid_token""#), "{told}");
        }

        let closed = |method: &str, target: &str, added: &[(&str, &str)]| {
            let (status, told) = self.ask(method, target, &[&[key], added].concat());
            assert!(matches!(status, 400 | 401 | 403) && !told.contains("x-scopewise-key-id"), "{method} {target}: {told}");
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
            let (status, told) = self.ask("GET", target, &[key]);
            let in_order = cleans && status == 200 && told.contains("\r\n\r\nget /v1/users http/1.1\r\n");
            assert!(in_order || matches!(status, 400 | 403) && !told.contains("x-scopewise-key-id"), "GET {target}: {told}");
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
        // Or else the service is told the project that was judged.
        let (status, told) = self.ask("GET", "/v1/users", &[key, ("X-Appwrite-Project", "other")]);
        let told_ours = status == 200 && told.contains("x-appwrite-project: shop\r\n") && !told.contains("other");
        assert!(told_ours || status == 401, "{told}");

        // The first refusal was logged, and not with the address that the client made up.
        let server = &mut self.running.last_mut().unwrap().0;
        assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
        server.wait().unwrap();
        let database = rusqlite::Connection::open(self.folder.join("test.db")).unwrap();
        let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert!(count("SELECT count(*) FROM audit WHERE outcome = 'refused' AND ip <> ''") > 0);
        assert_eq!(count("SELECT count(*) FROM audit WHERE ip = '203.0.113.77'"), 0);
    }
}

#[test]
fn nginx_asks_as_the_documentation_says() {
    if is_missing("nginx") {
        return;
    }
    let world = World::new(|folder, gateway, scopewise, service| {
        let server = block("nginx", &[(8080, gateway), (8420, scopewise), (3000, service)]);
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
        command.args(["-e", "stderr", "-c"]).arg(folder.join("nginx.conf"));
        command
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
