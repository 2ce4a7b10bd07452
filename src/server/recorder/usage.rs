//! Records the use of keys and sessions (contract §2: `accessedAt` by the 24-hour rule, `sdks`), off the request path: neither the time nor
//! the content of an answer depends on it.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::{
    scope::DateTime,
    server::store::{DevKeyRecord, KeyBrief, KeyRecord, KeyUse, SessionRecord, Store, StoreError},
};

/// How exact the last use of a key is, in seconds (contract §2).
const KEY_RESOLUTION_SECONDS: i64 = 86_400;
/// How exact the last use of a session is, in seconds.
const SESSION_RESOLUTION_SECONDS: i64 = 300;
/// Beyond this many waiting events, new ones are dropped: a later request brings them again.
const QUEUE: usize = 1024;

/// The names of server SDKs, lower case (contract §2).
const SERVER_SDKS: &[&str] = &["node.js", "php", "python", "ruby", "go", ".net", "dart", "kotlin", "swift", "rust", "graphql", "rest"];

/// The names of client SDKs, lower case.
const CLIENT_SDKS: &[&str] = &["web", "flutter", "apple", "android", "react native", "react-native"];

enum Event {
    Key(KeyUse),
    DevKey { sequence: i64, at: DateTime, sdk: Option<String> },
    Session { id: String, at: DateTime },
    Settle(oneshot::Sender<()>),
}

/// Takes events and writes them one after the other in the background.
pub(in crate::server) struct Usage {
    events: mpsc::Sender<Event>,
}

impl Usage {
    pub(in crate::server) fn start(store: Arc<dyn Store>) -> Self {
        let (events, mut queue) = mpsc::channel(QUEUE);
        tokio::spawn(async move {
            let mut events = Vec::with_capacity(QUEUE);
            while queue.recv_many(&mut events, QUEUE).await > 0 {
                write(store.as_ref(), events.drain(..)).await;
            }
        });
        Self { events }
    }

    /// Whether a use of the key is noted already.
    pub(in crate::server) fn is_noted(key: &KeyBrief<'_>, sdk: Option<&str>, now: DateTime) -> bool {
        let is_new = |sdk: &str| SERVER_SDKS.contains(&sdk) && key.sdks().all(|noted| noted != sdk);
        is_of_today(key.accessed_at(), now) && !sdk.is_some_and(|sdk| is_new(&sdk.to_lowercase()))
    }

    /// Records that a key was used, unless the record says so already.
    pub(in crate::server) fn key(&self, key: &KeyRecord, sdk: Option<&str>, now: DateTime) {
        let sdk = sdk.map(str::to_lowercase).filter(|sdk| SERVER_SDKS.contains(&sdk.as_str()) && !key.sdks.contains(sdk));
        if !is_of_today(key.accessed_at, now) || sdk.is_some() {
            let _ = self.events.try_send(Event::Key(KeyUse { key_sequence: key.sequence, at: now, sdk }));
        }
    }

    /// Records that a dev key was used, unless the record says so already.
    pub(in crate::server) fn dev_key(&self, key: &DevKeyRecord, sdk: Option<&str>, now: DateTime) {
        let sdk = sdk.map(str::to_lowercase).filter(|sdk| CLIENT_SDKS.contains(&sdk.as_str()) && !key.sdks.contains(sdk));
        if !is_of_today(key.accessed_at, now) || sdk.is_some() {
            let _ = self.events.try_send(Event::DevKey { sequence: key.sequence, at: now, sdk });
        }
    }

    /// Records that a session was used, where the record does not say so already.
    pub(in crate::server) fn session(&self, session: &SessionRecord, now: DateTime) {
        if now.plus_seconds(-SESSION_RESOLUTION_SECONDS) >= session.last_used_at {
            let _ = self.events.try_send(Event::Session { id: session.id.clone(), at: now });
        }
    }

    /// Waits until every event so far is written.
    pub(in crate::server) async fn settle(&self) {
        let (done, written) = oneshot::channel();
        if self.events.send(Event::Settle(done)).await.is_ok() {
            let _ = written.await;
        }
    }
}

/// Whether a use at `now` is the same as the last one, which is noted by the day.
fn is_of_today(accessed_at: Option<DateTime>, now: DateTime) -> bool {
    accessed_at.is_some_and(|at| now.plus_seconds(-KEY_RESOLUTION_SECONDS) <= at)
}

/// Writes events one after the other, uses of keys many at a time: with a million keys, each of them is used for the first time on
/// some day, and one wait for the disk for each would be too slow.
async fn write(store: &dyn Store, events: impl Iterator<Item = Event>) {
    let mut uses = Vec::new();
    for event in events {
        if let Event::Key(used) = event {
            uses.push(used);
            continue;
        }
        flush(store, &mut uses).await;
        log_failure(match event {
            Event::Key(used) => store.record_key_uses(vec![used]).await,
            Event::DevKey { sequence, at, sdk } => store.record_dev_key_use(sequence, at, sdk.as_deref()).await,
            Event::Session { id, at } => store.touch_session(&id, at).await,
            Event::Settle(done) => {
                let _ = done.send(());
                Ok(())
            }
        });
    }
    flush(store, &mut uses).await;
}

async fn flush(store: &dyn Store, uses: &mut Vec<KeyUse>) {
    if !uses.is_empty() {
        log_failure(store.record_key_uses(std::mem::take(uses)).await);
    }
}

fn log_failure(written: Result<(), StoreError>) {
    if let Err(error) = written {
        tracing::warn!(%error, "a use was not recorded");
    }
}
