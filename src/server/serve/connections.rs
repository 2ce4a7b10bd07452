//! Limits the connections, in all and from one network. When all slots are taken, the connection that has waited longest for its client is
//! closed: idle connections keep no client out.

use std::{
    collections::HashMap,
    net::IpAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{
            AtomicBool, AtomicU8, AtomicU64,
            Ordering::{AcqRel, Acquire, Relaxed},
        },
    },
    task::{Context, Poll},
};

use futures_util::task::AtomicWaker;
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};

use crate::server::{clock::Clock, limits::network_of};

/// One network gets at most this part of all slots, rounded up, so that it takes several networks to fill the server.
const PART_OF_A_NETWORK: usize = 8;
/// Files that the server itself needs: the database's, its log's, and those of the next start.
const OWN_FILES: usize = 160;

/// How many connections there can be: as many as configured, within the limit of open files.
pub(super) fn possible(wanted: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next()?.parse::<usize>().ok());
    let possible = files.map_or(wanted, |files| files.saturating_sub(OWN_FILES).max(1)).min(wanted).max(1);
    if possible < wanted {
        tracing::warn!(wanted, possible, "there are fewer files than connections; raise the limit of open files (ulimit -n)");
    }
    possible
}

/// The connection slots of a server. Cheap to clone.
#[derive(Clone)]
pub(super) struct Connections(Arc<Shared>);

struct Shared {
    max: usize,
    max_of_network: usize,
    clock: Arc<dyn Clock>,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    next: u64,
    taken: usize,
    /// By network; `None` for trusted proxies, which serve many networks and have no limit of their own.
    networks: HashMap<Option<IpAddr>, HashMap<u64, Arc<Connection>>>,
}

/// What is known of a connection.
pub(super) struct Connection {
    clock: Arc<dyn Clock>,
    /// Since when it waits for a request, in milliseconds; `BUSY` while it has one.
    idle_since: AtomicU64,
    /// Whether its client does not read its answer.
    is_stalled: AtomicBool,
    /// As [`Told`].
    told: AtomicU8,
    /// Who runs it.
    runner: AtomicWaker,
}

/// What a connection is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Nothing.
    GoOn,
    /// To end after the request that it has.
    Finish,
    /// To end at once.
    GiveUp,
}

const BUSY: u64 = u64::MAX;

/// A slot that is taken until this is dropped.
pub(super) struct Taken {
    shared: Arc<Shared>,
    connection: Arc<Connection>,
    network: Option<IpAddr>,
    number: u64,
}

impl Connections {
    pub(super) fn new(max: usize, clock: Arc<dyn Clock>) -> Self {
        let max_of_network = max.div_ceil(PART_OF_A_NETWORK);
        Self(Arc::new(Shared { max, max_of_network, clock, table: Mutex::default() }))
    }

    /// A slot for a connection from this address. `None` if all are taken and no connection can be closed.
    pub(super) fn take(&self, peer: IpAddr, is_trusted: bool) -> Option<Taken> {
        let network = (!is_trusted).then(|| network_of(peer));
        let mut table = self.0.lock();
        let of_network = table.networks.get(&network).map_or(0, HashMap::len);
        if network.is_some() && of_network >= self.0.max_of_network {
            table.free(network)?;
        } else if table.taken >= self.0.max {
            let crowded = table.most_crowded();
            crowded.into_iter().find_map(|network| table.free(network))?;
        }
        let connection = Arc::new(Connection {
            idle_since: AtomicU64::new(milliseconds(self.0.clock.as_ref())),
            clock: self.0.clock.clone(),
            is_stalled: AtomicBool::new(false),
            told: AtomicU8::new(Told::GoOn as u8),
            runner: AtomicWaker::new(),
        });
        let number = table.next;
        table.next += 1;
        table.taken += 1;
        table.networks.entry(network).or_default().insert(number, connection.clone());
        Some(Taken { shared: self.0.clone(), connection, network, number })
    }

    /// Tells all connections to end after the request that they have.
    pub(super) fn finish(&self) {
        let table = self.0.lock();
        table.networks.values().flat_map(HashMap::values).for_each(|connection| connection.tell(Told::Finish));
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Ends the connection of this network that has waited longest for its client.
    fn free(&mut self, network: Option<IpAddr>) -> Option<()> {
        let connections = self.networks.get(&network)?;
        let idle = connections.iter().filter_map(|(number, connection)| Some((connection.waits_since()?, *number)));
        let (_, number) = idle.min()?;
        self.remove(network, number)?.tell(Told::GiveUp);
        Some(())
    }

    /// The networks by how many slots they have, those with the most first; trusted proxies last.
    fn most_crowded(&self) -> Vec<Option<IpAddr>> {
        let mut networks: Vec<_> =
            self.networks.iter().map(|(network, connections)| (network.is_some(), connections.len(), *network)).collect();
        networks.sort_unstable_by(|a, b| b.cmp(a));
        networks.into_iter().map(|(_, _, network)| network).collect()
    }

    fn remove(&mut self, network: Option<IpAddr>, number: u64) -> Option<Arc<Connection>> {
        let connections = self.networks.get_mut(&network)?;
        let connection = connections.remove(&number)?;
        if connections.is_empty() {
            self.networks.remove(&network);
        }
        self.taken -= 1;
        Some(connection)
    }
}

fn milliseconds(clock: &dyn Clock) -> u64 {
    u64::try_from(clock.monotonic().as_millis()).unwrap_or(BUSY - 1)
}

impl Connection {
    /// A request has come; it lasts until the answer is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> Busy {
        self.idle_since.store(BUSY, Relaxed);
        Busy(self.clone())
    }

    /// Whether the client does not read at the moment.
    pub(super) fn stalled(&self, stalled: bool) {
        self.is_stalled.store(stalled, Relaxed);
    }

    fn tell(&self, told: Told) {
        self.told.fetch_max(told as u8, AcqRel);
        self.runner.wake();
    }

    /// What it was told. Whoever asks is woken when it is told more.
    pub(super) fn told(&self, context: &Context<'_>) -> Told {
        self.runner.register(context.waker());
        match self.told.load(Acquire) {
            told if told == Told::GiveUp as u8 => Told::GiveUp,
            told if told == Told::Finish as u8 => Told::Finish,
            _ => Told::GoOn,
        }
    }

    /// Since when it waits for its client to send; `None` while there is something to do. Who is read slowly is cut off by patience.
    fn waits_since(&self) -> Option<u64> {
        let since = self.idle_since.load(Relaxed);
        (since != BUSY && !self.is_stalled.load(Relaxed)).then_some(since)
    }
}

/// A request that is being answered.
pub(super) struct Busy(Arc<Connection>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.idle_since.store(milliseconds(self.0.clock.as_ref()), Relaxed);
    }
}

impl Taken {
    pub(super) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        // Another may have it already.
        self.shared.lock().remove(self.network, self.number);
    }
}

/// The body of an answer, with which the request ends.
pub(super) struct Body {
    body: axum::body::Body,
    _busy: Busy,
}

impl Body {
    pub(super) fn new(body: axum::body::Body, busy: Busy) -> Self {
        Self { body, _busy: busy }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::clock::FixedClock;

    fn connections(max: usize) -> (Connections, Arc<FixedClock>) {
        let clock = Arc::new(FixedClock::new(crate::scope::DateTime::from_unix_milliseconds(0)));
        (Connections::new(max, clock.clone()), clock)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn has_given_up(taken: &Taken) -> bool {
        taken.connection().told(&Context::from_waker(std::task::Waker::noop())) == Told::GiveUp
    }

    #[test]
    fn a_network_has_its_part_and_the_longest_idle_connection_makes_room() {
        let (connections, clock) = connections(16);
        let mut held = Vec::new();
        for host in ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2"] {
            held.push(connections.take(ip(host), false).unwrap());
            clock.advance_seconds(1);
        }
        let third = connections.take(ip("2001:db8:0:1::3"), false).unwrap();
        assert!(has_given_up(&held[0]) && !has_given_up(&held[1]) && !has_given_up(&third));
        let neighbour = connections.take(ip("2001:db8:0:2::1"), false).unwrap();
        assert!(!has_given_up(&neighbour) && !has_given_up(&held[1]));
        // Its slot was another's by then.
        held.remove(0);
        assert_eq!(connections.0.lock().taken, 3);
    }

    #[test]
    fn a_connection_that_is_being_answered_keeps_its_slot() {
        let (connections, _) = connections(16);
        let held: Vec<Taken> = (0..2).map(|_| connections.take(ip("192.0.2.1"), false).unwrap()).collect();
        let (first, _second) = (held[0].connection().begin(), held[1].connection().begin());
        assert!(connections.take(ip("192.0.2.1"), false).is_none());
        assert!(connections.take(ip("192.0.2.2"), false).is_some());
        held[0].connection().stalled(true);
        drop(first);
        assert!(connections.take(ip("192.0.2.1"), false).is_none(), "the answer is still on its way");
        held[0].connection().stalled(false);
        assert!(connections.take(ip("192.0.2.1"), false).is_some());
    }

    #[test]
    fn in_a_full_room_the_network_with_the_most_connections_makes_room_and_proxies_do_last() {
        let (connections, clock) = connections(8);
        let proxies: Vec<Taken> = (0..5).map(|_| connections.take(ip("10.0.0.1"), true).unwrap()).collect();
        clock.advance_seconds(1);
        let strangers: Vec<Taken> = (0..3).map(|n| connections.take(IpAddr::from([192, 0, 2, n]), false).unwrap()).collect();
        let more = connections.take(ip("192.0.2.9"), false).unwrap();
        assert!(proxies.iter().all(|taken| !has_given_up(taken)));
        assert_eq!(strangers.iter().filter(|taken| has_given_up(taken)).count(), 1);
        let _busy: Vec<Busy> = strangers.iter().chain([&more]).map(|taken| taken.connection().begin()).collect();
        let last = connections.take(ip("192.0.2.10"), false);
        assert!(last.is_some());
        assert_eq!(proxies.iter().filter(|taken| has_given_up(taken)).count(), 1);
        assert_eq!(connections.0.lock().taken, 8);
    }

    #[test]
    fn all_are_told_to_finish_and_who_has_lost_its_slot_ends_at_once() {
        let (connections, _) = connections(8);
        let held: Vec<Taken> = (0..2).map(|n| connections.take(IpAddr::from([192, 0, 2, n]), false).unwrap()).collect();
        let flag = Arc::new(Flag::default());
        let waker = flag.clone().into();
        let told = |taken: &Taken| taken.connection().told(&Context::from_waker(&waker));
        assert_eq!(told(&held[0]), Told::GoOn);
        connections.finish();
        assert!(flag.0.load(Relaxed), "who runs it is woken");
        assert_eq!([told(&held[0]), told(&held[1])], [Told::Finish; 2]);
        connections.0.lock().free(Some(network_of(ip("192.0.2.0")))).unwrap();
        connections.finish();
        assert_eq!([told(&held[0]), told(&held[1])], [Told::GiveUp, Told::Finish]);
    }

    #[derive(Default)]
    struct Flag(AtomicBool);

    impl std::task::Wake for Flag {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Relaxed);
        }
    }

    #[test]
    fn every_slot_is_given_back() {
        let (connections, _) = connections(8);
        drop([connections.take(ip("192.0.2.1"), false), connections.take(ip("::1"), true)]);
        let table = connections.0.lock();
        assert!(table.taken == 0 && table.networks.is_empty());
    }
}
