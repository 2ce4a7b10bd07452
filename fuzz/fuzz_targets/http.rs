//! Any request to the server: a line with method and path, lines with headers, an empty line, a body. `KEY` in a header is an API key
//! that holds every scope. No answer is a fault of the server, and every answer has a type.
#![no_main]

use std::sync::{Arc, OnceLock};

use axum::{body::Body, http::Request};
use libfuzzer_sys::fuzz_target;
use scopewise::{
    scope::{Catalog, DateTime, Tier},
    server::{
        App, Caller,
        clock::FixedClock,
        http::Interface,
        random::SeededRandom,
        service::{KeyInput, create_key, create_project},
        store::{Store, sqlite::SqliteStore},
    },
};
use tokio::runtime::{Builder, Runtime};

struct Server {
    runtime: Runtime,
    interface: Interface,
    secret: String,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let folder = std::env::temp_dir().join(format!("scopewise-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let now: DateTime = "2026-08-21T12:00:00.000+00:00".parse().unwrap();
        let (interface, secret) = runtime.block_on(async {
            let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.join("fuzz.db")).unwrap());
            let (clock, random) = (Arc::new(FixedClock::new(now)), Arc::new(SeededRandom::new(1)));
            let (catalog, caller) = (Catalog::appwrite(), Caller::command_line());
            create_project(store.as_ref(), clock.as_ref(), random.as_ref(), "demo", "Demo", &caller).await.unwrap();
            let scopes: Vec<String> = catalog.scopes().iter().filter(|scope| scope.tiers.contains(&Tier::Project)).map(|scope| scope.id.to_string()).collect();
            let input = KeyInput { name: "Fuzz", description: None, scopes: &scopes, expire: None };
            let key = create_key(store.as_ref(), clock.as_ref(), random.as_ref(), catalog, Some("demo"), "fuzz", input).await.unwrap();
            (Interface::new(&App::new(store, clock, random, None).unwrap()), key.secret)
        });
        Server { runtime, interface, secret }
    })
}

fuzz_target!(|data: &[u8]| {
    let server = server();
    let end = data.windows(2).position(|pair| pair == b"\n\n").unwrap_or(data.len());
    let Ok(head) = std::str::from_utf8(&data[..end]) else { return };
    let mut lines = head.lines();
    let Some((method, uri)) = lines.next().and_then(|line| line.split_once(' ')) else { return };
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value.replace("KEY", &server.secret));
    }
    let body = data.get(end + 2..).unwrap_or_default().to_vec();
    let Ok(request) = request.body(Body::from(body)) else { return };
    let response = server.runtime.block_on(server.interface.answer(request, None));
    let status = response.status();
    assert!(!status.is_server_error() || status.as_u16() == 501, "{status}");
    assert!(response.headers().contains_key("content-type"), "{status} has no type");
});
