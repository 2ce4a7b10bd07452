//! Connects only to the server that accepts writes: a standby may lag behind, and would accept a deleted key.
//!
//! Each connection is checked when it opens, and again with every answer. PostgreSQL 14 and newer reports, before the end of the
//! answer, that a session can no longer write (`ParameterStatus` of `in_hot_standby` and `default_transaction_read_only`):
//! this costs nothing. If a server or a pooler does not report it, the store queries it before each use.
//!
//! A promotion increases the timeline of a server by one. After this process has seen the newer timeline, it does not go back to a
//! server with an older one. It cannot know a timeline that it has never seen: the operator must keep two servers from accepting
//! writes at the same time.

// INVARIANT: the store never reads from a standby.

use std::{
    collections::HashMap,
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
};

use deadpool_postgres::{ClientWrapper, Connect, Hook, HookError, Manager, Object, ObjectId};
use tokio::task::JoinHandle;
use tokio_postgres::{
    Client, Config, Error, SimpleQueryMessage, Socket,
    tls::{MakeTlsConnect, TlsConnect},
};

use crate::server::store::StoreError;

/// INVARIANT: a commit returns when it is on disk, whatever the settings of the server, database or role: a weaker setting could bring
/// back a deleted key after a power loss. It is a function, so that it takes one round trip and keeps the stronger `remote_apply`.
const DURABLE: &str = "SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')";

tokio::task_local! {
    /// Where a connection that is opened for a checkout stores its state.
    static MADE: Arc<OnceLock<Arc<Session>>>;
}

/// What the server has reported about a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reported {
    Writes,
    ReadsOnly,
    /// It does not report this.
    Nothing,
}

/// The state of one connection.
pub(super) struct Session {
    /// Locked while its task reads, so that a report before an answer is stored before the answer arrives.
    reported: Mutex<Reported>,
    /// 0 if unknown.
    timeline: AtomicU32,
}

impl Session {
    fn lock(&self) -> MutexGuard<'_, Reported> {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the server has reported that this session cannot write.
    pub(super) fn reads_only(&self) -> bool {
        *self.lock() == Reported::ReadsOnly
    }

    /// Whether the server has reported nothing yet, so that the store must ask.
    pub(super) fn reported_nothing(&self) -> bool {
        *self.lock() == Reported::Nothing
    }
}

/// The state of all connections of a pool.
#[derive(Default)]
pub(super) struct Sessions {
    known: Mutex<HashMap<ObjectId, Arc<Session>>>,
    newest_timeline: Arc<AtomicU32>,
}

impl Sessions {
    /// Runs a future that may open a connection; returns its result with the state of the connection.
    pub(super) async fn of<E>(&self, get: impl Future<Output = Result<Object, E>>) -> Result<(Object, Option<Arc<Session>>), E> {
        let made = Arc::new(OnceLock::new());
        let object = MADE.scope(made.clone(), get).await?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let session = match made.get() {
            None => known.get(&Object::id(&object)).cloned(),
            Some(session) => {
                // The task of a closed connection no longer holds its session.
                known.retain(|_, session| Arc::strong_count(session) > 1);
                known.insert(Object::id(&object), session.clone());
                Some(session.clone())
            }
        };
        Ok((object, session))
    }

    /// Whether this process has since seen a server with a newer timeline.
    pub(super) fn is_outdated(&self, session: &Session) -> bool {
        let timeline = session.timeline.load(Ordering::Relaxed);
        timeline != 0 && timeline < self.newest_timeline.load(Ordering::Relaxed)
    }

    /// Checks and configures each new connection.
    pub(super) fn hook(&self) -> Hook {
        let newest = self.newest_timeline.clone();
        Hook::async_fn(move |client, _| {
            let newest = newest.clone();
            Box::pin(async move {
                client.batch_execute(DURABLE).await.map_err(HookError::Backend)?;
                let timeline = timeline(client).await;
                let seen = newest.fetch_max(timeline, Ordering::Relaxed);
                if timeline != 0 && timeline < seen {
                    return Err(HookError::message(format!(
                        "an old primary has come back: its timeline {timeline} has ended, timeline {seen} goes on elsewhere; stop it, \
                         or make it a standby. Where the older one is meant, restart Scopewise"
                    )));
                }
                let _ = MADE.try_with(|made| made.get().map(|session| session.timeline.store(timeline, Ordering::Relaxed)));
                Ok(())
            })
        })
    }
}

/// The timeline that the server writes; 0 if it does not report one.
async fn timeline(client: &ClientWrapper) -> u32 {
    let asked = client.simple_query("SELECT pg_walfile_name(pg_current_wal_insert_lsn())").await;
    let name = asked.ok().and_then(|messages| first(&messages));
    name.and_then(|name| u32::from_str_radix(name.get(..8)?, 16).ok()).unwrap_or(0)
}

/// Whether a session can write, by an explicit query.
pub(super) async fn writes(client: &ClientWrapper) -> Result<bool, Error> {
    let setting = client.simple_query("SHOW transaction_read_only").await?;
    Ok(first(&setting).as_deref() == Some("off"))
}

fn first(messages: &[SimpleQueryMessage]) -> Option<String> {
    messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    })
}

/// The error for a server that only reads.
pub(super) fn only_reads() -> StoreError {
    StoreError::NotPrimary {
        problem: "the server only reads: it is a standby, or `default_transaction_read_only` is on there; --database must name the \
                  server that takes writes"
            .to_owned(),
    }
}

/// Opens connections that read the reports of the server.
struct Listening<T>(T);

impl<T> Connect for Listening<T>
where
    T: MakeTlsConnect<Socket> + Clone + Sync + Send + 'static,
    T::Stream: Sync + Send,
    T::TlsConnect: Sync + Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    fn connect(&self, config: &Config) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + '_>> {
        let (tls, config) = (self.0.clone(), config.clone());
        Box::pin(async move {
            let (client, mut connection) = config.connect(tls).await?;
            let session = Arc::new(Session { reported: Mutex::new(Reported::Nothing), timeline: AtomicU32::new(0) });
            let _ = MADE.try_with(|made| made.set(session.clone()));
            let task = poll_fn(move |context| {
                let mut reported = session.lock();
                let ended = loop {
                    match connection.poll_message(context) {
                        // Notices of the server.
                        Poll::Ready(Some(Ok(_))) => {}
                        Poll::Ready(Some(Err(error))) => {
                            tracing::warn!(%error, "a connection to PostgreSQL has broken");
                            break true;
                        }
                        Poll::Ready(None) => break true,
                        Poll::Pending => break false,
                    }
                };
                *reported = match (connection.parameter("in_hot_standby"), connection.parameter("default_transaction_read_only")) {
                    (Some("off"), Some("off")) => Reported::Writes,
                    (Some(_), Some(_)) => Reported::ReadsOnly,
                    _ => Reported::Nothing,
                };
                if ended { Poll::Ready(()) } else { Poll::Pending }
            });
            Ok((client, tokio::spawn(task)))
        })
    }
}

/// The configuration of the pool.
pub(super) fn manager<T>(config: Config, tls: T, settings: deadpool_postgres::ManagerConfig) -> Manager
where
    T: MakeTlsConnect<Socket> + Clone + Sync + Send + 'static,
    T::Stream: Sync + Send,
    T::TlsConnect: Sync + Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    Manager::from_connect(config, Listening(tls), settings)
}
