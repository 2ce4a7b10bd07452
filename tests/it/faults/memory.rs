//! Keys that a server keeps in memory, on PostgreSQL: what anyone has committed before a lookup begins, the lookup sees.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use scopewise::{
    key::Policy,
    scope::DateTime,
    server::{
        SecretHash,
        config::DatabaseUrl,
        store::{KeyChange, KeyRecord, KeyRotation, KeyStore, KeyUse, NewKey, NewProject, PostgresStore, ProjectStore, Store},
    },
};
use tokio_postgres::{Client, NoTls};

use crate::{
    postgres::{Database, execute, texts},
    store::handle::Handle,
};

fn at(seconds: i64) -> DateTime {
    "2026-08-21T12:00:00Z".parse::<DateTime>().unwrap().plus_seconds(seconds)
}

/// Two servers on one database.
struct Servers {
    one: Arc<PostgresStore>,
    /// Writes.
    other: Handle,
    database: Database,
}

impl Servers {
    /// With the project `shop` and keys named 0, 1, …, whose secrets are their ids.
    async fn new(keys: usize) -> Option<Self> {
        let database = Database::new().await?;
        let DatabaseUrl::Postgres(url) = database.url().parse().unwrap() else { panic!("a URL of PostgreSQL") };
        let one = Arc::new(PostgresStore::open(&url).await.unwrap());
        let other = Handle(Arc::new(PostgresStore::open(&url).await.unwrap()));
        let project = NewProject { id: "shop".parse().unwrap(), name: "Shop".parse().unwrap(), created_at: at(0) };
        other.create_project(project).await.unwrap();
        for n in 0..keys {
            other.create_key(new_key(n)).await.unwrap();
        }
        one.read_ahead(1 << 22);
        let servers = Self { one, other, database };
        servers.remembers(0).await;
        Some(servers)
    }

    /// Looks up a key until the answer comes from memory.
    async fn remembers(&self, n: usize) {
        let before = self.one.answered_from_memory();
        for _ in 0..100_000 {
            assert!(self.key(n).await.is_some());
            if self.one.answered_from_memory() > before {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("key {n} is never answered from memory");
    }

    async fn key(&self, n: usize) -> Option<KeyRecord> {
        self.one.key_by_secret(&SecretHash::of(&n.to_string()), at(1)).await.unwrap()
    }

    /// Looks up a key that is in memory, and asserts that no other way was taken.
    async fn key_of_memory(&self, n: usize) -> Option<KeyRecord> {
        let before = self.one.answered_from_memory();
        let key = self.key(n).await;
        assert_eq!(self.one.answered_from_memory(), before + 1, "the answer came from elsewhere");
        key
    }

    async fn shop(&self) -> Option<scopewise::server::store::ProjectRecord> {
        self.one.project("shop").await.unwrap()
    }

    async fn sql(&self, sql: &str) {
        execute(&self.database.url(), sql).await.unwrap();
    }

    async fn changes(&self) -> usize {
        texts(&self.database.url(), "SELECT count(*) FROM changes").await.unwrap()[0].parse().unwrap()
    }

    /// A session of its own.
    async fn session(&self) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.database.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }
}

fn new_key(n: usize) -> NewKey {
    NewKey {
        project_id: "shop".to_owned(),
        id: format!("key{n}").parse().unwrap(),
        name: "Key".parse().unwrap(),
        description: String::new(),
        scopes: vec!["rows.read".parse().unwrap()],
        secret: SecretHash::of(&n.to_string()),
        hint: String::new(),
        expire: None,
        created_at: at(0),
    }
}

fn change(scopes: &[&str], expire: Option<DateTime>, seconds: i64) -> KeyChange {
    let scopes = scopes.iter().map(|scope| scope.parse().unwrap()).collect();
    KeyChange { name: "Key".parse().unwrap(), description: None, scopes, expire, updated_at: at(seconds) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_change_is_seen_at_once() {
    let Some(servers) = Servers::new(12).await else { return };
    for n in 0..12 {
        servers.remembers(n).await;
    }
    let id = |n: usize| format!("key{n}");
    let rotation = |secret: &str, overlap: Option<DateTime>| KeyRotation {
        secret: SecretHash::of(secret),
        hint: String::new(),
        overlap_until: overlap,
        expire: None,
        rotated_at: at(1),
    };
    assert!(servers.other.delete_key("shop", &id(0)).await.unwrap());
    assert_eq!(servers.key_of_memory(0).await, None);
    servers.other.set_key_enabled("shop", &id(1), false, at(1)).await.unwrap().unwrap();
    assert!(!servers.key_of_memory(1).await.unwrap().enabled);
    servers.other.update_key("shop", &id(2), change(&["teams.read"], None, 1)).await.unwrap().unwrap();
    assert_eq!(servers.key_of_memory(2).await.unwrap().scopes, ["teams.read"]);
    servers.other.update_key("shop", &id(3), change(&["rows.read"], Some(at(9)), 1)).await.unwrap().unwrap();
    assert_eq!(servers.key_of_memory(3).await.unwrap().expire, Some(at(9)));
    servers.other.rotate_key("shop", &id(4), rotation("new", None)).await.unwrap().unwrap();
    assert_eq!(servers.key_of_memory(4).await, None);
    servers.other.rotate_key("shop", &id(5), rotation("newer", Some(at(1)))).await.unwrap().unwrap();
    assert_eq!(servers.key_of_memory(5).await, None, "the overlap ends at this moment");
    // By hand.
    servers.sql("UPDATE keys SET enabled = false WHERE id = 'key6'").await;
    assert!(!servers.key_of_memory(6).await.unwrap().enabled);
    servers.sql("DELETE FROM keys WHERE id = 'key7'").await;
    assert_eq!(servers.key_of_memory(7).await, None);
    servers.sql("DELETE FROM key_secrets WHERE key_sequence = (SELECT sequence FROM keys WHERE id = 'key8')").await;
    assert_eq!(servers.key_of_memory(8).await, None);
    servers.sql("UPDATE key_secrets SET valid_until = 0 WHERE key_sequence = (SELECT sequence FROM keys WHERE id = 'key9')").await;
    assert_eq!(servers.key_of_memory(9).await, None);
    // A session that searches other tables first.
    let session = servers.session().await;
    session.batch_execute("CREATE TEMPORARY TABLE changes (key_sequence BIGINT)").await.unwrap();
    session.batch_execute("UPDATE public.keys SET scopes = '{}' WHERE id = 'key10'").await.unwrap();
    assert!(servers.key_of_memory(10).await.unwrap().scopes.is_empty());
    servers.sql("TRUNCATE key_secrets").await;
    assert_eq!(servers.key_of_memory(11).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_of_a_project_is_seen_at_once() {
    let Some(servers) = Servers::new(1).await else { return };
    assert_eq!(servers.shop().await.unwrap().name, "Shop");
    servers.other.rename_project("shop", "Store", at(1)).await.unwrap();
    assert_eq!(servers.shop().await.unwrap().name, "Store");
    let policy = Policy { require_expiry: true, ..Policy::default() };
    servers.other.set_policy("shop", policy, at(1)).await.unwrap();
    assert!(servers.shop().await.unwrap().policy.require_expiry);
    servers.other.0.ensure_signing_key("shop", "a").await.unwrap();
    assert_eq!(servers.shop().await.unwrap().signing_key_id.as_deref(), Some("a"));
    servers.sql("UPDATE projects SET browser_use = 'allow' WHERE id = 'shop'").await;
    assert_eq!(servers.shop().await.unwrap().policy.browser_use.as_str(), "allow");
    let (project, key) = servers.one.project_and_key("shop", &SecretHash::of("0"), at(1)).await.unwrap();
    assert!(project.is_some() && key.is_some());
    servers.other.delete_project("shop").await.unwrap();
    let found = servers.one.project_and_key("shop", &SecretHash::of("0"), at(1)).await.unwrap();
    assert_eq!(found, (None, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_may_commit_in_another_order_than_they_began() {
    let Some(servers) = Servers::new(3).await else { return };
    let (first, second, third) = (servers.session().await, servers.session().await, servers.session().await);
    for (session, key) in [(&first, 0), (&second, 1), (&third, 2)] {
        servers.remembers(key).await;
        session.batch_execute(&format!("BEGIN; UPDATE keys SET enabled = false WHERE id = 'key{key}'")).await.unwrap();
    }
    let enabled = async || {
        let mut all = Vec::new();
        for key in 0..3 {
            all.push(servers.key_of_memory(key).await.unwrap().enabled);
        }
        all
    };
    assert_eq!(enabled().await, [true, true, true]);
    third.batch_execute("COMMIT").await.unwrap();
    assert_eq!(enabled().await, [true, true, false]);
    second.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(enabled().await, [true, true, false]);
    // The first transaction is older than every snapshot since.
    first.batch_execute("SAVEPOINT one; UPDATE keys SET enabled = true WHERE id = 'key0'; ROLLBACK TO one; COMMIT").await.unwrap();
    assert_eq!(enabled().await, [false, true, false]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_of_changes_may_be_cut_at_any_time() {
    let Some(servers) = Servers::new(2).await else { return };
    servers.remembers(1).await;
    for cut in ["DELETE FROM changes", "TRUNCATE changes", "UPDATE changes SET key_sequence = 0"] {
        let session = servers.session().await;
        session.batch_execute("UPDATE keys SET enabled = NOT enabled WHERE id = 'key1'").await.unwrap();
        session.batch_execute(cut).await.unwrap();
        let stored = texts(&servers.database.url(), "SELECT enabled FROM keys WHERE id = 'key1'").await.unwrap();
        assert_eq!(servers.key(1).await.unwrap().enabled, stored[0] == "t", "{cut}");
    }
    // More at once than a server reads, and than stay listed.
    servers.sql("INSERT INTO changes (key_sequence) SELECT 0 FROM generate_series(1, 9000)").await;
    servers.sql("UPDATE keys SET scopes = '{}' WHERE id = 'key1'").await;
    assert!(servers.key(1).await.unwrap().scopes.is_empty());
    drop(
        PostgresStore::open(match &servers.database.url().parse().unwrap() {
            DatabaseUrl::Postgres(url) => url,
            DatabaseUrl::Sqlite { .. } => panic!("a URL of PostgreSQL"),
        })
        .await
        .unwrap(),
    );
    assert!(servers.changes().await <= 4097, "a server that starts cuts the list");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_list_of_later_transactions_is_cut() {
    let Some(servers) = Servers::new(1).await else { return };
    servers.sql("INSERT INTO changes (xid) VALUES ('1000000000000')").await;
    let DatabaseUrl::Postgres(url) = servers.database.url().parse().unwrap() else { panic!("a URL of PostgreSQL") };
    drop(PostgresStore::open(&url).await.unwrap());
    let left = "SELECT count(*) FROM changes WHERE xid = '1000000000000' OR forgotten >= '1000000000000'";
    assert_eq!(texts(&servers.database.url(), left).await.unwrap(), ["0"]);
    servers.remembers(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_use_of_a_key_is_no_change() {
    let Some(servers) = Servers::new(1).await else { return };
    let before = servers.changes().await;
    let sequence = servers.key(0).await.unwrap().sequence;
    let used = KeyUse { key_sequence: sequence, at: at(5), sdk: Some("rust".to_owned()) };
    servers.one.record_key_uses(vec![used]).await.unwrap();
    // The server that wrote it knows, so that it does not write it again.
    assert_eq!(servers.key(0).await.unwrap().accessed_at, Some(at(5)));
    assert_eq!(servers.changes().await, before);
    // A project that is set to what it is has not changed either.
    servers.sql("UPDATE projects SET name = name").await;
    assert_eq!(servers.changes().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_deleted_keys_are_few_changes() {
    let Some(servers) = Servers::new(2).await else { return };
    let many = "INSERT INTO keys (project_id, id, name, name_folded, scopes, hint, created_at, updated_at) \
        SELECT 'shop', 'many' || n, 'n', 'n', '{}', '', 0, 0 FROM generate_series(1, 1500) AS n";
    servers.sql(many).await;
    servers.sql("INSERT INTO key_secrets (hash, key_sequence) SELECT sha256(id::bytea), sequence FROM keys WHERE id LIKE 'many%'").await;
    let before = servers.changes().await;
    servers.sql("DELETE FROM keys WHERE id LIKE 'many%' OR id = 'key1'").await;
    // One for the keys, and one for their secrets.
    assert_eq!(servers.changes().await, before + 2);
    assert_eq!(servers.key(1).await, None);
    assert!(servers.key(0).await.is_some());
}

/// A lookup sees every write from before it began, whichever server wrote it and however many lookups run.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_lookup_sees_every_earlier_write() {
    const WRITES: i64 = 300;
    let Some(servers) = Servers::new(1).await else { return };
    let servers = Arc::new(servers);
    let (written, done) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
    let before = servers.one.answered_from_memory();
    let lookers: Vec<_> = (0..8)
        .map(|_| {
            let (servers, written, done) = (servers.clone(), written.clone(), done.clone());
            tokio::spawn(async move {
                while !done.load(Ordering::SeqCst) {
                    let before = at(written.load(Ordering::SeqCst));
                    let found = servers.key(0).await.unwrap();
                    assert!(found.updated_at >= before, "{:?} after {before:?}", found.updated_at);
                    let shop = servers.shop().await.unwrap();
                    assert!(shop.updated_at >= before, "{:?} after {before:?}", shop.updated_at);
                }
            })
        })
        .collect();
    let own = Handle(servers.one.clone());
    for seconds in 1..=WRITES {
        let writer = if seconds % 2 == 0 { &own } else { &servers.other };
        writer.update_key("shop", "key0", change(&["rows.read"], None, seconds)).await.unwrap().unwrap();
        writer.rename_project("shop", "Shop", at(seconds)).await.unwrap();
        written.store(seconds, Ordering::SeqCst);
    }
    done.store(true, Ordering::SeqCst);
    for looker in lookers {
        tokio::time::timeout(Duration::from_secs(60), looker).await.unwrap().unwrap();
    }
    assert!(servers.one.answered_from_memory() > before, "nothing was answered from memory");
}
