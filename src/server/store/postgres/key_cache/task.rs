//! The task that owns the connection of the cache: it sends the freshness reads and queries of waiting lookups, and applies the answers.

use std::{
    collections::HashSet,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, PoisonError, RwLockWriteGuard, atomic::Ordering},
    task::Poll,
};

use futures_util::{StreamExt, stream::FuturesOrdered};
use tokio::{
    sync::{mpsc::Receiver, oneshot},
    task::yield_now,
};
use tokio_postgres::Error;

use super::{
    Shared,
    prune::prune,
    queries::{Fresh, Line, Rows},
    rounds::{Changes, Load, Read, Rounds},
};
use crate::server::{
    auth::SecretHash,
    store::{
        ProjectRecord,
        key_cache::{Cache, Found, StoredKey},
        postgres::connect::bounded,
    },
};

/// The number of reads that may be under way: a second one need not wait for the first, and more would serve fewer lookups each.
const PIPELINED: usize = 2;
/// A second read is sent only while the first one serves fewer lookups than this. Under a low load, a lookup so waits for no other read;
/// under a high one, reads are half as many, and each serves twice as many lookups.
const FEW: usize = 8;
/// The maximum number of lookups that one read serves.
const MAX_WAITERS: usize = 256;
/// How often a read that is about to be sent lets others run, as long as that brings more lookups.
const MAX_TURNS: usize = 4;
/// After this many changes, old ones are deleted.
const PRUNED_AFTER: usize = 1024;

/// A lookup that waits.
pub(super) struct Waiter {
    /// What the cache does not hold, and the database is asked for.
    pub project: Option<String>,
    pub secret: Option<SecretHash>,
    /// Dropped if the task has no answer; then the lookup asks the database itself.
    pub answer: oneshot::Sender<Loaded>,
}

impl Waiter {
    fn only_looks(&self) -> bool {
        self.project.is_none() && self.secret.is_none()
    }
}

/// The answer to a lookup.
#[derive(Default)]
pub(super) struct Loaded {
    /// The rows that it asked for, if they exist. Everything else is in the cache, which is fresh now.
    pub project: Option<Arc<ProjectRecord>>,
    pub key: Option<StoredKey>,
}

/// What has come back.
enum Event {
    Fresh(Read, Vec<Waiter>, Option<Fresh>),
    Loaded(Load, Vec<Waiter>, Option<Rows>),
    Ahead(Load, Option<Vec<(SecretHash, Found)>>),
}

type Answers = FuturesOrdered<Pin<Box<dyn Future<Output = Event> + Send>>>;

/// Runs until the store is dropped.
pub(super) async fn run(shared: Arc<Shared>, mut waiting: Receiver<Waiter>) {
    loop {
        // Lookups do not wait for the connection: they ask the database themselves.
        let line = {
            let mut opening = std::pin::pin!(Line::open(&shared.connections));
            loop {
                tokio::select! {
                    line = &mut opening => break line,
                    waiter = waiting.recv() => if waiter.is_none() { return },
                }
            }
        };
        match line {
            Ok(line) => {
                let ended = Epoch::new(&shared, Arc::new(line)).run(&mut waiting).await;
                shared.clear();
                if ended == Ended::WithTheStore {
                    return;
                }
                tracing::debug!("the connection of the key cache has ended; the cache starts again, empty");
            }
            // The next lookup tries again.
            Err(_) => {
                if waiting.recv().await.is_none() {
                    return;
                }
            }
        }
    }
}

#[derive(PartialEq, Eq)]
enum Ended {
    WithTheStore,
    WithTheConnection,
}

/// The life of one connection. The cache is empty when it begins, and is cleared when it ends.
struct Epoch<'a> {
    shared: &'a Shared,
    line: Arc<Line>,
    rounds: Rounds,
    answers: Answers,
    /// The number of reads that are under way.
    reads: usize,
    /// The number of lookups that they serve.
    served: usize,
    /// The sequence after which keys are to be read ahead.
    ahead: Option<i64>,
    /// Whether they are being read.
    is_reading_ahead: bool,
    changes: usize,
}

impl<'a> Epoch<'a> {
    fn new(shared: &'a Shared, line: Arc<Line>) -> Self {
        let (rounds, answers) = (Rounds::default(), FuturesOrdered::new());
        Self { shared, line, rounds, answers, reads: 0, served: 0, ahead: None, is_reading_ahead: false, changes: 0 }
    }

    async fn run(mut self, waiting: &mut Receiver<Waiter>) -> Ended {
        // A first read, so that keys are read ahead before anyone asks.
        self.read(Vec::new()).await;
        let mut waiters = Vec::new();
        loop {
            if let Some(after) = self.ahead.filter(|_| !self.is_reading_ahead) {
                self.read_ahead(after).await;
            }
            tokio::select! {
                biased;
                Some(event) = self.answers.next(), if !self.answers.is_empty() => {
                    if !self.apply(event) {
                        return Ended::WithTheConnection;
                    }
                }
                count = waiting.recv_many(&mut waiters, MAX_WAITERS), if may_read(self.reads, self.served) => {
                    if count == 0 {
                        return Ended::WithTheStore;
                    }
                    gather(waiting, &mut waiters).await;
                    self.read(std::mem::take(&mut waiters)).await;
                }
            }
        }
    }

    /// Sends a freshness read, and a query of what the cache lacks.
    async fn read(&mut self, waiters: Vec<Waiter>) {
        let (look, load): (Vec<_>, Vec<_>) = waiters.into_iter().partition(Waiter::only_looks);
        let (line, connections, read) = (self.line.clone(), self.shared.connections.clone(), self.rounds.read());
        self.reads += 1;
        self.served += look.len();
        self.send(async move {
            let answer = answer(line.fresh(&read, &connections)).await.flatten();
            Event::Fresh(read, look, answer)
        })
        .await;
        if load.is_empty() {
            return;
        }
        let (line, connections, number) = (self.line.clone(), self.shared.connections.clone(), self.rounds.load());
        self.send(async move {
            let secrets: HashSet<&SecretHash> = load.iter().filter_map(|waiter| waiter.secret.as_ref()).collect();
            let ids: HashSet<&String> = load.iter().filter_map(|waiter| waiter.project.as_ref()).collect();
            let (secrets, ids): (Vec<_>, Vec<_>) = (secrets.into_iter().cloned().collect(), ids.into_iter().cloned().collect());
            let rows = answer(line.load(&secrets, &ids, &connections)).await.flatten();
            Event::Loaded(number, load, rows)
        })
        .await;
    }

    async fn read_ahead(&mut self, after: i64) {
        self.is_reading_ahead = true;
        let (line, number) = (self.line.clone(), self.rounds.load());
        self.send(async move {
            let keys = answer(line.keys_after(after)).await;
            Event::Ahead(number, keys)
        })
        .await;
    }

    /// Sends what an answer needs.
    // INVARIANT: polled at once, which sends it, so that the server answers in the order of the calls.
    async fn send(&mut self, event: impl Future<Output = Event> + Send + 'static) {
        let mut event: Pin<Box<dyn Future<Output = Event> + Send>> = Box::pin(event);
        match poll_fn(|context| Poll::Ready(event.as_mut().poll(context))).await {
            Poll::Ready(event) => self.answers.push_back(Box::pin(std::future::ready(event))),
            Poll::Pending => self.answers.push_back(event),
        }
    }

    /// Applies an answer. Returns `false` if the connection can no longer be used.
    fn apply(&mut self, event: Event) -> bool {
        match event {
            Event::Fresh(read, waiters, Some(fresh)) => {
                self.reads -= 1;
                self.served -= waiters.len();
                let changes = self.rounds.answered(&read, fresh.snapshot, fresh.changes);
                self.forget(&changes);
                for waiter in waiters {
                    // The client may have left.
                    let _ = waiter.answer.send(Loaded::default());
                }
            }
            Event::Loaded(load, waiters, Some(rows)) => {
                if self.rounds.may_keep(load) {
                    let mut kept = self.kept();
                    rows.keys.iter().for_each(|(secret, found)| kept.keep_key(secret, found));
                    rows.projects.values().for_each(|project| kept.keep_project(project));
                }
                for waiter in waiters {
                    let project = waiter.project.and_then(|id| rows.projects.get(&id).cloned());
                    let key = waiter.secret.and_then(|secret| StoredKey::new(&secret, rows.keys.get(&secret)?).ok());
                    let _ = waiter.answer.send(Loaded { project, key });
                }
            }
            Event::Ahead(load, Some(keys)) => {
                self.is_reading_ahead = false;
                // Where the rows may not be kept, they are read again.
                if self.rounds.may_keep(load) {
                    let mut kept = self.kept();
                    let room = keys.iter().take_while(|(secret, found)| {
                        let is_full = kept.is_full();
                        if !is_full {
                            kept.keep_key(secret, found);
                        }
                        !is_full
                    });
                    let is_all = room.count() == keys.len();
                    drop(kept);
                    self.ahead = keys.last().map(|(_, last)| last.key.sequence).filter(|_| is_all);
                }
            }
            // A row that cannot be read, or a broken connection: each lookup finds out on its own.
            Event::Fresh(_, _, None) | Event::Loaded(_, _, None) | Event::Ahead(_, None) => return false,
        }
        true
    }

    fn forget(&mut self, changes: &Changes) {
        if changes.everything {
            self.kept().clear();
            self.ahead = self.shared.reads_ahead.load(Ordering::Relaxed).then_some(i64::MIN);
        }
        let count = changes.keys.len() + changes.projects.len();
        if count > 0 {
            let mut kept = self.kept();
            changes.keys.iter().for_each(|sequence| kept.forget(*sequence));
            changes.projects.iter().for_each(|id| kept.forget_project(id));
        }
        self.changes += count;
        if self.changes >= PRUNED_AFTER {
            self.changes = 0;
            prune(&self.shared.connections);
        }
    }

    fn kept(&self) -> RwLockWriteGuard<'a, Cache> {
        self.shared.kept.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the requests that have arrived come as far as their lookups, and takes those along: the read is not sent yet. Without others, this
/// is one turn.
async fn gather(waiting: &mut Receiver<Waiter>, waiters: &mut Vec<Waiter>) {
    for _ in 0..MAX_TURNS {
        yield_now().await;
        let before = waiters.len();
        while waiters.len() < MAX_WAITERS
            && let Ok(waiter) = waiting.try_recv()
        {
            waiters.push(waiter);
        }
        if waiters.len() == before {
            return;
        }
    }
}

/// Whether another read may be sent, where so many are under way, which serve so many lookups.
fn may_read(reads: usize, served: usize) -> bool {
    reads == 0 || reads < PIPELINED && served < FEW
}

async fn answer<T>(asked: impl Future<Output = Result<T, Error>>) -> Option<T> {
    bounded(asked).await.ok()?.ok()
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::{self, Sender};

    use super::*;

    fn waiter(project: usize) -> Waiter {
        Waiter { project: Some(project.to_string()), secret: None, answer: oneshot::channel().0 }
    }

    /// Lookups that come in turns: each of so many requests comes as far as its lookup when others let it run. Returns how many a read takes.
    async fn gathered(turns: &[usize]) -> usize {
        let (lookups, mut waiting) = mpsc::channel(2 * MAX_WAITERS);
        let turns = turns.to_vec();
        let send = async |lookups: Sender<Waiter>| {
            for (turn, count) in turns.into_iter().enumerate() {
                for _ in 0..count {
                    lookups.try_send(waiter(turn)).unwrap();
                }
                yield_now().await;
            }
            // Kept, as by the cache.
            std::future::pending::<()>().await;
        };
        let mut waiters = vec![waiter(0)];
        tokio::select! {
            biased;
            () = gather(&mut waiting, &mut waiters) => {}
            () = send(lookups) => {}
        }
        waiters.len()
    }

    #[tokio::test]
    async fn a_read_takes_along_the_lookups_of_requests_that_have_arrived() {
        assert_eq!(gathered(&[]).await, 1);
        assert_eq!(gathered(&[7, 3, 2]).await, 13);
        // It does not wait where nobody comes.
        assert_eq!(gathered(&[7, 0, 3]).await, 8);
        // It stops after a few turns, and when a read serves no more.
        assert_eq!(gathered(&[1; 2 * MAX_TURNS]).await, 1 + MAX_TURNS);
        assert_eq!(gathered(&[MAX_WAITERS, MAX_WAITERS]).await, MAX_WAITERS);
    }

    #[test]
    fn a_second_read_is_sent_only_while_the_first_one_serves_few_lookups() {
        // A first one never waits, and serves everyone who waits by then.
        assert!(may_read(0, 0) && may_read(0, MAX_WAITERS));
        assert!(may_read(1, 0) && may_read(1, FEW - 1));
        assert!(!may_read(1, FEW) && !may_read(1, MAX_WAITERS));
        // There is no third one, however few they serve.
        assert!(!may_read(2, 0) && !may_read(2, FEW));
    }
}
