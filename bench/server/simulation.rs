//! What freshness reads cost with many replicas on one PostgreSQL: a simulation, since no machine here holds 100 of them. It needs no
//! server, and its numbers are the same in every run.
//!
//! Each replica gets as many requests as the others, at random times, and sends its reads as `key_cache/task.rs` does: two at the most, a
//! second one only while the first serves few requests. The database has some cores; each replica's connection runs one read at a time.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    path::Path,
};

use crate::{dice::Dice, table::Table};

/// The rules of `key_cache/task.rs`.
const PIPELINED: usize = 2;
const FEW: usize = 8;
const MAX_WAITERS: usize = 256;

/// Of one replica, a second.
const REQUESTS: u64 = 5_000;
/// The time of one core of the database for a read (docs/benchmarks.md), in nanoseconds.
const READ: u64 = 70_000;
const CORES: usize = 4;
/// From a replica to the database and back, in nanoseconds.
const ROUND_TRIP: u64 = 500_000;
/// How long the simulated time is, and from when on it counts, in nanoseconds.
const END: u64 = 2_000_000_000;
const COUNTED: u64 = 200_000_000;

/// What happens, to a replica.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Request(usize),
    /// A read has reached the database.
    Asked(usize),
    /// The database has answered a read.
    Done(usize),
    /// The answer has reached the replica.
    Answered(usize),
}

#[derive(Default)]
struct Replica {
    /// When each request that waits for the next read came.
    waiting: VecDeque<u64>,
    /// The requests of each read that is under way, oldest first: the connection answers in this order.
    reads: VecDeque<Vec<u64>>,
    /// Reads that wait in the database for the one before.
    behind: usize,
    is_running: bool,
}

/// What a number of replicas leads to.
struct Outcome {
    reads: u64,
    waits: Vec<u64>,
    busy: u64,
}

struct World {
    replicas: Vec<Replica>,
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    number: u64,
    /// Replicas whose read waits for a core.
    ready: VecDeque<usize>,
    free_cores: usize,
    outcome: Outcome,
}

impl World {
    fn at(&mut self, time: u64, event: Event) {
        // What happens at the same time happens in the order in which it was planned.
        self.number += 1;
        self.events.push(Reverse((time, self.number, event)));
    }

    fn read(&mut self, now: u64, at: usize) {
        let replica = &mut self.replicas[at];
        let served: usize = replica.reads.iter().map(Vec::len).sum();
        let may_read = replica.reads.is_empty() || replica.reads.len() < PIPELINED && served < FEW;
        if may_read && !replica.waiting.is_empty() {
            let count = replica.waiting.len().min(MAX_WAITERS);
            let requests = replica.waiting.drain(..count).collect();
            replica.reads.push_back(requests);
            self.outcome.reads += u64::from(now >= COUNTED);
            self.at(now + ROUND_TRIP / 2, Event::Asked(at));
        }
    }

    fn work(&mut self, now: u64) {
        while self.free_cores > 0
            && let Some(at) = self.ready.pop_front()
        {
            self.free_cores -= 1;
            self.outcome.busy += if now >= COUNTED { READ } else { 0 };
            self.at(now + READ, Event::Done(at));
        }
    }

    fn happens(&mut self, now: u64, event: Event, dice: &mut Dice) {
        match event {
            Event::Request(at) => {
                self.replicas[at].waiting.push_back(now);
                self.read(now, at);
                let next = now + pause(dice);
                if next < END {
                    self.at(next, Event::Request(at));
                }
            }
            Event::Asked(at) => {
                let replica = &mut self.replicas[at];
                if replica.is_running {
                    replica.behind += 1;
                } else {
                    replica.is_running = true;
                    self.ready.push_back(at);
                    self.work(now);
                }
            }
            Event::Done(at) => {
                self.free_cores += 1;
                let replica = &mut self.replicas[at];
                replica.is_running = replica.behind > 0;
                if replica.is_running {
                    replica.behind -= 1;
                    self.ready.push_back(at);
                }
                self.work(now);
                self.at(now + ROUND_TRIP / 2, Event::Answered(at));
            }
            Event::Answered(at) => {
                let came = self.replicas[at].reads.pop_front().unwrap();
                self.outcome.waits.extend(came.into_iter().filter(|came| *came >= COUNTED).map(|came| now - came));
                self.read(now, at);
            }
        }
    }
}

/// Until the next request of a replica.
fn pause(dice: &mut Dice) -> u64 {
    let chance = (dice.below(1 << 30) as f64 + 1.0) / f64::from(1 << 30);
    (-chance.ln() * 1e9 / REQUESTS as f64) as u64
}

fn simulate(replicas: usize) -> Outcome {
    let mut dice = Dice::new(7);
    let outcome = Outcome { reads: 0, waits: Vec::new(), busy: 0 };
    let (ready, events) = (VecDeque::new(), BinaryHeap::new());
    let replicas: Vec<Replica> = (0..replicas).map(|_| Replica::default()).collect();
    let mut world = World { replicas, events, number: 0, ready, free_cores: CORES, outcome };
    for at in 0..world.replicas.len() {
        let first = pause(&mut dice);
        world.at(first, Event::Request(at));
    }
    while let Some(Reverse((now, _, event))) = world.events.pop() {
        world.happens(now, event, &mut dice);
    }
    world.outcome.waits.sort_unstable();
    world.outcome
}

pub fn measure(_: &mut Table, _: &Path) {
    println!(
        "freshness reads, simulated: {REQUESTS} requests/s for each replica, {} µs for a read, {CORES} cores, {} ms for a round trip",
        READ / 1000,
        ROUND_TRIP as f64 / 1e6
    );
    println!(
        "{:>9} {:>12} {:>9} {:>14} {:>14} {:>10} {:>10}",
        "replicas", "requests/s", "reads/s", "requests/read", "database busy", "p50 ms", "p99 ms"
    );
    for replicas in [1, 2, 5, 10, 20, 50, 100] {
        let Outcome { reads, waits, busy } = simulate(replicas);
        let seconds = (END - COUNTED) as f64 / 1e9;
        let at = |share: f64| waits[(waits.len() as f64 * share) as usize] as f64 / 1e6;
        println!(
            "{replicas:>9} {:>12.0} {:>9.0} {:>14.1} {:>13.0}% {:>10.2} {:>10.2}",
            waits.len() as f64 / seconds,
            reads as f64 / seconds,
            waits.len() as f64 / reads as f64,
            busy as f64 / 1e9 / seconds / CORES as f64 * 100.0,
            at(0.5),
            at(0.99)
        );
    }
}
