//! A gateway enforces an imported OpenAPI file. The test imports tests/gateways/harbor.yaml and starts nginx, configured as in
//! docs/gateways.md, in front of a service that reads paths loosely. It sends a request for each operation with each set of scopes, and
//! expects exactly the answers that the document allows.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    gateways::{Running, SERVICE, block, is_missing, scopewise},
    patience::Patience,
    place::Place,
    port::Port,
};

const SCOPES: [&str; 4] = ["ships:read", "ships:write", "cargo:read", "crew:admin"];

/// What the document says of an operation.
enum Needs {
    Nothing,
    AnyKey,
    /// Any one of these sets.
    Scopes(&'static [&'static [&'static str]]),
    /// It says nothing.
    Unsaid,
}

impl Needs {
    fn are_met(&self, key: Option<&[&str]>) -> bool {
        match (self, key) {
            (Self::Nothing, _) | (Self::AnyKey, Some(_)) => true,
            (Self::Scopes(ways), Some(held)) => ways.iter().any(|way| way.iter().all(|scope| held.contains(scope))),
            (Self::AnyKey | Self::Scopes(_), None) | (Self::Unsaid, _) => false,
        }
    }
}

/// Each operation of the document, read by hand: id, a request for it, and what it needs.
const OPERATIONS: &[(&str, &str, &str, Needs)] = &[
    ("listShips", "GET", "/ships", Needs::Scopes(&[&["ships:read"]])),
    ("registerShip", "POST", "/ships", Needs::Scopes(&[&["ships:write"]])),
    ("getShip", "GET", "/ships/42", Needs::Scopes(&[&["ships:read"], &["crew:admin"]])),
    ("listLostShips", "GET", "/ships/lost", Needs::Scopes(&[&["crew:admin"]])),
    ("scuttleShip", "POST", "/ships/42:scuttle", Needs::Scopes(&[&["ships:write", "crew:admin"]])),
    ("findShip", "GET", "/ships/named(name='Ada')", Needs::Scopes(&[&["cargo:read"]])),
    ("exportCargo", "GET", "/ships/42/cargo/7.csv", Needs::Scopes(&[&["cargo:read", "ships:read"]])),
    ("getCargo", "GET", "/ships/42/cargo/7", Needs::Scopes(&[&["cargo:read"]])),
    ("getHealth", "GET", "/health", Needs::Nothing),
    ("whoAmI", "GET", "/whoami", Needs::AnyKey),
    ("readLogbook", "GET", "/logbook", Needs::Unsaid),
];

/// Requests that a lax service takes for some operation, or that are of no operation.
const ODD: &[(&str, &str)] = &[
    ("GET", "/ships/Lost"),
    ("GET", "/ships/LOST"),
    ("GET", "/ships/lost;x"),
    ("GET", "/ships/lost/"),
    ("GET", "/SHIPS"),
    ("GET", "/ships/NAMED(name='Ada')"),
    ("GET", "/ships/named(name='Ada');x"),
    ("POST", "/ships/42:SCUTTLE"),
    ("POST", "/ships/42:scuttle;x"),
    ("POST", "/ships/42:sink"),
    ("POST", "/ships/42"),
    ("GET", "/ships/42/cargo/7.csv;x"),
    ("GET", "/ships/42/cargo/7;a.csv"),
    ("GET", "/ships/42/CARGO/7.csv"),
    ("GET", "/ships/42/cargo/7%2ecsv"),
    ("DELETE", "/ships/42"),
    ("GET", "/Health"),
    ("GET", "/LOGBOOK"),
    ("GET", "/nothing"),
];

struct Harbor {
    gateway: Port,
    _running: Vec<Running>,
    /// The folder, dropped last.
    _place: Place,
}

fn output(folder: &Path, arguments: &[&str]) -> String {
    let output = scopewise(folder, arguments).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The first port of 127.0.0.1 that a program prints.
fn port_of(running: &mut Running) -> u16 {
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let port = |line: &str| {
        let rest = line.rsplit_once("127.0.0.1:").map_or(line, |(_, rest)| rest);
        rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse::<u16>().ok()
    };
    let port = lines.find_map(|line| port(&line.unwrap())).unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    port
}

impl Harbor {
    /// With a key for each of these sets of scopes.
    fn new(sets: &[Vec<&str>]) -> (Self, Vec<String>) {
        let place = Place::new("harbor");
        let folder = place.path("");
        let document = format!("{SERVICE}/harbor.yaml");
        output(&folder, &["catalog", "import", &document, "--several", "all", "-o", "catalog.json"]);
        let catalog = ["--catalog", "catalog.json"];
        output(&folder, &["project", "create", "--id", "shop", "--name", "Shop"]);
        let secrets = sets.iter().map(|scopes| {
            let mut arguments = vec!["key", "create", "--project", "shop", "--name", "k"];
            arguments.extend(scopes.iter().flat_map(|scope| ["--scope", scope]).chain(catalog));
            let key: serde_json::Value = serde_json::from_str(&output(&folder, &arguments)).unwrap();
            key["secret"].as_str().unwrap().to_owned()
        });
        let secrets = secrets.collect();
        let mut serve = scopewise(&folder, &["serve", "--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1"]);
        let mut server = Running(serve.args(catalog).stdout(Stdio::piped()).spawn().unwrap());
        let mut node = Command::new("node");
        node.arg("harbor.js").current_dir(SERVICE).stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::piped());
        let mut service = Running(node.spawn().unwrap());
        let gateway = Port::reserve();
        let ports = [(8080, gateway.number()), (8420, port_of(&mut server)), (3000, port_of(&mut service))];
        let nginx =
            Running(crate::gateways::nginx(&folder, &block("nginx", &ports)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let harbor = Self { gateway, _running: vec![service, nginx, server], _place: place };
        let patience = Patience::new();
        while TcpStream::connect(harbor.gateway.address()).is_err() || harbor.ask("GET", "/ships", None).0 != 401 {
            patience.or_fail("the gateway asks nobody");
            std::thread::yield_now();
        }
        (harbor, secrets)
    }

    /// The status, and the operation that the service served.
    fn ask(&self, method: &str, path: &str, secret: Option<&str>) -> (u16, Option<String>) {
        let key = secret.map(|secret| format!("x-appwrite-key: {secret}\r\n")).unwrap_or_default();
        let request =
            format!("{method} /api/v2{path} HTTP/1.1\r\nhost: harbor\r\nconnection: close\r\nx-appwrite-project: shop\r\n{key}\r\n");
        let mut stream = TcpStream::connect(("127.0.0.1", self.gateway.number())).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let served = answer.split_once("serves: ").and_then(|(_, rest)| Some(rest.split_once('\r')?.0.to_owned()));
        (answer.split(' ').nth(1).unwrap_or("0").parse().unwrap(), served)
    }
}

#[test]
fn nothing_opens_that_an_imported_document_does_not_open() {
    if is_missing("nginx") {
        return;
    }
    let sets: Vec<Vec<&str>> = (1..1_u32 << SCOPES.len())
        .map(|mask| (0..).zip(SCOPES).filter(|(at, _)| mask >> at & 1 == 1).map(|(_, scope)| scope).collect())
        .collect();
    let (harbor, secrets) = Harbor::new(&sets);
    let keys: Vec<(Option<&[&str]>, Option<&str>)> =
        sets.iter().zip(&secrets).map(|(scopes, secret)| (Some(scopes.as_slice()), Some(secret.as_str()))).chain([(None, None)]).collect();
    let needs = |id: &str| OPERATIONS.iter().find(|(own, ..)| *own == id).map(|(_, _, _, needs)| needs);
    let (mut opened, mut closed) = (0, 0);
    for (scopes, secret) in &keys {
        for (id, method, path, needs) in OPERATIONS {
            let (status, served) = harbor.ask(method, path, *secret);
            if needs.are_met(*scopes) {
                assert_eq!((status, served.as_deref()), (200, Some(*id)), "{scopes:?} {method} {path}");
                opened += 1;
            } else {
                assert!(
                    served.is_none() && status == if scopes.is_some() { 403 } else { 401 },
                    "{scopes:?} {method} {path}: {status} {served:?}"
                );
                closed += 1;
            }
        }
        // Whatever the service takes an odd request for, the document opens it to this key; or the gateway refuses.
        for (method, path) in ODD {
            let (status, served) = harbor.ask(method, path, *secret);
            let is_open = served.as_deref().is_none_or(|id| needs(id).is_some_and(|needs| needs.are_met(*scopes)));
            assert!(is_open && (served.is_some() || matches!(status, 401 | 403)), "{scopes:?} {method} {path}: {status} {served:?}");
        }
    }
    assert!(opened > 60 && closed > 60, "{opened} {closed}");
}
