//! Owns turns at what only a few may have at a time: callers take them in rounds, so that nobody waits for all that another has
//! asked for. A caller is a project, a network, or whoever else shares.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

/// How much there is, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// What all callers may have together.
    pub in_all: usize,
    /// What one caller may have. A turn that costs more is cut to this, so that everything gets a turn some day.
    pub per_caller: usize,
    /// How many turns one caller may wait for.
    pub waiting: usize,
    /// How long it may wait for one; `None` for as long as it takes.
    pub wait: Option<Duration>,
}

/// Why there is no turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// This caller waits for as many as it may.
    #[error("too many requests of this caller wait already")]
    Caller,
    /// Its turn did not come in time.
    #[error("no turn came in time")]
    Late,
}

/// Gives turns. Cheap to clone.
pub struct Fair<K: Clone + Eq + Hash>(Arc<Shared<K>>);

impl<K: Clone + Eq + Hash> Clone for Fair<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

struct Shared<K: Clone + Eq + Hash> {
    bounds: Bounds,
    state: Mutex<State<K>>,
}

struct State<K: Clone + Eq + Hash> {
    free: usize,
    /// Callers that have or wait for something; no others, so that the table is as large as what is going on.
    lanes: HashMap<K, Lane<K>>,
    /// Callers that wait, each once, in the order of the round.
    round: VecDeque<K>,
}

struct Lane<K: Clone + Eq + Hash> {
    used: usize,
    waiting: VecDeque<Waiting<K>>,
}

struct Waiting<K: Clone + Eq + Hash> {
    cost: usize,
    given: oneshot::Sender<Turn<K>>,
}

/// A turn; it ends when it is dropped.
pub struct Turn<K: Clone + Eq + Hash> {
    /// `None` once nothing is to be given back.
    held: Option<(Arc<Shared<K>>, K)>,
    cost: usize,
}

impl<K: Clone + Eq + Hash> Fair<K> {
    /// Gives turns within these bounds.
    pub fn new(bounds: Bounds) -> Self {
        let state = State { free: bounds.in_all, lanes: HashMap::new(), round: VecDeque::new() };
        Self(Arc::new(Shared { bounds, state: Mutex::new(state) }))
    }

    /// Waits for a turn that costs this much. Whoever stops waiting gives up the place.
    ///
    /// # Errors
    /// [`Full`] where the caller waits for too many already, or for too long.
    pub async fn turn(&self, caller: K, cost: usize) -> Result<Turn<K>, Full> {
        let mut given = self.ask(caller, cost)?;
        if let Ok(turn) = given.try_recv() {
            return Ok(turn);
        }
        let given = match self.0.bounds.wait {
            Some(wait) => tokio::time::timeout(wait, given).await.map_err(|_| Full::Late)?,
            None => given.await,
        };
        given.map_err(|_| Full::Late)
    }

    /// Takes a place in the queue, and with it the turn where it can be had at once.
    fn ask(&self, caller: K, cost: usize) -> Result<oneshot::Receiver<Turn<K>>, Full> {
        let bounds = self.0.bounds;
        let cost = cost.min(bounds.per_caller).min(bounds.in_all);
        let (given, receiver) = oneshot::channel();
        let mut state = self.0.lock();
        let lane = state.lanes.entry(caller.clone()).or_insert_with(|| Lane { used: 0, waiting: VecDeque::new() });
        lane.waiting.retain(|waiting| !waiting.given.is_closed());
        let is_first = lane.waiting.is_empty();
        lane.waiting.push_back(Waiting { cost, given });
        if is_first && !state.round.contains(&caller) {
            state.round.push_back(caller.clone());
        }
        state.give(&self.0);
        let crowded = state.lanes.get(&caller).is_some_and(|lane| lane.waiting.len() > bounds.waiting);
        if crowded {
            // Still the last one: nobody else was let in.
            if let Some(lane) = state.lanes.get_mut(&caller) {
                lane.waiting.pop_back();
            }
            state.give(&self.0);
            return Err(Full::Caller);
        }
        Ok(receiver)
    }
}

impl<K: Clone + Eq + Hash> Shared<K> {
    fn lock(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash> State<K> {
    /// Gives what is free to those that wait, one to each in a round. Whoever waits for what all share is not overtaken; whoever
    /// waits for its own turns to end is passed over.
    fn give(&mut self, shared: &Arc<Shared<K>>) {
        let mut passed = 0;
        while passed < self.round.len() {
            let Some(caller) = self.round.pop_front() else { return };
            let Some(lane) = self.lanes.get_mut(&caller) else { continue };
            lane.waiting.retain(|waiting| !waiting.given.is_closed());
            if lane.waiting.is_empty() {
                self.leave(&caller);
                continue;
            }
            // Of its own, what fits goes first: small things do not wait for large ones to be sent.
            let own = shared.bounds.per_caller.saturating_sub(lane.used);
            let first = lane.waiting.iter().enumerate().find(|(_, waiting)| waiting.cost <= own);
            let Some((place, cost)) = first.map(|(place, waiting)| (place, waiting.cost)) else {
                self.round.push_back(caller);
                passed += 1;
                continue;
            };
            if cost > self.free {
                self.round.push_front(caller);
                return;
            }
            if let Some(waiting) = lane.waiting.remove(place) {
                let turn = Turn { held: Some((shared.clone(), caller.clone())), cost };
                match waiting.given.send(turn) {
                    Ok(()) => {
                        lane.used += cost;
                        self.free -= cost;
                        passed = 0;
                    }
                    // Nobody waits any more. The state is locked: nothing was taken, and nothing is given back.
                    Err(mut turn) => turn.held = None,
                }
            }
            if lane.waiting.is_empty() {
                self.leave(&caller);
            } else {
                self.round.push_back(caller);
            }
        }
    }

    /// Forgets a caller that neither has nor waits for anything.
    fn leave(&mut self, caller: &K) {
        if self.lanes.get(caller).is_some_and(|lane| lane.used == 0 && lane.waiting.is_empty()) {
            self.lanes.remove(caller);
        }
    }

    fn take_back(&mut self, caller: &K, cost: usize, shared: &Arc<Shared<K>>) {
        self.free += cost;
        if let Some(lane) = self.lanes.get_mut(caller) {
            lane.used = lane.used.saturating_sub(cost);
        }
        self.leave(caller);
        self.give(shared);
    }
}

impl<K: Clone + Eq + Hash> Turn<K> {
    /// Gives back what was asked for and is not needed.
    pub fn cut_to(&mut self, cost: usize) {
        if let Some((shared, caller)) = &self.held
            && cost < self.cost
        {
            shared.lock().take_back(caller, self.cost - cost, shared);
            self.cost = cost;
        }
    }
}

impl<K: Clone + Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        if let Some((shared, caller)) = self.held.take() {
            shared.lock().take_back(&caller, self.cost, &shared);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fair(in_all: usize, per_caller: usize, waiting: usize) -> Fair<&'static str> {
        Fair::new(Bounds { in_all, per_caller, waiting, wait: None })
    }

    type Asked = oneshot::Receiver<Turn<&'static str>>;

    fn now(asked: &mut Asked) -> Option<Turn<&'static str>> {
        asked.try_recv().ok()
    }

    fn is_at_rest(fair: &Fair<&'static str>) -> bool {
        let state = fair.0.lock();
        state.free == fair.0.bounds.in_all && state.lanes.is_empty() && state.round.is_empty()
    }

    #[test]
    fn callers_take_turns_however_much_one_of_them_asks_for() {
        let fair = fair(1, 1, 10);
        let running = now(&mut fair.ask("heavy", 1).unwrap());
        let mut heavy: Vec<Asked> = (0..5).map(|_| fair.ask("heavy", 1).unwrap()).collect();
        let mut light = fair.ask("light", 1).unwrap();
        assert!(running.is_some() && now(&mut light).is_none());
        drop(running);
        drop(now(&mut heavy[0]));
        assert!(now(&mut light).is_some(), "one of the others may come first, not all of them");
    }

    #[test]
    fn a_caller_has_no_more_than_its_own_bound_and_leaves_the_rest_to_others() {
        let fair = fair(3, 2, 10);
        let mut heavy: Vec<Asked> = (0..4).map(|_| fair.ask("heavy", 1).unwrap()).collect();
        let turns: Vec<_> = heavy.iter_mut().filter_map(now).collect();
        assert_eq!(turns.len(), 2);
        assert!(now(&mut fair.ask("light", 1).unwrap()).is_some());
        drop(turns);
        assert!(now(&mut heavy[2]).is_some() && now(&mut heavy[3]).is_some());
    }

    #[test]
    fn who_waits_for_too_much_is_refused_and_the_others_are_not() {
        let fair = fair(1, 1, 2);
        let running = now(&mut fair.ask("a", 1).unwrap());
        let waiting: Vec<Asked> = (0..2).map(|_| fair.ask("a", 1).unwrap()).collect();
        assert_eq!(fair.ask("a", 1).err(), Some(Full::Caller));
        assert!(fair.ask("b", 1).is_ok());
        // Who has given up takes no place.
        drop(waiting);
        assert!(fair.ask("a", 1).is_ok());
        drop(running);
        assert!(is_at_rest(&fair));
    }

    #[test]
    fn what_costs_much_is_not_overtaken_for_ever() {
        let fair = fair(10, 10, 10);
        let small = now(&mut fair.ask("a", 1).unwrap());
        let mut large = fair.ask("b", 100).unwrap();
        let mut late = fair.ask("c", 1).unwrap();
        assert!(now(&mut large).is_none() && now(&mut late).is_none());
        drop(small);
        let mut turn = now(&mut large).unwrap();
        assert!(now(&mut late).is_none());
        turn.cut_to(4);
        assert!(now(&mut late).is_some(), "what is not needed is free at once");
    }

    #[test]
    fn of_one_caller_small_things_do_not_wait_for_what_does_not_fit() {
        let fair = fair(20, 10, 10);
        let held = now(&mut fair.ask("a", 6).unwrap());
        let mut large = fair.ask("a", 8).unwrap();
        let small = now(&mut fair.ask("a", 1).unwrap());
        assert!(small.is_some() && now(&mut large).is_none());
        drop(held);
        assert!(now(&mut large).is_some());
    }

    #[test]
    fn everything_is_given_back() {
        let fair = fair(2, 2, 10);
        let mut asked: Vec<Asked> = ["a", "b", "a", "c"].iter().map(|caller| fair.ask(caller, 1).unwrap()).collect();
        let first = now(&mut asked[0]);
        // One that was given and not fetched, and one that nobody waits for any more.
        drop(asked);
        drop(first);
        assert!(is_at_rest(&fair));
    }

    #[tokio::test]
    async fn a_turn_that_does_not_come_in_time_is_told() {
        let fair = Fair::new(Bounds { in_all: 1, per_caller: 1, waiting: 5, wait: Some(Duration::from_millis(1)) });
        let running = fair.turn("a", 1).await;
        assert!(running.is_ok());
        assert_eq!(fair.turn("b", 1).await.err(), Some(Full::Late));
        drop(running);
        assert!(fair.turn("b", 1).await.is_ok() && is_at_rest(&fair));
    }
}
