//! The metrics for operators: on a separate address, correct, in the Prometheus format, and without any data of a key.

use std::{collections::BTreeMap, net::TcpListener, process::Stdio};

use super::server::{Server, Site, Wire};
use crate::port::Port;

fn serve(site: &Site, metrics: &str) -> Server {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--log", "off", "--trusted-proxy", "127.0.0.1", "--metrics-listen", metrics];
    Server::spawn(site.command(&arguments).stderr(Stdio::null()))
}

/// The page, and its samples by name and labels.
fn scrape(address: &str) -> (String, BTreeMap<String, f64>) {
    let mut wire = Wire::open(address).unwrap();
    wire.write(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let answer = wire.answer().unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.head.contains("content-type: text/plain; version=0.0.4"), "{}", answer.head);
    let mut samples = BTreeMap::new();
    let mut family = String::new();
    for line in answer.body.lines() {
        if let Some(declared) = line.strip_prefix("# TYPE ") {
            family = declared.split(' ').next().unwrap().to_owned();
            assert!(answer.body.contains(&format!("# HELP {family} ")), "{line}");
        } else if !line.starts_with("# HELP ") {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with(&family), "{line} appears under {family}");
            assert!(samples.insert(name.to_owned(), value.parse().unwrap()).is_none(), "{line} appears twice");
        }
    }
    (answer.body, samples)
}

#[test]
fn metrics_count_requests_and_contain_nothing_about_keys() {
    let site = Site::sqlite();
    let writer = site.set_up();
    let port = Port::reserve();
    let metrics = port.address().to_string();
    let server = serve(&site, &metrics);
    let mut wire = server.connect();
    for n in 0..3 {
        let body = format!(r#"{{"keyId":"private-{n}","name":"n","scopes":["rows.read"]}}"#);
        assert_eq!(wire.ask("POST", "/v1/project/keys", &writer, &body).unwrap().status, 201);
        assert_eq!(wire.ask("GET", &format!("/v1/project/keys/private-{n}"), &writer, "").unwrap().status, 200);
    }
    assert_eq!(wire.ask("GET", "/v1/project/keys", "standard_made_up", "").unwrap().status, 401);
    assert_eq!(wire.ask("GET", "/v1/not-a-route-7f3a", &writer, "").unwrap().status, 404);
    // A request from a gateway, with a method that the client invented.
    assert_eq!(wire.ask("BREW7F3A", "/v1/keys/forward-auth", &writer, "").unwrap().status, 403);

    let (page, samples) = scrape(&metrics);
    let requests = |route: &str, method: &str, status: &str| {
        samples[&format!(r#"scopewise_http_requests_total{{route="{route}",method="{method}",status="{status}"}}"#)]
    };
    assert_eq!(requests("/v1/project/keys", "POST", "2xx"), 3.0);
    assert_eq!(requests("/v1/project/keys", "GET", "4xx"), 1.0);
    assert_eq!(requests("/v1/project/keys/{keyId}", "GET", "2xx"), 3.0);
    assert_eq!(requests("/v1/keys/forward-auth", "other", "4xx"), 1.0);
    assert_eq!(requests("other", "GET", "4xx"), 1.0);
    for (name, value) in [
        (r#"scopewise_http_request_duration_seconds_count{route="/v1/project/keys"}"#, 4.0),
        (r#"scopewise_http_request_duration_seconds_bucket{route="/v1/project/keys",le="+Inf"}"#, 4.0),
        (r#"scopewise_errors_total{type="user_unauthorized"}"#, 1.0),
        (r#"scopewise_errors_total{type="general_route_not_found"}"#, 1.0),
        ("scopewise_unknown_keys_total", 1.0),
        ("scopewise_database_up", 1.0),
        (concat!(r#"scopewise_build_info{version=""#, env!("CARGO_PKG_VERSION"), r#""}"#), 1.0),
    ] {
        assert_eq!(samples.get(name), Some(&value), "{name} in {page}");
    }
    let buckets: Vec<f64> = page
        .lines()
        .filter_map(|line| line.strip_prefix(r#"scopewise_http_request_duration_seconds_bucket{route="/v1/project/keys","#))
        .map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap())
        .collect();
    assert!(buckets.len() == 13 && buckets.is_sorted(), "{buckets:?}");
    assert!(samples["scopewise_database_file_bytes"] > 4096.0 && samples["process_start_time_seconds"] > 1.7e9, "{page}");
    for private in ["private", "shop", &writer, "made_up", "7f3a", "7F3A", "127.0.0.1"] {
        assert!(!page.contains(private), "{private} is in {page}");
    }
}

#[test]
fn metrics_are_not_on_the_public_address() {
    let site = Site::sqlite();
    let port = Port::reserve();
    let (server, metrics) = (site.serve(), port.address().to_string());
    assert!(Wire::open(&metrics).is_err());
    let get = |address: &str, path: &str| {
        let mut wire = Wire::open(address).unwrap();
        wire.write(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").as_bytes()).unwrap();
        wire.answer().unwrap()
    };
    assert!(!get(&server.address, "/metrics").body.contains("scopewise_http"));
    drop(server);
    let server = serve(&site, &metrics);
    assert!(!get(&server.address, "/metrics").body.contains("scopewise_http"));
    // The API is not on the metrics address.
    assert_eq!(get(&metrics, "/v1/ping").status, 404);
    assert_eq!(get(&metrics, "/").status, 404);
}

#[test]
fn an_address_in_use_is_reported_with_its_option() {
    let site = Site::sqlite();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = site.command(&["serve", "--listen", "127.0.0.1:0", "--metrics-listen", &address]).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains("in use") && stderr.contains("--metrics-listen"), "{stderr}");
    let output = site.command(&["serve", "--listen", &address]).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains("with --listen"), "{stderr}");
}
