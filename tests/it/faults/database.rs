//! PostgreSQL that stops and returns, or refuses the connection.

use std::sync::Arc;

use axum::http::Method;
use scopewise::server::{
    App,
    clock::SystemClock,
    config::DatabaseUrl,
    http::Interface,
    random::OsRandom,
    store::{self, NewProject, StoreError},
};

use crate::port::Port;
use crate::{
    http::world::Client,
    postgres::{Cluster, Database, execute},
};

#[tokio::test(flavor = "multi_thread")]
async fn requests_get_503_while_postgresql_is_down_and_succeed_afterwards() {
    let Some(mut cluster) = Cluster::start() else { return };
    let url: DatabaseUrl = cluster.url().parse().unwrap();
    let store = store::open(&url).await.unwrap();
    store.read_ahead(1 << 22);
    let project =
        NewProject { id: "shop".parse().unwrap(), name: "Shop".parse().unwrap(), created_at: "2026-08-21T12:00:00Z".parse().unwrap() };
    crate::store::handle::Handle(store.clone()).create_project(project).await.unwrap();
    let app = App::new(store.clone(), Arc::new(SystemClock), Arc::new(OsRandom), None).unwrap();
    let client = Client::of(Interface::new(&app)).with("x-appwrite-project", "shop");
    for _ in 0..2 {
        client.get("/v1/ping").await.ok(200);
        cluster.stop();
        for path in ["/v1/ping", "/v1/ping", "/v1/setup"] {
            let answer = client.send(Method::GET, path, None, b"").await;
            assert_eq!(answer.header("retry-after"), "5");
            let message = answer.refused(503, "general_unavailable");
            assert!(!message.contains("127.0.0.1") && !message.contains("scopewise@"), "{message}");
        }
        cluster.run();
    }
    client.get("/v1/ping").await.ok(200);
    assert!(store.project("shop").await.unwrap().is_some());
}

#[tokio::test]
async fn an_unreachable_server_is_reported_without_the_password() {
    let port = Port::reserve();
    let address = port.address();
    let url: DatabaseUrl = format!("postgres://ada:hunter2@{address}/keys").parse().unwrap();
    let error = store::open(&url).await.err().unwrap();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    let message = format!("{error} {error:?}");
    assert!(message.contains("refused") && !message.contains("hunter2") && !message.contains('\n'), "{message}");
}

#[tokio::test]
async fn a_missing_database_is_reported() {
    let Some(database) = Database::new().await else { return };
    let url: DatabaseUrl = format!("{}_gone", database.url()).parse().unwrap();
    let error = store::open(&url).await.err().unwrap();
    assert!(matches!(error, StoreError::Refused { .. }), "{error}");
    assert!(error.to_string().contains("does not exist") && error.to_string().contains("--database"), "{error}");
}

#[tokio::test]
async fn a_database_of_another_program_is_not_changed() {
    let Some(database) = Database::new().await else { return };
    execute(&database.url(), "CREATE TABLE theirs (x INTEGER)").await.unwrap();
    let error = store::open(&database.url().parse().unwrap()).await.err().unwrap();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    execute(&database.url(), "DO $$ BEGIN ASSERT to_regclass('accounts') IS NULL; END $$").await.unwrap();
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_not_changed() {
    let Some(database) = Database::new().await else { return };
    let url: DatabaseUrl = database.url().parse().unwrap();
    drop(store::open(&url).await.unwrap());
    execute(&database.url(), "UPDATE scopewise_schema SET version = 999").await.unwrap();
    let error = store::open(&url).await.err().unwrap();
    assert!(matches!(error, StoreError::Newer { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_starting_replicas_creates_the_schema() {
    let Some(database) = Database::new().await else { return };
    let starts = (0..8).map(|_| {
        let url: DatabaseUrl = database.url().parse().unwrap();
        tokio::spawn(async move { store::open(&url).await.map(drop) })
    });
    for one in starts.collect::<Vec<_>>() {
        one.await.unwrap().unwrap();
    }
    execute(&database.url(), "DO $$ BEGIN ASSERT (SELECT count(*) FROM scopewise_schema) = 1; END $$").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_keeps_working_while_a_newer_version_changes_a_table() {
    let Some(database) = Database::new().await else { return };
    let store = store::open(&database.url().parse().unwrap()).await.unwrap();
    assert!(store.projects().await.unwrap().is_empty());
    execute(&database.url(), "ALTER TABLE projects ADD COLUMN colour TEXT").await.unwrap();
    for _ in 0..3 {
        assert!(store.projects().await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_waits_for_the_disk_whatever_the_database_settings() {
    for (asked, used) in [("off", "on"), ("local", "on"), ("remote_write", "on"), ("on", "on"), ("remote_apply", "remote_apply")] {
        let Some(database) = Database::new().await else { return };
        let name = database.url().rsplit_once('/').unwrap().1.split('?').next().unwrap().to_owned();
        execute(&database.url(), &format!("ALTER DATABASE {name} SET synchronous_commit = {asked}")).await.unwrap();
        let store = store::open(&database.url().parse().unwrap()).await.unwrap();
        // The database itself refuses a write that would not wait.
        let watch = format!(
            "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                ASSERT current_setting('synchronous_commit') = '{used}', current_setting('synchronous_commit'); RETURN NULL; END $$; \
             CREATE TRIGGER watch AFTER INSERT ON projects FOR EACH STATEMENT EXECUTE FUNCTION watch()"
        );
        execute(&database.url(), &watch).await.unwrap();
        // More concurrent requests than one connection serves.
        let writes = (0..4).map(|n| {
            let (id, name) = (format!("p{n}").parse().unwrap(), "Shop".parse().unwrap());
            let handle = crate::store::handle::Handle(store.clone());
            let project = NewProject { id, name, created_at: "2026-08-21T12:00:00Z".parse().unwrap() };
            async move { handle.create_project(project).await }
        });
        for written in futures_util::future::join_all(writes).await {
            written.unwrap_or_else(|error| panic!("{asked}: {error}"));
        }
    }
}

#[tokio::test]
async fn the_audit_log_refuses_changes_by_hand() {
    let Some(database) = Database::new().await else { return };
    drop(store::open(&database.url().parse().unwrap()).await.unwrap());
    let insert = "INSERT INTO audit (at, actor_type, actor_id, actor_name, action, target_id, outcome, detail, ip) \
        VALUES (0, 'key', '', '', 'key.use', '', 'done', '', '')";
    execute(&database.url(), insert).await.unwrap();
    for forbidden in ["UPDATE audit SET detail = 'x'", "DELETE FROM audit", "TRUNCATE audit"] {
        let error = execute(&database.url(), forbidden).await.unwrap_err();
        assert!(error.as_db_error().is_some_and(|error| error.message().contains("never changed")), "{error}");
    }
}
