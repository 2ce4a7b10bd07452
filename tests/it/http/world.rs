//! The server of a test: an in-process interface on a database file for this test, with a clock that stands still and seeded randomness.
//! A client is an identity: a guest, a console session, an API key.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode},
    response::Response,
};
use scopewise::{
    scope::{Catalog, DateTime},
    server::{
        App,
        clock::{Clock, FixedClock},
        config::{DatabaseUrl, PublicUrl},
        http::Interface,
        random::SeededRandom,
        store::{self, PostgresStore, Store, sqlite::SqliteStore},
    },
};
use serde_json::{Value, json};

use crate::{place::Place, postgres::Database};

pub const HOST: &str = "127.0.0.1:8420";
pub const EMAIL: &str = "ada@example.com";
pub const PASSWORD: &str = "correct horse battery";
pub const NOW: &str = "2026-08-21T12:00:00.000+00:00";

/// A secret in the contract's form that belongs to no key.
pub fn foreign_secret(seed: u32) -> String {
    format!("standard_{}", format!("{seed:08x}").repeat(32))
}

/// Set to `postgres`, the whole HTTP suite runs on PostgreSQL: scripts/test runs it on both stores.
const STORE: &str = "SCOPEWISE_TEST_STORE";

/// Whether this run is on PostgreSQL.
pub fn on_postgres() -> bool {
    std::env::var(STORE).as_deref() == Ok("postgres")
}

/// A server with nothing in it.
pub struct World {
    pub app: Arc<App>,
    pub store: Arc<dyn Store>,
    pub clock: Arc<FixedClock>,
    pub folder: PathBuf,
    url: DatabaseUrl,
    interface: Interface,
    /// What clients ask for.
    host: String,
    /// Dropped last.
    database: Option<Database>,
    _place: Place,
}

impl World {
    /// A server before its set-up.
    pub fn empty() -> Self {
        Self::with_public_url(None)
    }

    pub fn with_public_url(public_url: Option<&str>) -> Self {
        Self::new(public_url, |store| store)
    }

    /// A server on a store that something is put around.
    pub fn with_store(wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>) -> Self {
        Self::new(None, wrap)
    }

    /// A server with a custom catalog, on a wrapped store.
    pub fn with_catalog(catalog: &'static Catalog, wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>) -> Self {
        Self::build(None, catalog, wrap)
    }

    fn new(public_url: Option<&str>, wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>) -> Self {
        Self::build(public_url, Catalog::appwrite(), wrap)
    }

    fn build(public_url: Option<&str>, catalog: &'static Catalog, wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>) -> Self {
        let home = Place::new("http");
        let folder = home.path("");
        let (url, database) = place(&folder);
        let store = wrap(opened(&url));
        let clock = Arc::new(FixedClock::new(NOW.parse().unwrap()));
        let public_url = public_url.map(|url| url.parse::<PublicUrl>().unwrap());
        let host = public_url.as_ref().map(|url| url.authority().to_owned());
        let app = App::with_catalog(store.clone(), clock.clone(), Arc::new(SeededRandom::new(1)), public_url, catalog).unwrap();
        let host = host.unwrap_or_else(|| HOST.to_owned());
        Self { interface: Interface::new(&app), app, store, clock, folder, url, host, database, _place: home }
    }

    /// The URL of its database, for another process.
    pub fn database(&self) -> DatabaseUrl {
        self.url.clone()
    }

    /// A server with an account, whose session is the second part, and the project `shop`.
    pub async fn ready() -> (Self, Client) {
        let world = Self::empty();
        let owner = world.set_up().await;
        let made = owner.post("/v1/organization/projects", json!({ "projectId": "shop", "name": "Shop" })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        (world, owner.on("shop"))
    }

    /// Makes the first account through the set-up link.
    pub async fn set_up(&self) -> Client {
        let token = self.app.new_setup_token().await.unwrap();
        let body = json!({ "token": token.expose(), "email": EMAIL, "password": PASSWORD, "name": "Ada" });
        let answer = self.anonymous().post("/v1/setup", body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        self.anonymous().with("cookie", &answer.cookie())
    }

    /// Another server on the same database, with a store of its own.
    pub fn replica(&self, store: Arc<dyn Store>) -> Interface {
        self.replica_with_seed(store, 2)
    }

    /// Another server with random values of its own: the others make the same, such as the ids of their requests.
    pub fn replica_with_seed(&self, store: Arc<dyn Store>, seed: u64) -> Interface {
        Interface::new(&App::new(store, self.clock.clone(), Arc::new(SeededRandom::new(seed)), None).unwrap())
    }

    /// Runs a statement on the database, as an operator would by hand: the first column of each row, or the error of the database.
    pub fn query(&self, sql: &str) -> Result<Vec<String>, String> {
        match self.url.clone() {
            DatabaseUrl::Sqlite { path } => {
                let connection = rusqlite::Connection::open(path).unwrap();
                let read = |sql: &str| {
                    let mut statement = connection.prepare(sql)?;
                    let rows = statement.query_map([], |row| Ok(format!("{:?}", row.get_ref(0)?)))?;
                    rows.collect::<rusqlite::Result<Vec<_>>>()
                };
                read(sql).map_err(|error| error.to_string())
            }
            DatabaseUrl::Postgres(_) => {
                let (url, sql) = (self.database.as_ref().unwrap().url(), sql.to_owned());
                let asked = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(crate::postgres::texts(&url, &sql)).map_err(|error| format!("{error:?}"))
                });
                asked.join().unwrap()
            }
        }
    }

    /// A client without any credential.
    pub fn anonymous(&self) -> Client {
        Client::of(self.interface.clone()).with("host", &self.host)
    }

    pub fn now(&self) -> DateTime {
        self.clock.now()
    }

    /// Every byte of the database, its log included.
    pub fn database_bytes(&self) -> Vec<u8> {
        if on_postgres() {
            let tables = ["accounts", "sessions", "recovery_codes", "setup", "projects", "keys", "key_secrets", "dev_keys", "audit"];
            return tables
                .iter()
                .flat_map(|table| self.query(&format!("SELECT t::text FROM {table} t")).unwrap())
                .flat_map(String::into_bytes)
                .collect();
        }
        let files = std::fs::read_dir(&self.folder).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

/// An empty database of its own, with its schema. Made on a thread with a runtime of its own, so that a test need not wait for it.
fn place(folder: &Path) -> (DatabaseUrl, Option<Database>) {
    if !on_postgres() {
        return (DatabaseUrl::Sqlite { path: folder.join("test.db") }, None);
    }
    std::fs::create_dir_all(folder).unwrap();
    let made = std::thread::spawn(|| {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let database = Database::new().await.expect("there is a PostgreSQL server, since SCOPEWISE_TEST_STORE asks for it");
            let url: DatabaseUrl = database.url().parse().unwrap();
            store::open(&url).await.unwrap();
            (url, Some(database))
        })
    });
    made.join().unwrap()
}

/// The store on a database whose schema is there.
fn opened(url: &DatabaseUrl) -> Arc<dyn Store> {
    match url {
        DatabaseUrl::Sqlite { path } => Arc::new(SqliteStore::open(path).unwrap()),
        DatabaseUrl::Postgres(url) => {
            let store = PostgresStore::connect(url).unwrap();
            // As a server does: without it, PostgreSQL's store keeps nothing in memory.
            store.read_ahead(1 << 22);
            Arc::new(store)
        }
    }
}

/// A client that sends requests.
#[derive(Clone)]
pub struct Client {
    interface: Interface,
    headers: Vec<(String, String)>,
    peer: SocketAddr,
}

impl Client {
    /// A client of an interface, without any credential; it asks for [`HOST`].
    pub fn of(interface: Interface) -> Self {
        Self { interface, headers: vec![("host".to_owned(), HOST.to_owned())], peer: SocketAddr::from(([192, 0, 2, 1], 40_000)) }
    }

    /// The same client with one more header; an earlier one of that name goes.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.without(name);
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same client with one more header, also where it has one of that name.
    pub fn also(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    pub fn without(&self, name: &str) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(found, _)| found != name);
        client
    }

    /// The same client at another address.
    pub fn at(&self, ip: [u8; 4]) -> Self {
        Self { peer: SocketAddr::from((ip, 40_000)), ..self.clone() }
    }

    /// The same client at another address, as text.
    pub fn from(&self, ip: &str) -> Self {
        Self { peer: SocketAddr::new(ip.parse().unwrap(), 40_000), ..self.clone() }
    }

    /// The session acts on a project.
    pub fn on(&self, project: &str) -> Self {
        self.with("x-appwrite-project", project).with("x-appwrite-mode", "admin")
    }

    /// The same client, at another server.
    pub fn at_interface(&self, interface: &Interface) -> Self {
        Self { interface: interface.clone(), ..self.clone() }
    }

    /// What it sends with each request, and where to.
    pub fn parts(&self) -> (&Interface, &[(String, String)]) {
        (&self.interface, &self.headers)
    }

    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// A client with an API key of `shop` alone.
    pub fn holding(&self, secret: &str) -> Self {
        self.without("cookie").without("x-appwrite-mode").with("x-appwrite-project", "shop").with("x-appwrite-key", secret)
    }

    /// Makes a key in the project of this client; the answer has its secret.
    pub async fn make_key(&self, id: &str, scopes: &[&str]) -> Value {
        let answer = self.post("/v1/project/keys", json!({ "keyId": id, "name": id, "scopes": scopes })).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body
    }

    /// Makes a key and is its holder.
    pub async fn key(&self, id: &str, scopes: &[&str]) -> Self {
        self.holding(self.make_key(id, scopes).await["secret"].as_str().unwrap())
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, b"").await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PUT, path, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PATCH, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, b"").await
    }

    pub async fn json(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(method, path, Some("application/json"), body.to_string().as_bytes()).await
    }

    pub async fn send(&self, method: Method, path: &str, content_type: Option<&str>, body: &[u8]) -> Answer {
        self.stream(method, path, content_type, Body::from(body.to_vec())).await
    }

    /// Sends a body that may still be on its way.
    pub async fn stream(&self, method: Method, path: &str, content_type: Option<&str>, body: Body) -> Answer {
        let (parts, body) = self.unread(method, path, content_type, body).await.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
    }

    /// An answer whose body is not read yet.
    pub async fn unread(&self, method: Method, path: &str, content_type: Option<&str>, body: Body) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            // Not every value is ASCII.
            request = request.header(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        self.interface.answer(request.body(body).unwrap(), Some(self.peer.ip())).await
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Answer {
    /// The body, after making sure of the status.
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    /// Makes sure that it is this error, in the contract's format. Returns the message.
    pub fn refused(self, status: u16, kind: &str) -> String {
        assert_eq!((self.status.as_u16(), self.body["type"].as_str()), (status, Some(kind)), "{}", self.text);
        assert_eq!((&self.body["code"], &self.body["version"]), (&json!(status), &json!("1.9.6")), "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/json; charset=UTF-8");
        let message = self.body["message"].as_str().unwrap();
        assert!(message.ends_with('.') && message.len() > 10, "{message}");
        message.to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The cookie that the answer sets, as a request sends it.
    pub fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }
}
