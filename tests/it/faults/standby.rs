//! Servers that only read: a standby that lags behind, a primary that was demoted or became read-only, an old primary that returns.
//! None of them is used to check a key.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::Arc,
    thread,
};

use axum::http::StatusCode;
use scopewise::server::{
    App, SecretHash,
    clock::FixedClock,
    http::Interface,
    random::OsRandom,
    store::{self, NewKey, NewProject, Store, StoreError},
};

use crate::{
    http::world::Client,
    patience::Patience,
    postgres::{Cluster, execute},
    store::handle::Handle,
};

const NOW: &str = "2026-08-21T12:00:00Z";

/// A replica of the server, and its keys.
struct Shop {
    store: Arc<dyn Store>,
    clock: Arc<FixedClock>,
    client: Client,
    _app: Arc<App>,
}

impl Shop {
    async fn open(url: &str) -> Self {
        let store = store::open(&url.parse().unwrap()).await.unwrap();
        store.read_ahead(1 << 22);
        let clock = Arc::new(FixedClock::new(NOW.parse().unwrap()));
        let app = App::new(store.clone(), clock.clone(), Arc::new(OsRandom), None).unwrap();
        Self { store, clock, client: Client::of(Interface::new(&app)), _app: app }
    }

    async fn stock(&self, ids: &[&str]) {
        let project = NewProject { id: "shop".parse().unwrap(), name: "Shop".parse().unwrap(), created_at: NOW.parse().unwrap() };
        let handle = Handle(self.store.clone());
        handle.create_project(project).await.unwrap();
        for id in ids {
            let key = NewKey {
                project_id: "shop".to_owned(),
                id: id.parse().unwrap(),
                name: "Key".parse().unwrap(),
                description: String::new(),
                scopes: vec!["keys.read".parse().unwrap(), "keys.write".parse().unwrap()],
                secret: SecretHash::of(&secret(id)),
                hint: String::new(),
                expire: None,
                created_at: NOW.parse().unwrap(),
            };
            handle.create_key(key).await.unwrap();
        }
    }

    fn holder(&self, id: &str) -> Client {
        self.client.with("x-appwrite-project", "shop").with("x-appwrite-key", &secret(id))
    }

    /// 404 if the key may read keys, because no key has this id; 401 otherwise.
    async fn asked(&self, id: &str) -> StatusCode {
        self.holder(id).get("/v1/project/keys/absent").await.status
    }

    async fn ready(&self) -> StatusCode {
        self.clock.advance_seconds(2);
        self.client.get("/readyz").await.status
    }
}

fn secret(id: &str) -> String {
    format!("standard_{id}")
}

/// Retries until the statement succeeds.
async fn until(url: &str, sql: &str) {
    let patience = Patience::new();
    while execute(url, sql).await.is_err() {
        patience.or_fail(sql);
    }
}

fn holds(condition: &str) -> String {
    format!("DO $$ BEGIN ASSERT {condition}; END $$")
}

fn both(first: &Cluster, second: &Cluster) -> String {
    format!("postgres://scopewise@127.0.0.1:{},127.0.0.1:{}/postgres", first.port(), second.port())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_and_an_old_primary_are_never_used() {
    let Some(mut primary) = Cluster::start() else { return };
    let shop = Shop::open(&primary.url()).await;
    shop.stock(&["early", "late", "kept"]).await;
    let standby = primary.standby(60);
    // Committed changes have reached the standby, which applies them a minute later.
    execute(&primary.url(), "ALTER SYSTEM SET synchronous_standby_names = '*'").await.unwrap();
    execute(&primary.url(), "SELECT pg_reload_conf()").await.unwrap();
    until(&primary.url(), &holds("(SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync') = 1")).await;
    shop.holder("kept").delete("/v1/project/keys/early").await.ok(204);
    execute(&standby.url(), &holds("EXISTS (SELECT 1 FROM keys WHERE id = 'early')")).await.unwrap();

    // Alone, the standby is refused; with the primary, the primary is used.
    let error = store::open(&standby.url().parse().unwrap()).await.err().unwrap();
    assert!(matches!(error, StoreError::NotPrimary { .. }) && error.to_string().contains("only reads"), "{error}");
    let first = Shop::open(&both(&primary, &standby)).await;
    let last = Shop::open(&both(&standby, &primary)).await;
    for shop in [&first, &last] {
        assert_eq!((shop.asked("early").await.as_u16(), shop.asked("kept").await.as_u16(), shop.ready().await.as_u16()), (401, 404, 200));
    }
    primary.stop();
    for shop in [&first, &last] {
        for _ in 0..3 {
            assert_eq!(
                (shop.asked("early").await.as_u16(), shop.asked("kept").await.as_u16(), shop.ready().await.as_u16()),
                (503, 503, 503)
            );
        }
    }

    // A promoted standby is the primary.
    execute(&standby.url(), "SELECT pg_promote()").await.unwrap();
    for shop in [&first, &last] {
        assert_eq!((shop.asked("early").await.as_u16(), shop.asked("kept").await.as_u16(), shop.ready().await.as_u16()), (401, 404, 200));
    }

    // The old primary returns and accepts writes. A replica that has seen the new one does not go back.
    primary.run();
    last.holder("kept").delete("/v1/project/keys/late").await.ok(204);
    execute(&primary.url(), &holds("EXISTS (SELECT 1 FROM keys WHERE id = 'late') AND NOT pg_is_in_recovery()")).await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'scopewise'";
    execute(&standby.url(), end).await.unwrap();
    until(&standby.url(), &holds("NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'scopewise')")).await;
    for _ in 0..3 {
        assert_eq!((first.asked("late").await.as_u16(), first.ready().await.as_u16()), (503, 503));
    }
    let error = first.store.ping().await.unwrap_err();
    assert!(error.to_string().contains("an old primary has come back"), "{error}");
    primary.stop();
    assert_eq!((first.asked("late").await.as_u16(), first.asked("kept").await.as_u16(), first.ready().await.as_u16()), (401, 404, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demoted_primary_is_used_again_after_its_promotion() {
    let Some(mut cluster) = Cluster::start() else { return };
    let shop = Shop::open(&cluster.url()).await;
    shop.stock(&["kept"]).await;
    assert_eq!((shop.asked("kept").await.as_u16(), shop.ready().await.as_u16()), (404, 200));
    cluster.demote();
    for _ in 0..3 {
        assert_eq!((shop.asked("kept").await.as_u16(), shop.ready().await.as_u16()), (503, 503));
    }
    let error = shop.store.ping().await.unwrap_err();
    assert!(matches!(error, StoreError::NotPrimary { .. }), "{error}");
    execute(&cluster.url(), "SELECT pg_promote()").await.unwrap();
    assert_eq!((shop.asked("kept").await.as_u16(), shop.ready().await.as_u16()), (404, 200));
}

/// Switches a server to read-only while connections to it are open and unused.
async fn is_given_up_when_it_only_reads(cluster: &Cluster, shop: &Shop) {
    for _ in 0..3 {
        // The maximum number of connections.
        let asked = futures_util::future::join_all((0..32).map(|_| shop.asked("kept"))).await;
        assert!(asked.iter().all(|status| *status == 404), "{asked:?}");
        assert_eq!(shop.ready().await, 200);
        execute(&cluster.url(), "ALTER SYSTEM SET default_transaction_read_only = on").await.unwrap();
        execute(&cluster.url(), "SELECT pg_reload_conf()").await.unwrap();
        until(&cluster.url(), &holds("current_setting('default_transaction_read_only') = 'on'")).await;
        let asked = futures_util::future::join_all((0..32).map(|_| shop.asked("kept"))).await;
        assert!(asked.iter().all(|status| *status == 503), "{asked:?}");
        assert_eq!(shop.ready().await, 503);
        let read = shop.store.key_by_secret(&SecretHash::of(&secret("kept")), NOW.parse().unwrap()).await;
        assert!(matches!(read, Err(StoreError::NotPrimary { .. })), "{read:?}");
        let written = Handle(shop.store.clone()).rename_project("shop", "Other", NOW.parse().unwrap()).await;
        assert!(matches!(written, Err(StoreError::NotPrimary { .. })), "{written:?}");
        let (client, connection) = tokio_postgres::connect(&cluster.url(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("SET default_transaction_read_only = off").await.unwrap();
        client.batch_execute("ALTER SYSTEM RESET default_transaction_read_only").await.unwrap();
        client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        until(&cluster.url(), &holds("current_setting('default_transaction_read_only') = 'off'")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_becomes_read_only_is_no_longer_used() {
    let Some(cluster) = Cluster::start() else { return };
    let shop = Shop::open(&cluster.url()).await;
    shop.stock(&["kept"]).await;
    is_given_up_when_it_only_reads(&cluster, &shop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_report_its_state_is_checked_before_each_use() {
    let Some(cluster) = Cluster::start() else { return };
    let proxy = silent_proxy(cluster.port());
    let shop = Shop::open(&format!("postgres://scopewise@127.0.0.1:{proxy}/postgres")).await;
    shop.stock(&["kept"]).await;
    is_given_up_when_it_only_reads(&cluster, &shop).await;
}

/// A pooler that drops the server's reports of its settings, like servers before PostgreSQL 14. Returns its port.
fn silent_proxy(server: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let Ok(mut down) = TcpStream::connect(("127.0.0.1", server)) else { continue };
            let (mut from_client, mut to_server) = (client.try_clone().unwrap(), down.try_clone().unwrap());
            thread::spawn(move || {
                let _ = std::io::copy(&mut from_client, &mut to_server);
                let _ = to_server.shutdown(Shutdown::Both);
            });
            thread::spawn(move || {
                let mut client = client;
                let _ = forward(&mut down, &mut client);
                let _ = client.shutdown(Shutdown::Both);
            });
        }
    });
    port
}

/// Forwards messages, except `ParameterStatus` of the two settings.
fn forward(from: &mut TcpStream, to: &mut TcpStream) -> std::io::Result<()> {
    loop {
        let mut head = [0; 5];
        from.read_exact(&mut head)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let mut body = vec![0; length - 4];
        from.read_exact(&mut body)?;
        let is_kept = head[0] == b'S' && (body.starts_with(b"in_hot_standby\0") || body.starts_with(b"default_transaction_read_only\0"));
        if !is_kept {
            to.write_all(&[&head[..], &body].concat())?;
        }
    }
}
