//! Changes that run at the same time on PostgreSQL: which of them wait for which.

use std::{pin::Pin, sync::Arc};

use futures_util::future::join_all;
use scopewise::server::store::{
    self, Action, Actor, ActorKind, AuditQuery, KeyRecord, NewKey, NewProject, ProjectRecord, Store, StoreError, Write,
};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, NoTls};

use crate::{
    patience::Patience,
    postgres::Database,
    store::handle::{Handle, by_keys},
};

const NOW: &str = "2026-08-21T12:00:00Z";

/// A project with a key that acts, and two other sessions on the same database.
struct Shop {
    store: Arc<dyn Store>,
    project: ProjectRecord,
    actor: KeyRecord,
    session: Client,
    watch: Client,
    /// Dropped last.
    _database: Database,
}

fn key(id: &str) -> NewKey {
    NewKey {
        project_id: "shop".to_owned(),
        id: id.parse().unwrap(),
        name: id.parse().unwrap(),
        description: String::new(),
        scopes: Vec::new(),
        secret: scopewise::server::SecretHash::of(id),
        hint: String::new(),
        expire: None,
        created_at: NOW.parse().unwrap(),
    }
}

impl Shop {
    async fn open() -> Option<Self> {
        let database = Database::new().await?;
        let store = store::open(&database.url().parse().unwrap()).await.unwrap();
        let handle = Handle(store.clone());
        let project = NewProject { id: "shop".parse().unwrap(), name: "Shop".parse().unwrap(), created_at: NOW.parse().unwrap() };
        let project = handle.create_project(project).await.unwrap();
        let actor = handle.create_key(key("actor")).await.unwrap();
        let connect = async || {
            let (session, connection) = tokio_postgres::connect(&database.url(), NoTls).await.unwrap();
            tokio::spawn(connection);
            session
        };
        let (session, watch) = (connect().await, connect().await);
        Some(Self { store, project, actor, session, watch, _database: database })
    }

    /// The acting key creates this one, judged by the policy of the project.
    fn create(&self, id: &str) -> JoinHandle<Result<KeyRecord, StoreError>> {
        let (store, mut write) = (self.store.clone(), self.by_actor(Action::KeyCreate));
        write.basis.project = Some(self.project.version());
        let key = key(id);
        tokio::spawn(async move { store.create_key(key, write).await })
    }

    fn by_actor(&self, action: Action) -> Write {
        by_keys(action, &[&self.actor])
    }

    /// A person disables the acting key.
    fn disable_actor(&self) -> JoinHandle<Result<KeyRecord, StoreError>> {
        let (store, mut write, sequence) = (self.store.clone(), self.by_actor(Action::KeyDisable), self.actor.sequence);
        write.entry.actor = Actor { kind: ActorKind::Account, id: "ada".to_owned(), name: "Ada".to_owned() };
        tokio::spawn(async move { store.set_key_enabled(sequence, false, NOW.parse().unwrap(), write).await })
    }

    async fn run(&self, sql: &str) {
        self.session.batch_execute(sql).await.unwrap();
    }

    /// The other session begins to create a key, so that every creation of the same key waits.
    async fn begin_to_create(&self, id: &str) {
        self.run(&format!(
            "BEGIN; INSERT INTO keys (project_id, id, name, scopes, hint, created_at, updated_at, name_folded) \
             VALUES ('shop', '{id}', 'x', '{{}}', '', 0, 0, 'x')"
        ))
        .await;
    }

    /// Waits until so many sessions wait for a lock. A transaction that many changes share waits only for a moment; then each of them has
    /// a session of its own. Its statement looks first whether there is such a key.
    async fn until_waiting(&self, count: i64) {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' \
            AND query NOT LIKE '%NOT EXISTS (SELECT 1 FROM keys%'";
        let patience = Patience::new();
        while self.watch.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) != count {
            patience.or_fail("the sessions do not wait for each other");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_by_one_key_do_not_wait_for_each_other() {
    let Some(shop) = Shop::open().await else { return };
    shop.begin_to_create("x").await;
    let waits = shop.create("x");
    shop.until_waiting(1).await;
    shop.create("y").await.unwrap().unwrap();
    assert!(!waits.is_finished());
    shop.run("ROLLBACK").await;
    waits.await.unwrap().unwrap();
}

/// Otherwise a key that writes all the time could keep a person from disabling it.
#[tokio::test(flavor = "multi_thread")]
async fn later_changes_by_a_key_wait_for_the_change_that_ends_it() {
    let Some(shop) = Shop::open().await else { return };
    shop.begin_to_create("x").await;
    let early = shop.create("x");
    shop.until_waiting(1).await;
    let disable = shop.disable_actor();
    shop.until_waiting(2).await;
    let late = [shop.create("y"), shop.create("z")];
    // One of them waits for the key, the other one for its turn to do so.
    shop.until_waiting(3).await;
    shop.run("ROLLBACK").await;
    early.await.unwrap().unwrap();
    assert!(!disable.await.unwrap().unwrap().enabled);
    for late in late {
        let answer = late.await.unwrap();
        assert!(matches!(answer, Err(StoreError::Stale)), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_a_key_waits_for_a_change_of_the_key_and_is_made_only_without_it() {
    let Some(shop) = Shop::open().await else { return };
    let narrow = "BEGIN; UPDATE keys SET scopes = '{}', version = version + 1 WHERE id = 'actor'";
    for (end, id) in [("ROLLBACK", "x"), ("COMMIT", "y")] {
        shop.run(narrow).await;
        let change = shop.create(id);
        shop.until_waiting(1).await;
        assert!(!change.is_finished());
        shop.run(end).await;
        let answer = change.await.unwrap();
        assert_eq!(answer.is_ok(), end == "ROLLBACK", "{answer:?}");
        assert!(answer.is_ok() || matches!(answer, Err(StoreError::Stale)), "{answer:?}");
    }
    assert!(shop.store.key("shop", "y").await.unwrap().is_none());
}

/// Otherwise keys that write all the time could keep a project from its first ephemeral key.
#[tokio::test(flavor = "multi_thread")]
async fn later_changes_in_a_project_wait_for_its_signing_key() {
    let Some(shop) = Shop::open().await else { return };
    shop.begin_to_create("x").await;
    let early = shop.create("x");
    shop.until_waiting(1).await;
    let store = shop.store.clone();
    let signing = tokio::spawn(async move { store.ensure_signing_key("shop", "s1").await });
    shop.until_waiting(2).await;
    let late = shop.create("y");
    shop.until_waiting(3).await;
    shop.run("ROLLBACK").await;
    early.await.unwrap().unwrap();
    assert_eq!(signing.await.unwrap().unwrap().as_deref(), Some("s1"));
    late.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_use_does_not_wait_for_every_later_change_by_the_key() {
    let Some(shop) = Shop::open().await else { return };
    shop.begin_to_create("x").await;
    let early = shop.create("x");
    shop.until_waiting(1).await;
    let (store, sequence) = (shop.store.clone(), shop.actor.sequence);
    let uses = vec![store::KeyUse { key_sequence: sequence, at: NOW.parse().unwrap(), sdk: None }];
    let used = tokio::spawn(async move { store.record_key_uses(uses).await });
    shop.until_waiting(2).await;
    let late = shop.create("y");
    shop.until_waiting(3).await;
    shop.run("ROLLBACK").await;
    early.await.unwrap().unwrap();
    used.await.unwrap().unwrap();
    late.await.unwrap().unwrap();
    assert!(shop.store.key("shop", "actor").await.unwrap().unwrap().accessed_at.is_some());
}

type Pending<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + 'a>>;

/// One thread: all changes wait before the first one is sent.
#[tokio::test]
async fn changes_that_wait_share_a_transaction_and_each_is_refused_alone() {
    let Some(shop) = Shop::open().await else { return };
    let shop = &shop;
    let (a, b) = (shop.create("a").await.unwrap().unwrap(), shop.create("b").await.unwrap().unwrap());
    let create = |id: &'static str, by: &KeyRecord| {
        let write = by_keys(Action::KeyCreate, &[by]);
        async move { shop.store.create_key(key(id), write).await.map(drop) }
    };
    let disable = |key: &KeyRecord| {
        let (sequence, write) = (key.sequence, by_keys(Action::KeyDisable, &[key]));
        async move { shop.store.set_key_enabled(sequence, false, NOW.parse().unwrap(), write).await.map(drop) }
    };
    let changes: Vec<Pending<'_>> = vec![
        Box::pin(create("c", &shop.actor)),
        Box::pin(create("c", &shop.actor)),
        Box::pin(disable(&a)),
        // The change before has made a newer version.
        Box::pin(disable(&a)),
        Box::pin(async { shop.store.delete_key(b.sequence, by_keys(Action::KeyDelete, &[&b])).await }),
        Box::pin(create("e", &b)),
        Box::pin(create("d", &shop.actor)),
    ];
    let done = join_all(changes).await;
    assert!(
        matches!(done[..], [Ok(()), Err(StoreError::Duplicate), Ok(()), Err(StoreError::Stale), Ok(()), Err(StoreError::Stale), Ok(())]),
        "{done:?}"
    );
    let row = shop.watch.query_one("SELECT count(*), count(DISTINCT xmin::text) FROM keys WHERE id <> 'actor'", &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (3, 1));
    let entries = shop.store.audit(AuditQuery { limit: 4, ..AuditQuery::default() }).await.unwrap();
    let entries: Vec<String> = entries.into_iter().rev().map(|record| record.entry.action.as_str().to_owned()).collect();
    assert_eq!(entries, ["key.create", "key.disable", "key.delete", "key.create"]);
}

#[tokio::test]
async fn a_change_that_fails_undoes_no_change_beside_it() {
    let Some(shop) = Shop::open().await else { return };
    let shop = &shop;
    let create = |project: &str, id: &str| {
        let (key, write) = (NewKey { project_id: project.to_owned(), ..key(id) }, shop.by_actor(Action::KeyCreate));
        async move { shop.store.create_key(key, write).await.map(drop) }
    };
    let done = join_all([create("shop", "a"), create("gone", "b"), create("shop", "c")]).await;
    assert!(matches!(done[..], [Ok(()), Err(StoreError::ParentMissing), Ok(())]), "{done:?}");
    for (id, is_there) in [("a", true), ("b", false), ("c", true)] {
        assert_eq!(shop.store.key("shop", id).await.unwrap().is_some(), is_there, "{id}");
    }
}
