//! Connections to PostgreSQL: how the store opens, shares and drops them, and how it maps their errors.

use std::{error::Error as _, io, sync::Arc, time::Duration};

use deadpool_postgres::{
    ClientWrapper, GenericClient, HookError, ManagerConfig, Object, Pool, PoolError, QueueMode, RecyclingMethod, Runtime,
};
use tokio::time::{error::Elapsed, timeout};
use tokio_postgres::{Error, NoTls, Row, error::SqlState, types::ToSql};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    primary::{self, Session, Sessions},
    tls,
};
use crate::server::{
    config::PostgresUrl,
    store::{PoolUse, StoreError},
};

/// The maximum number of requests of one replica that use the database at the same time. Lists have five, changes six, sign-in four, the
/// group of changes one, reads of keys by their ids two.
const CONNECTIONS: usize = 18;
/// The maximum time that a request waits for a connection.
const WAIT: Duration = Duration::from_secs(3);
/// The maximum time to open a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// The maximum time of one transaction.
const WORK: Duration = Duration::from_secs(10);
/// The maximum number of attempts for a transaction that conflicts with others.
const ATTEMPTS: u32 = 10;

/// A pool of connections. It drops a broken connection, and one to a server that only reads, and opens a new one on demand.
pub(super) struct Connections {
    pool: Pool,
    sessions: Sessions,
}

/// A connection that was taken from the pool.
pub(in crate::server::store) struct Checkout {
    object: Object,
    session: Arc<Session>,
}

impl Checkout {
    pub(in crate::server::store) fn client(&mut self) -> &mut Object {
        &mut self.object
    }

    /// Takes the connection out of the pool, for an owner that keeps it.
    pub(super) fn take(self) -> (ClientWrapper, Arc<Session>) {
        (Object::take(self.object), self.session)
    }

    /// Drops this connection and the idle ones, because they lead to the same server.
    fn give_up(self) {
        if let Some(pool) = Object::pool(&self.object) {
            let _ = pool.retain(|_, _| false);
        }
        drop(Object::take(self.object));
    }
}

/// The next step after an attempt.
pub(super) enum Next<T> {
    Answer(Result<T, StoreError>),
    Again,
    /// PostgreSQL cannot store a text with a zero character, so no record with this name exists.
    Absent,
}

impl Connections {
    pub(super) fn new(url: &PostgresUrl) -> Result<Self, StoreError> {
        let mut config = url.config().clone();
        // Detects a dead server within a minute, even if the network reports nothing.
        config.keepalives_idle(Duration::from_secs(20)).keepalives_interval(Duration::from_secs(5)).keepalives_retries(4);
        config.tcp_user_timeout(Duration::from_secs(20));
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        let settings = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match url.is_tls() {
            true => primary::manager(config, MakeRustlsConnect::new(tls::client_config(url)?), settings),
            false => primary::manager(config, NoTls, settings),
        };
        let sessions = Sessions::default();
        let builder = Pool::builder(manager).max_size(CONNECTIONS).runtime(Runtime::Tokio1).post_create(sessions.hook());
        // The connection that was used last knows its statements and tables best.
        let builder = builder.queue_mode(QueueMode::Lifo);
        let pool = builder.wait_timeout(Some(WAIT)).create_timeout(Some(WORK)).recycle_timeout(Some(CONNECT)).build();
        pool.map(|pool| Self { pool, sessions }).map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    pub(super) fn in_use(&self) -> PoolUse {
        let status = self.pool.status();
        PoolUse { open: status.size, idle: status.available, waiting: status.waiting, max: status.max_size }
    }

    /// Whether this process has seen a newer primary than the one of this session.
    pub(super) fn is_outdated(&self, session: &Session) -> bool {
        self.sessions.is_outdated(session)
    }

    /// Takes a connection to the server that accepts writes.
    pub(super) async fn checkout(&self) -> Result<Checkout, StoreError> {
        // Dropping one connection drops all idle ones; in the meantime another request may return one more.
        for _ in 0..=CONNECTIONS {
            let (object, session) = self.sessions.of(self.pool.get()).await.map_err(|error| match error {
                PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => store_error(&error),
                PoolError::PostCreateHook(HookError::Message(problem)) => StoreError::NotPrimary { problem: problem.into_owned() },
                PoolError::Timeout(_) => StoreError::Unavailable("no connection is free in time".to_owned()),
                other => StoreError::Unavailable(other.to_string()),
            })?;
            let Some(session) = session else {
                drop(Object::take(object));
                continue;
            };
            let checkout = Checkout { object, session };
            let refused = checkout.session.reads_only() || self.sessions.is_outdated(&checkout.session);
            let asked = !refused && checkout.session.reported_nothing();
            let refused = refused || asked && !matches!(timeout(CONNECT, primary::writes(&checkout.object)).await, Ok(Ok(true)));
            if !refused {
                return Ok(checkout);
            }
            checkout.give_up();
        }
        Err(primary::only_reads())
    }
}

/// Runs one attempt within its time limit.
pub(super) async fn bounded<T>(work: impl Future<Output = Result<T, Error>>) -> Result<Result<T, Error>, Elapsed> {
    timeout(WORK, work).await
}

/// Evaluates an attempt. Drops a connection that does not respond in time, and ignores its late answer. The idle ones lead to the same
/// server, and requests that share a connection would wait for each of them in turn.
pub(super) fn judge<T>(checkout: Checkout, outcome: Result<Result<T, Error>, Elapsed>, attempt: &mut u32) -> Next<T> {
    *attempt += 1;
    let is_refused = matches!(&outcome, Ok(Err(error)) if error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION));
    // The answer of a server that only reads may be stale.
    if is_refused || checkout.session.reads_only() {
        checkout.give_up();
        // The refused statement had no effect; another server may accept it.
        return if is_refused && *attempt < ATTEMPTS { Next::Again } else { Next::Answer(Err(primary::only_reads())) };
    }
    let error = match outcome {
        Ok(Ok(answer)) => return Next::Answer(Ok(answer)),
        Ok(Err(error)) => error,
        Err(_) => {
            checkout.give_up();
            return Next::Answer(Err(StoreError::Unavailable("no answer in time".to_owned())));
        }
    };
    match error.code() {
        Some(&(SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED)) if *attempt < ATTEMPTS => Next::Again,
        // A newer version of Scopewise changed a table that a prepared statement uses.
        Some(&SqlState::FEATURE_NOT_SUPPORTED) if *attempt < ATTEMPTS => {
            checkout.object.statement_cache.clear();
            Next::Again
        }
        Some(&SqlState::CHARACTER_NOT_IN_REPERTOIRE) => Next::Absent,
        _ => Next::Answer(Err(store_error(&error))),
    }
}

/// Runs a transaction on one connection, and retries it after conflicts.
macro_rules! run {
    ($store:expr, $client:ident => $work:expr) => {
        run!(
            $store,
            $client => $work,
            Err(crate::server::store::StoreError::Unavailable("a text holds a zero character".to_owned()))
        )
    };
    ($store:expr, $client:ident => $work:expr, $absent:expr) => {{
        let mut attempt = 0;
        loop {
            let mut checkout = $store.connections.checkout().await?;
            let outcome = {
                let $client = checkout.client();
                crate::server::store::postgres::connect::bounded($work).await
            };
            match crate::server::store::postgres::connect::judge(checkout, outcome, &mut attempt) {
                crate::server::store::postgres::connect::Next::Answer(answer) => break answer,
                crate::server::store::postgres::connect::Next::Absent => break $absent,
                crate::server::store::postgres::connect::Next::Again => {}
            }
        }
    }};
}

/// Like `run!`, for a lookup by an arbitrary text.
macro_rules! find {
    ($store:expr, $client:ident => $work:expr) => {
        run!($store, $client => $work, Ok(Default::default()))
    };
}

pub(super) use {find, run};

/// Checks that the database accepts writes, with a write to a one-row table that changes nothing.
pub(super) async fn ping(on: &impl GenericClient) -> Result<(), Error> {
    one(on, "UPDATE scopewise_schema SET version = version RETURNING version", &[]).await.map(drop)
}

/// Returns the rows of a statement that is prepared once per connection.
pub(super) async fn rows(on: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Error> {
    let statement = on.prepare_cached(sql).await?;
    on.query(&statement, values).await
}

/// Returns the only row, or `None`.
pub(super) async fn row(on: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Option<Row>, Error> {
    let statement = on.prepare_cached(sql).await?;
    on.query_opt(&statement, values).await
}

/// Returns the only row, which always exists.
pub(super) async fn one(on: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Row, Error> {
    let statement = on.prepare_cached(sql).await?;
    on.query_one(&statement, values).await
}

/// Returns the number of changed rows.
pub(super) async fn execute(on: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
    let statement = on.prepare_cached(sql).await?;
    on.execute(&statement, values).await
}

/// Maps an error. Of the database's own text it keeps only the message, because details can repeat the values to store.
pub(in crate::server::store) fn store_error(error: &Error) -> StoreError {
    let Some(reported) = error.as_db_error() else {
        if is_to_a_reader(error) {
            return primary::only_reads();
        }
        return tls::problem(error).unwrap_or_else(|| StoreError::Unavailable(chain(error)));
    };
    let message = reported.message().to_owned();
    match *reported.code() {
        SqlState::UNIQUE_VIOLATION => StoreError::Duplicate,
        SqlState::FOREIGN_KEY_VIOLATION => StoreError::ParentMissing,
        SqlState::INVALID_PASSWORD
        | SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        | SqlState::INVALID_CATALOG_NAME
        | SqlState::INSUFFICIENT_PRIVILEGE => StoreError::Refused { problem: message },
        _ => StoreError::Unavailable(message),
    }
}

/// Whether this client refused the connection (`target_session_attrs`). The driver has no error kind for it.
fn is_to_a_reader(error: &Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.to_string() == "database does not allow writes")
}

/// The text of an error with its causes: the driver's own text is only "error connecting to server".
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}
