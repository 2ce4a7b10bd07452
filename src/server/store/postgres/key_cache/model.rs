//! Tries every order of events of small worlds: keys, a transaction on each that commits or rolls back, requests, a server that loses
//! its last commits, old changes that are deleted. Each answer must be a value that was true at some moment after its request arrived.
//! Each rule that is left out must be found.

use std::{
    collections::{BTreeSet, HashSet, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use super::rounds::{Changes, Load, Read, Rounds};

/// What is left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Flaw {
    Nothing,
    /// A request is answered by a read that was sent before it arrived.
    EarlierRead,
    /// Rows are kept although a later read was answered before them.
    LateRows,
    /// The first snapshots do not clear the cache.
    FirstSnapshot,
    /// A read reports only transactions that began after the previous snapshot.
    OnlyLaterTransactions,
    /// Old changes are deleted, and nobody notes it.
    SilentPruning,
    /// The cache stays when the connection ends.
    CacheOutlivesConnection,
}

/// What may happen.
#[derive(Clone, Copy)]
struct Scope {
    /// The number of keys, each with a transaction.
    writers: usize,
    requests: usize,
    /// Whether answers are taken in their order.
    in_order: bool,
    fails: bool,
    prunes: bool,
}

const SCOPES: [Scope; 5] = [
    Scope { writers: 1, requests: 3, in_order: true, fails: false, prunes: false },
    Scope { writers: 2, requests: 2, in_order: true, fails: false, prunes: false },
    Scope { writers: 1, requests: 3, in_order: false, fails: false, prunes: false },
    Scope { writers: 1, requests: 2, in_order: true, fails: true, prunes: false },
    Scope { writers: 2, requests: 2, in_order: true, fails: false, prunes: true },
];

/// The database: a value of each key, as a bit, so that a set of values is a number.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
struct Database {
    values: [u32; 2],
    next: u64,
    running: BTreeSet<u64>,
    /// Committed entries: the transaction, and the key or the forgotten transactions.
    log: Vec<(u64, Result<usize, u64>)>,
}

impl Database {
    fn begin(&mut self) -> u64 {
        self.next += 1;
        self.running.insert(self.next);
        self.next
    }

    fn snapshot(&self) -> Arc<str> {
        let running: Vec<String> = self.running.iter().map(u64::to_string).collect();
        format!("{}:{}", self.next + 1, running.join(",")).into()
    }

    /// As the statement of `asked.rs`.
    fn fresh(&self, since: Option<&str>, flaw: Flaw) -> (Arc<str>, Changes) {
        let mut changes = Changes::default();
        if let Some((end, running)) = since.and_then(|since| since.split_once(':')) {
            let end: u64 = end.parse().unwrap();
            let running: Vec<u64> = running.split(',').filter_map(|xid| xid.parse().ok()).collect();
            let first = running.iter().copied().min().unwrap_or(end);
            let is_seen = |xid: u64| xid < end && (flaw == Flaw::OnlyLaterTransactions || !running.contains(&xid));
            for (xid, entry) in self.log.iter().filter(|(xid, _)| *xid >= first && !is_seen(*xid)) {
                match entry {
                    Ok(key) => changes.keys.push(*key as i64),
                    Err(forgotten) => changes.everything |= *forgotten >= first,
                }
                assert!(*xid <= self.next);
            }
        }
        (self.snapshot(), changes)
    }
}

/// A waiting request: its key, and whether it asks for the row.
type Waiter = (usize, bool);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Message {
    Read(Read, Vec<usize>),
    Load(Load, Vec<usize>),
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Answer {
    Fresh(Read, Vec<usize>, Arc<str>, Changes),
    Rows(Load, Vec<usize>, Vec<(usize, u32)>),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
enum Request {
    #[default]
    Outside,
    /// In the queue or under way; the values that are true since it arrived.
    Waits(Waiter, u32),
    /// Its read was answered, and it has not looked yet.
    Looks(usize, u32),
    Gone,
}

#[derive(Clone, PartialEq, Eq, Hash, Default)]
struct World {
    database: Database,
    /// The transactions to come, each on its key: not begun, running, done.
    writers: [Option<Result<u64, ()>>; 2],
    /// What a standby has.
    standby: Option<Database>,
    may_fail: bool,
    may_prune: bool,
    sent: VecDeque<Message>,
    answers: VecDeque<Answer>,
    rounds: Rounds,
    cache: [Option<u32>; 2],
    queue: Vec<usize>,
    requests: [Request; 3],
}

/// A world after one more event, or the key and value of an answer that was never true.
type Next = Result<World, String>;

impl World {
    fn new(scope: Scope) -> Self {
        let database = Database { values: [1, 1], ..Database::default() };
        Self { database, may_fail: scope.fails, may_prune: scope.prunes, ..Self::default() }
    }

    fn after(&self, change: impl FnOnce(&mut Self)) -> Next {
        self.tried(|world| {
            change(world);
            Ok(())
        })
    }

    fn tried(&self, change: impl FnOnce(&mut Self) -> Result<(), String>) -> Next {
        let mut world = self.clone();
        change(&mut world).map(|()| world)
    }

    /// Every world that one event makes of this one.
    fn next(&self, flaw: Flaw, scope: Scope) -> Vec<Next> {
        let mut all = Vec::new();
        for (key, writer) in self.writers.iter().enumerate().take(scope.writers) {
            match writer {
                None => all.push(self.after(|world| world.writers[key] = Some(Ok(world.database.begin())))),
                Some(Ok(xid)) => {
                    all.push(self.after(|world| world.commit(key, *xid)));
                    all.push(self.after(|world| world.roll_back(key, *xid)));
                }
                Some(Err(())) => {}
            }
        }
        if self.may_fail && self.standby.is_none() {
            all.push(self.after(|world| world.standby = Some(world.database.clone())));
        } else if self.may_fail {
            all.push(self.after(|world| world.fail_over(flaw)));
        }
        if self.may_prune && !self.database.log.is_empty() {
            all.push(self.after(|world| world.prune(flaw)));
        }
        for (number, request) in self.requests.iter().enumerate().take(scope.requests) {
            match request {
                // They arrive in their order, which is the same for all of them.
                Request::Outside if number == 0 || self.requests[number - 1] != Request::Outside => {
                    for key in 0..=number.min(scope.writers - 1) {
                        all.push(self.after(|world| world.arrive(number, key, world.database.values[key], flaw)));
                    }
                }
                Request::Looks(key, values) => all.push(match self.cache[*key] {
                    Some(value) => self.tried(|world| world.answer(number, *values, value)),
                    None => self.after(|world| world.arrive(number, *key, *values, flaw)),
                }),
                Request::Outside | Request::Waits(..) | Request::Gone => {}
            }
        }
        let reads = self.sent.iter().filter(|message| matches!(message, Message::Read(..))).count()
            + self.answers.iter().filter(|answer| matches!(answer, Answer::Fresh(..))).count();
        if !self.queue.is_empty() && reads < 2 {
            all.push(self.after(Self::send));
        }
        if !self.sent.is_empty() {
            all.push(self.after(|world| world.serve(flaw)));
        }
        for at in 0..self.answers.len().min(if scope.in_order { 1 } else { usize::MAX }) {
            all.push(self.tried(|world| world.take(at, flaw)));
        }
        all
    }

    fn roll_back(&mut self, key: usize, xid: u64) {
        self.database.running.remove(&xid);
        self.writers[key] = Some(Err(()));
    }

    fn commit(&mut self, key: usize, xid: u64) {
        self.database.running.remove(&xid);
        self.database.log.push((xid, Ok(key)));
        // Each value is a new one.
        self.database.values[key] = 2 << key;
        self.writers[key] = Some(Err(()));
        self.has_become_true(key);
    }

    /// What a key is now, it is also for the requests under way.
    fn has_become_true(&mut self, key: usize) {
        let value = self.database.values[key];
        for request in &mut self.requests {
            match request {
                Request::Waits((asked, _), values) | Request::Looks(asked, values) if *asked == key => *values |= value,
                _ => {}
            }
        }
    }

    /// The standby takes over; what it has not got is lost, and so is every transaction that runs.
    fn fail_over(&mut self, flaw: Flaw) {
        let Some(standby) = self.standby.take() else { return };
        self.database = Database { running: BTreeSet::new(), ..standby };
        // Clients try what was lost again, in another order: numbers of transactions come back.
        for (key, writer) in self.writers.iter_mut().enumerate() {
            *writer = if self.database.values[key] == 1 { None } else { Some(Err(())) };
        }
        self.has_become_true(0);
        self.has_become_true(1);
        self.sent.clear();
        self.answers.clear();
        if flaw != Flaw::CacheOutlivesConnection {
            self.cache = [None, None];
        }
        if flaw != Flaw::CacheOutlivesConnection {
            self.rounds = Rounds::default();
        }
        // They ask the database themselves.
        for (number, request) in self.requests.iter_mut().enumerate() {
            if matches!(request, Request::Waits(..)) && !self.queue.contains(&number) {
                *request = Request::Gone;
            }
        }
        self.may_fail = false;
    }

    fn prune(&mut self, flaw: Flaw) {
        self.may_prune = false;
        self.database.next += 1;
        let last = self.database.log.iter().map(|(xid, _)| *xid).max().unwrap_or_default();
        self.database.log.clear();
        if flaw != Flaw::SilentPruning {
            self.database.log.push((self.database.next, Err(last)));
        }
    }

    fn arrive(&mut self, number: usize, key: usize, values: u32, flaw: Flaw) {
        let is_missing = self.cache[key].is_none();
        self.requests[number] = Request::Waits((key, is_missing), values);
        if flaw == Flaw::EarlierRead && !is_missing {
            let last = self.sent.iter_mut().rev().find_map(|message| match message {
                Message::Read(_, waiters) => Some(waiters),
                Message::Load(..) => None,
            });
            let answered = self.answers.iter_mut().find_map(|answer| match answer {
                Answer::Fresh(_, waiters, ..) => Some(waiters),
                Answer::Rows(..) => None,
            });
            if let Some(waiters) = last.or(answered) {
                return waiters.push(number);
            }
        }
        self.queue.push(number);
    }

    fn send(&mut self) {
        let queue = std::mem::take(&mut self.queue);
        let loads = |number: &usize| matches!(self.requests[*number], Request::Waits((_, true), _));
        let (load, look): (Vec<usize>, Vec<usize>) = queue.into_iter().partition(loads);
        self.sent.push_back(Message::Read(self.rounds.read(), look));
        if !load.is_empty() {
            self.sent.push_back(Message::Load(self.rounds.load(), load));
        }
    }

    fn serve(&mut self, flaw: Flaw) {
        match self.sent.pop_front() {
            Some(Message::Read(read, waiters)) => {
                let (snapshot, changes) = self.database.fresh(read.since.as_deref(), flaw);
                self.answers.push_back(Answer::Fresh(read, waiters, snapshot, changes));
            }
            Some(Message::Load(load, waiters)) => {
                let rows = waiters.iter().map(|number| self.row(*number)).collect();
                self.answers.push_back(Answer::Rows(load, waiters, rows));
            }
            None => {}
        }
    }

    fn row(&self, number: usize) -> (usize, u32) {
        let Request::Waits((key, _), _) = self.requests[number] else { panic!("only a waiting request asks") };
        (key, self.database.values[key])
    }

    fn take(&mut self, at: usize, flaw: Flaw) -> Result<(), String> {
        match self.answers.remove(at) {
            Some(Answer::Fresh(read, waiters, snapshot, changes)) => {
                let first = read.since.is_none();
                let mut changes = self.rounds.answered(&read, snapshot, changes);
                changes.everything &= !(first && flaw == Flaw::FirstSnapshot);
                if changes.everything {
                    self.cache = [None, None];
                }
                changes.keys.iter().for_each(|key| self.cache[usize::try_from(*key).unwrap()] = None);
                for number in waiters {
                    if let Request::Waits((key, _), values) = self.requests[number] {
                        self.requests[number] = Request::Looks(key, values);
                    }
                }
            }
            Some(Answer::Rows(load, waiters, rows)) => {
                for (number, (key, value)) in waiters.into_iter().zip(rows) {
                    if (self.rounds.may_keep(load) || flaw == Flaw::LateRows) && self.cache[key].is_none() {
                        self.cache[key] = Some(value);
                    }
                    if let Request::Waits(_, values) = self.requests[number] {
                        self.answer(number, values, value)?;
                    }
                }
            }
            None => {}
        }
        Ok(())
    }

    fn answer(&mut self, number: usize, values: u32, value: u32) -> Result<(), String> {
        // The other request is to find what this one leaves in the cache.
        self.requests[number] = Request::Gone;
        if values & value == 0 {
            Err(format!("request {number} was answered {value}, and since it arrived {values} was true"))
        } else {
            Ok(())
        }
    }
}

/// The number of worlds, or the first wrong answer.
fn explore(flaw: Flaw, scope: Scope) -> Result<usize, String> {
    // A world is known by its hash of 64 bits: some hundred thousand of them do not meet.
    let (mut seen, mut open, hasher) = (HashSet::new(), vec![World::new(scope)], RandomState::new());
    while let Some(world) = open.pop() {
        for next in world.next(flaw, scope) {
            let next = next?;
            if seen.insert(hasher.hash_one(&next)) {
                open.push(next);
            }
        }
    }
    Ok(seen.len())
}

#[test]
fn no_order_of_events_gives_an_old_answer() {
    for (number, scope) in SCOPES.into_iter().enumerate() {
        let worlds = explore(Flaw::Nothing, scope).unwrap();
        assert!(worlds > 1_000, "scope {number} has only {worlds} worlds");
    }
}

#[test]
fn each_rule_is_needed() {
    for flaw in [
        Flaw::EarlierRead,
        Flaw::LateRows,
        Flaw::FirstSnapshot,
        Flaw::OnlyLaterTransactions,
        Flaw::SilentPruning,
        Flaw::CacheOutlivesConnection,
    ] {
        let found: Vec<_> = SCOPES.into_iter().map(|scope| explore(flaw, scope)).collect();
        assert!(found.iter().any(Result::is_err), "{flaw:?} is not found: {found:?}");
    }
}
