//! A fair queue for a scarce resource. Callers take turns in rounds, so that no caller waits for everything that another has asked for.
//! A caller is a project, a network or an account.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

/// The limits of a queue.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How much all callers may hold together.
    pub in_all: usize,
    /// How much one caller may hold. A turn that costs more is cut to this, so that every turn comes.
    pub per_caller: usize,
    /// How much stays free for callers that hold nothing: a caller that holds something gets more only beyond that.
    pub kept_free: usize,
    /// How many turns one caller may wait for.
    pub waiting: usize,
    /// How many turns all callers together may wait for. Beyond it, the caller that waits for the most loses its last place.
    pub waiting_in_all: usize,
    /// How long a turn may take to come; `None` is without limit.
    pub wait: Option<Duration>,
}

/// Why there is no turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// This caller waits for as many as it may.
    #[error("too many requests of this caller wait already")]
    Caller,
    /// All callers together wait for as many as they may, and none for more than this one.
    #[error("too many requests of all callers wait already")]
    All,
    /// Its turn did not come in time.
    #[error("no turn came in time")]
    Late,
}

/// Gives turns. Cheap to clone.
pub struct FairQueue<K: Clone + Eq + Hash>(Arc<Shared<K>>);

impl<K: Clone + Eq + Hash> Clone for FairQueue<K> {
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

impl<K: Clone + Eq + Hash> FairQueue<K> {
    /// Gives turns within these bounds.
    pub fn new(bounds: Bounds) -> Self {
        let state = State { free: bounds.in_all, lanes: HashMap::new(), round: VecDeque::new() };
        Self(Arc::new(Shared { bounds, state: Mutex::new(state) }))
    }

    /// Waits for a turn that costs this much. A dropped wait gives up its place.
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
        // Others had a better right to the place.
        given.map_err(|_| Full::All)
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
        let refused = match state.lanes.get(&caller).map_or(0, |lane| lane.waiting.len()) {
            0 => None,
            own if own > bounds.waiting => Some(Full::Caller),
            _ => state.make_room(&caller, bounds.waiting_in_all).err(),
        };
        if let Some(full) = refused {
            // Still the last one: nobody else was let in.
            if let Some(lane) = state.lanes.get_mut(&caller) {
                lane.waiting.pop_back();
            }
            state.give(&self.0);
            return Err(full);
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
    /// Gives what is free to those that wait, one turn to each caller in a round. A caller that waits for the shared limit is not
    /// overtaken; one that waits for its own turns to end is skipped.
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
            let own = match shared.bounds.per_caller.saturating_sub(lane.used) {
                own if lane.used == 0 || shared.bounds.kept_free == 0 => own,
                own => own.min(self.free.saturating_sub(shared.bounds.kept_free)),
            };
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

    /// Makes room for one that waits already, where all together wait for too many.
    fn make_room(&mut self, caller: &K, bound: usize) -> Result<(), Full> {
        let waiting = |state: &Self| state.lanes.values().fold(0, |sum: usize, lane| sum.saturating_add(lane.waiting.len()));
        if waiting(self) <= bound {
            return Ok(());
        }
        for lane in self.lanes.values_mut() {
            lane.waiting.retain(|waiting| !waiting.given.is_closed());
        }
        if waiting(self) <= bound {
            return Ok(());
        }
        let own = self.lanes.get(caller).map_or(0, |lane| lane.waiting.len());
        match self.lanes.values_mut().max_by_key(|lane| lane.waiting.len()) {
            Some(longest) if longest.waiting.len() > own => {
                longest.waiting.pop_back();
                Ok(())
            }
            _ => Err(Full::All),
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

    fn bounds(in_all: usize, per_caller: usize, waiting: usize) -> Bounds {
        Bounds { in_all, per_caller, kept_free: 0, waiting, waiting_in_all: usize::MAX, wait: None }
    }

    fn fair(in_all: usize, per_caller: usize, waiting: usize) -> FairQueue<&'static str> {
        FairQueue::new(bounds(in_all, per_caller, waiting))
    }

    type Asked = oneshot::Receiver<Turn<&'static str>>;

    fn now(asked: &mut Asked) -> Option<Turn<&'static str>> {
        asked.try_recv().ok()
    }

    fn is_at_rest(fair: &FairQueue<&'static str>) -> bool {
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
    fn callers_that_work_together_leave_turns_to_those_that_have_none() {
        let fair = FairQueue::new(Bounds { kept_free: 2, ..bounds(5, 2, 10) });
        let mut asked: Vec<Asked> = ["a", "a", "b", "b", "c", "c"].into_iter().map(|caller| fair.ask(caller, 1).unwrap()).collect();
        let held: Vec<Option<_>> = asked.iter_mut().map(now).collect();
        // All of the first one's, and one of each of the others: no caller keeps another from its first.
        assert_eq!(held.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, false, true, false]);
        let last = now(&mut fair.ask("d", 1).unwrap());
        assert!(last.is_some());
        // Now nothing is left. Who has nothing goes first; nobody is served twice before it.
        let mut late = fair.ask("e", 1).unwrap();
        assert!(now(&mut late).is_none());
        drop(held);
        assert!(now(&mut late).is_some() && now(&mut asked[3]).is_some() && now(&mut asked[5]).is_some());
    }

    #[test]
    fn a_waiting_caller_is_served_after_no_more_than_one_turn_of_each_other() {
        let fair = FairQueue::new(Bounds { kept_free: 2, ..bounds(5, 2, 10) });
        let mut heavy: Vec<(&str, Asked)> = Vec::new();
        for _ in 0..10 {
            heavy.extend(["a", "b", "c", "d", "e", "f"].map(|caller| (caller, fair.ask(caller, 1).unwrap())));
        }
        let mut held: VecDeque<_> = heavy.iter_mut().filter_map(|(_, asked)| now(asked)).collect();
        assert_eq!(held.len(), 5);
        let mut light = fair.ask("light", 1).unwrap();
        let mut served = Vec::new();
        while now(&mut light).is_none() {
            held.pop_front();
            for (caller, asked) in &mut heavy {
                if let Some(turn) = now(asked) {
                    served.push(*caller);
                    held.push_back(turn);
                }
            }
            assert!(served.len() <= 6, "{served:?}");
        }
        served.sort_unstable();
        served.dedup();
        assert!(served.len() <= 6);
    }

    #[test]
    fn where_all_wait_for_too_many_who_waits_for_the_most_makes_room() {
        let fair = FairQueue::new(Bounds { waiting_in_all: 4, ..bounds(1, 1, 10) });
        let running = now(&mut fair.ask("a", 1).unwrap());
        let mut heavy: Vec<Asked> = (0..4).map(|_| fair.ask("a", 1).unwrap()).collect();
        assert_eq!(fair.ask("a", 1).err(), Some(Full::All));
        let mut light = [fair.ask("b", 1).unwrap(), fair.ask("b", 1).unwrap()];
        let is_refused = |asked: &mut Asked| asked.try_recv().err() == Some(oneshot::error::TryRecvError::Closed);
        assert!(is_refused(&mut heavy[2]) && is_refused(&mut heavy[3]));
        assert_eq!(fair.ask("b", 1).err(), Some(Full::All), "it would wait for more than any other");
        drop(running);
        // In rounds, in the order of arrival.
        let mut served = [0, 0];
        for _ in 0..3 {
            served[0] += heavy.iter_mut().filter_map(now).count();
            served[1] += light.iter_mut().filter_map(now).count();
        }
        assert_eq!(served, [2, 2]);
        assert!(is_at_rest(&fair));
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
    async fn a_turn_that_does_not_come_in_time_is_an_error() {
        let fair = FairQueue::new(Bounds { wait: Some(Duration::from_millis(1)), ..bounds(1, 1, 5) });
        let running = fair.turn("a", 1).await;
        assert!(running.is_ok());
        assert_eq!(fair.turn("b", 1).await.err(), Some(Full::Late));
        drop(running);
        assert!(fair.turn("b", 1).await.is_ok() && is_at_rest(&fair));
    }
}
