//! How often something may be tried. In memory: a restart forgets, which gives an attacker little.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// A number of attempts in a time window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many attempts.
    pub attempts: u32,
    /// In which window, in seconds; it begins with the first attempt.
    pub window_seconds: u32,
}

/// Too many attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimited {
    /// The limit that was reached.
    pub limit: Quota,
    /// In how many seconds the window ends; at least 1.
    pub retry_after_seconds: u32,
}

/// How many windows one limiter holds: at most about 6 MB. Counting does not stop an attacker who has that many networks.
const ROOM: usize = 65_536;
/// How many of the oldest windows are looked at for one to give up, when there is no room.
const CANDIDATES: usize = 8;
/// How many windows that have ended are taken away with each attempt: more than one attempt can add, so that none pile up.
const SWEPT: usize = 2;

/// The hash of a key. It is keyed at random, so that no caller can aim at the window of another, and has a fixed size.
type Mark = (u64, u64);

struct Window {
    ends: Duration,
    count: u32,
}

#[derive(Default)]
struct Windows {
    by_mark: HashMap<Mark, Window>,
    /// In the order of their ends, since all have one length. An entry whose window has started again or is gone is ignored.
    order: VecDeque<(Mark, Duration)>,
}

/// Counts attempts by a key, such as an address. Times are those of [`Clock::monotonic`](crate::server::clock::Clock::monotonic).
pub struct RateLimiter {
    limit: Quota,
    room: usize,
    hashers: (RandomState, RandomState),
    windows: Mutex<Windows>,
    /// How many windows have reached the limit. Most servers have none for days, and need no lock to know.
    reached: AtomicUsize,
}

impl RateLimiter {
    /// Allows what `limit` says for each key.
    pub fn new(limit: Quota) -> Self {
        Self::with_room(limit, ROOM)
    }

    /// Holds at most this many windows. Beyond it, of the oldest windows the one with the fewest attempts makes room: no caller is refused
    /// for lack of room.
    fn with_room(limit: Quota, room: usize) -> Self {
        let hashers = (RandomState::new(), RandomState::new());
        Self { limit, room, hashers, windows: Mutex::default(), reached: AtomicUsize::new(0) }
    }

    /// Counts an attempt, or refuses it.
    ///
    /// # Errors
    /// [`RateLimited`] if the limit is reached. The attempt does not count then.
    pub fn attempt(&self, key: &(impl Hash + ?Sized), now: Duration) -> Result<(), RateLimited> {
        let mark = self.mark(key);
        let mut windows = self.lock();
        self.sweep(&mut windows, now);
        if let Some(window) = windows.by_mark.get_mut(&mark).filter(|window| window.ends > now) {
            self.judge(window, now)?;
            window.count += 1;
            if window.count == self.limit.attempts {
                self.reached.fetch_add(1, Ordering::Relaxed);
            }
            return Ok(());
        }
        while windows.order.len() >= self.room {
            self.make_room(&mut windows);
        }
        let ends = now + Duration::from_secs(self.limit.window_seconds.into());
        if let Some(old) = windows.by_mark.insert(mark, Window { ends, count: 1 }) {
            self.forgotten(&old);
        }
        windows.order.push_back((mark, ends));
        if self.limit.attempts == 1 {
            self.reached.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Whether no window has reached the limit.
    pub fn is_calm(&self) -> bool {
        self.reached.load(Ordering::Relaxed) == 0
    }

    /// Whether [`RateLimiter::attempt`] would refuse; nothing is counted.
    pub fn is_reached(&self, key: &(impl Hash + ?Sized), now: Duration) -> bool {
        if self.is_calm() {
            return false;
        }
        let mark = self.mark(key);
        self.lock().by_mark.get(&mark).is_some_and(|window| window.ends > now && window.count >= self.limit.attempts)
    }

    /// Takes one attempt back, after it has turned out to be a good one.
    pub fn take_back(&self, key: &(impl Hash + ?Sized)) {
        self.change(key, |count| count.saturating_sub(1));
    }

    /// Forgets the attempts of a key, after one that succeeded.
    pub fn forget(&self, key: &(impl Hash + ?Sized)) {
        self.change(key, |_| 0);
    }

    fn change(&self, key: &(impl Hash + ?Sized), change: impl FnOnce(u32) -> u32) {
        let mark = self.mark(key);
        if let Some(window) = self.lock().by_mark.get_mut(&mark) {
            self.forgotten(window);
            window.count = change(window.count).min(window.count);
            if window.count >= self.limit.attempts {
                self.reached.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn judge(&self, window: &Window, now: Duration) -> Result<(), RateLimited> {
        if window.count < self.limit.attempts {
            return Ok(());
        }
        let left = window.ends.saturating_sub(now).as_millis().div_ceil(1000);
        let retry_after_seconds = u32::try_from(left).unwrap_or(u32::MAX).clamp(1, self.limit.window_seconds.max(1));
        Err(RateLimited { limit: self.limit, retry_after_seconds })
    }

    /// Takes a few windows away that have ended.
    fn sweep(&self, windows: &mut Windows, now: Duration) {
        for _ in 0..SWEPT {
            match windows.order.front() {
                Some((_, ends)) if *ends <= now => self.remove(windows, 0),
                _ => return,
            }
        }
    }

    /// Gives up one window.
    fn make_room(&self, windows: &mut Windows) {
        let attempts = |(mark, ends): &(Mark, Duration)| windows.by_mark.get(mark).filter(|window| window.ends == *ends).map(|w| w.count);
        let least = windows.order.iter().take(CANDIDATES).enumerate().min_by_key(|(_, entry)| attempts(entry)).map_or(0, |(at, _)| at);
        self.remove(windows, least);
    }

    fn remove(&self, windows: &mut Windows, at: usize) {
        let Some((mark, ends)) = windows.order.remove(at) else { return };
        if windows.by_mark.get(&mark).is_some_and(|window| window.ends == ends)
            && let Some(window) = windows.by_mark.remove(&mark)
        {
            self.forgotten(&window);
        }
    }

    fn forgotten(&self, window: &Window) {
        if window.count >= self.limit.attempts {
            self.reached.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn mark(&self, key: &(impl Hash + ?Sized)) -> Mark {
        (self.hashers.0.hash_one(key), self.hashers.1.hash_one(key))
    }

    fn lock(&self) -> MutexGuard<'_, Windows> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn attempts_are_refused_until_the_window_ends() {
        let throttle = RateLimiter::new(Quota { attempts: 2, window_seconds: 60 });
        assert_eq!(throttle.attempt("a", seconds(0)), Ok(()));
        assert!(!throttle.is_reached("a", seconds(0)));
        assert_eq!(throttle.attempt("a", seconds(0)), Ok(()));
        assert_eq!(throttle.attempt("a", seconds(1)).map_err(|refusal| refusal.retry_after_seconds), Err(59));
        assert!(throttle.is_reached("a", seconds(1)) && !throttle.is_reached("b", seconds(1)));
        assert_eq!(throttle.attempt("b", seconds(0)), Ok(()));
        assert!(throttle.attempt("a", Duration::from_millis(59_999)).is_err());
        assert_eq!(throttle.attempt("a", seconds(60)), Ok(()));
        assert!(!throttle.is_reached("a", seconds(60)));
    }

    #[test]
    fn a_success_forgets_the_attempts() {
        let throttle = RateLimiter::new(Quota { attempts: 2, window_seconds: 60 });
        let fill = || while throttle.attempt("a", seconds(0)).is_ok() {};
        fill();
        throttle.forget("a");
        assert!(!throttle.is_reached("a", seconds(0)));
        fill();
        throttle.take_back("a");
        assert_eq!(throttle.attempt("a", seconds(0)), Ok(()));
        assert!(throttle.attempt("a", seconds(0)).is_err());
        throttle.forget("never seen");
    }

    #[test]
    fn what_is_kept_is_of_a_fixed_size_and_a_bounded_number() {
        let throttle = RateLimiter::with_room(Quota { attempts: 3, window_seconds: 60 }, 100);
        let huge = "x".repeat(1024 * 1024);
        assert_eq!(throttle.attempt(&huge, seconds(0)), Ok(()));
        for n in 0..10_000 {
            assert_eq!(throttle.attempt(&n, seconds(n / 1000)), Ok(()), "nobody is refused for want of room");
            let windows = throttle.lock();
            assert!(windows.by_mark.len() <= 100 && windows.order.len() <= 100);
        }
        assert!(!throttle.lock().by_mark.contains_key(&throttle.mark(&huge)));
    }

    #[test]
    fn a_flood_of_others_does_not_push_out_who_is_locked_out() {
        let throttle = RateLimiter::with_room(Quota { attempts: 3, window_seconds: 60 }, 100);
        while throttle.attempt("guesser", seconds(0)).is_ok() {}
        for n in 0..10_000 {
            let _ = throttle.attempt(&n, seconds(0));
        }
        assert!(throttle.attempt("guesser", seconds(1)).is_err());
    }

    #[test]
    fn windows_that_have_ended_are_taken_away_by_and_by() {
        let throttle = RateLimiter::with_room(Quota { attempts: 1, window_seconds: 60 }, 1000);
        for n in 0..500 {
            let _ = throttle.attempt(&n, seconds(0));
        }
        for n in 0..500 {
            let _ = throttle.attempt("one", seconds(60 + n));
        }
        let windows = throttle.lock();
        assert!(windows.by_mark.len() == 1 && windows.order.len() <= 2, "{}", windows.order.len());
        assert_eq!(throttle.reached.load(Ordering::Relaxed), 1);
    }
}
