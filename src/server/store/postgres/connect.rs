//! The connections to PostgreSQL: how they are made, shared, given up, and what their errors mean.

use std::{error::Error as _, io, sync::Arc, time::Duration};

use deadpool_postgres::{GenericClient, HookError, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime};
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

/// How many requests of one replica can use the database at a time.
const CONNECTIONS: usize = 16;
/// How long a request waits for one of them.
const WAIT: Duration = Duration::from_secs(3);
/// How long a new one may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long one transaction may take.
const WORK: Duration = Duration::from_secs(10);
/// How often a transaction is tried that others got in the way of.
const ATTEMPTS: u32 = 10;

/// Connections that take turns. A broken one is thrown away, and so is one to a server that only reads; a new one is made when it is
/// needed.
pub(super) struct Connections {
    pool: Pool,
    sessions: Sessions,
}

/// A connection on loan.
pub(in crate::server::store) struct Checkout {
    object: Object,
    session: Arc<Session>,
}

impl Checkout {
    pub(in crate::server::store) fn client(&mut self) -> &mut Object {
        &mut self.object
    }

    /// Drops it and the idle ones: they lead to the same server.
    fn give_up(self) {
        if let Some(pool) = Object::pool(&self.object) {
            let _ = pool.retain(|_, _| false);
        }
        drop(Object::take(self.object));
    }
}

/// What to do after an attempt.
pub(super) enum Next<T> {
    Answer(Result<T, StoreError>),
    Again,
    /// PostgreSQL cannot hold a text with a zero character: there is nothing of that name.
    Absent,
}

impl Connections {
    pub(super) fn new(url: &PostgresUrl) -> Result<Self, StoreError> {
        let mut config = url.config().clone();
        // A dead server is noticed within a minute, even where the network says nothing.
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
        let pool = builder.wait_timeout(Some(WAIT)).create_timeout(Some(WORK)).recycle_timeout(Some(CONNECT)).build();
        pool.map(|pool| Self { pool, sessions }).map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    pub(super) fn in_use(&self) -> PoolUse {
        let status = self.pool.status();
        PoolUse { open: status.size, idle: status.available, waiting: status.waiting, max: status.max_size }
    }

    /// A connection to the server that takes the writes.
    pub(super) async fn checkout(&self) -> Result<Checkout, StoreError> {
        // Where one is given up, so are all that are idle; another request may bring one more back meanwhile.
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
            let asked = !refused && checkout.session.tells_nothing();
            let refused = refused || asked && !matches!(timeout(CONNECT, primary::writes(&checkout.object)).await, Ok(Ok(true)));
            if !refused {
                return Ok(checkout);
            }
            checkout.give_up();
        }
        Err(primary::only_reads())
    }
}

/// One attempt within the time that it may take.
pub(super) async fn bounded<T>(work: impl Future<Output = Result<T, Error>>) -> Result<Result<T, Error>, Elapsed> {
    timeout(WORK, work).await
}

/// Judges an attempt. A connection that does not answer in time is given up: its late answer is ignored.
pub(super) fn judge<T>(checkout: Checkout, outcome: Result<Result<T, Error>, Elapsed>, attempt: &mut u32) -> Next<T> {
    *attempt += 1;
    let is_refused = matches!(&outcome, Ok(Err(error)) if error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION));
    // What such a server has answered may be old.
    if is_refused || checkout.session.reads_only() {
        checkout.give_up();
        // What was refused was not done; another server may do it.
        return if is_refused && *attempt < ATTEMPTS { Next::Again } else { Next::Answer(Err(primary::only_reads())) };
    }
    let error = match outcome {
        Ok(Ok(answer)) => return Next::Answer(Ok(answer)),
        Ok(Err(error)) => error,
        Err(_) => {
            drop(Object::take(checkout.object));
            return Next::Answer(Err(StoreError::Unavailable("no answer in time".to_owned())));
        }
    };
    match error.code() {
        Some(&(SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED)) if *attempt < ATTEMPTS => Next::Again,
        // A newer version has changed a table below a prepared statement.
        Some(&SqlState::FEATURE_NOT_SUPPORTED) if *attempt < ATTEMPTS => {
            checkout.object.statement_cache.clear();
            Next::Again
        }
        Some(&SqlState::CHARACTER_NOT_IN_REPERTOIRE) => Next::Absent,
        _ => Next::Answer(Err(store_error(&error))),
    }
}

/// Runs a transaction on one connection, and repeats it after conflicts with others.
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

/// As `run!`, for what is looked up by a text that may be anything.
macro_rules! find {
    ($store:expr, $client:ident => $work:expr) => {
        run!($store, $client => $work, Ok(Default::default()))
    };
}

pub(super) use {find, run};

/// Whether the database takes writes: it is given one, to a table of one row that stays as it is.
pub(super) async fn ping(on: &impl GenericClient) -> Result<(), Error> {
    one(on, "UPDATE scopewise_schema SET version = version RETURNING version", &[]).await.map(drop)
}

/// The rows of a statement that is prepared once for each connection.
pub(super) async fn rows(on: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Error> {
    let statement = on.prepare_cached(sql).await?;
    on.query(&statement, values).await
}

/// The only row, or none.
pub(super) async fn row(on: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Option<Row>, Error> {
    let statement = on.prepare_cached(sql).await?;
    on.query_opt(&statement, values).await
}

/// The only row, which there always is.
pub(super) async fn one(on: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Row, Error> {
    let statement = on.prepare_cached(sql).await?;
    on.query_one(&statement, values).await
}

/// How many rows were changed.
pub(super) async fn execute(on: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
    let statement = on.prepare_cached(sql).await?;
    on.execute(&statement, values).await
}

/// What an error means. Of the database's own words only the message is kept: details can repeat what was to be stored.
pub(in crate::server::store) fn store_error(error: &Error) -> StoreError {
    let Some(told) = error.as_db_error() else {
        if is_to_a_reader(error) {
            return primary::only_reads();
        }
        return tls::problem(error).unwrap_or_else(|| StoreError::Unavailable(chain(error)));
    };
    let message = told.message().to_owned();
    match *told.code() {
        SqlState::UNIQUE_VIOLATION => StoreError::Duplicate,
        SqlState::FOREIGN_KEY_VIOLATION => StoreError::ParentMissing,
        SqlState::INVALID_PASSWORD
        | SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        | SqlState::INVALID_CATALOG_NAME
        | SqlState::INSUFFICIENT_PRIVILEGE => StoreError::Refused { problem: message },
        _ => StoreError::Unavailable(message),
    }
}

/// Whether the connection was refused by ourselves (`target_session_attrs`). The driver has no kind for it.
fn is_to_a_reader(error: &Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.to_string() == "database does not allow writes")
}

/// An error with its causes: the driver's own text is "error connecting to server".
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
