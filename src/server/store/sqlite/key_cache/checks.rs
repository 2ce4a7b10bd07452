//! One check of the file serves all look-ups that wait for one.
//!
//! A check takes three system calls, which are a fifth of the work of a request. So under load a look-up first lets the other requests that
//! have arrived come as far as it is itself. The first of them that runs again checks the file, and the others use what it has found.
//!
//! Why memory that is used is never older than the request:
//! 1. A look-up begins after its request has arrived, and takes the number of checks that have begun by then.
//! 2. A check takes its number before its first system call. If the number is higher, the check began after the request arrived.
//! 3. The check has proven that the memory was as new as the file. Changes that are applied later only make it newer ([`Following`]); where
//!    it begins again, because not all changes are known, nothing is proven.
//!
//! [`Following`]: super::follow::Following

use std::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Relaxed, SeqCst},
};

/// Where checks serve one look-up each, one of so many look-ups waits nevertheless, to find out whether there are others by now.
const TRIAL: u64 = 16;

/// The checks of one file.
#[derive(Default)]
pub(super) struct Checks {
    /// How many have begun.
    begun: AtomicU64,
    /// The last one that found the memory as new as the file.
    proven: AtomicU64,
    /// Whether another look-up has used the last one.
    is_shared: AtomicBool,
    /// Whether it is worth waiting for others. From the moment at which one is used by another look-up, until one is not.
    are_shared: AtomicBool,
}

/// A moment: the number of checks that had begun.
#[derive(Clone, Copy)]
pub(super) struct Moment(pub u64);

/// The number of a check that has begun.
pub(super) struct Begun(u64);

impl Checks {
    /// Now.
    pub fn now(&self) -> Moment {
        Moment(self.begun.load(SeqCst))
    }

    /// Whether a look-up of this moment should let others come first.
    pub fn is_worth_waiting(&self, Moment(begun): Moment) -> bool {
        self.are_shared.load(Relaxed) || begun % TRIAL == 0
    }

    /// Whether a check that began later than this moment has found the memory as new as the file. Ask while nobody can change the memory.
    pub fn have_proven(&self, Moment(begun): Moment) -> bool {
        let have = self.proven.load(SeqCst) > begun;
        if have {
            // Written only where it changes: processors that write to one place wait for each other.
            for flag in [&self.is_shared, &self.are_shared] {
                if !flag.load(Relaxed) {
                    flag.store(true, Relaxed);
                }
            }
        }
        have
    }

    /// Begins a check.
    // INVARIANT: before its first system call.
    pub fn begin(&self) -> Begun {
        if !self.is_shared.swap(false, Relaxed) {
            self.are_shared.store(false, Relaxed);
        }
        Begun(self.begun.fetch_add(1, SeqCst) + 1)
    }

    /// The check has found the memory as new as the file. Say so while nobody can change the memory.
    pub fn prove(&self, Begun(number): Begun) {
        self.proven.fetch_max(number, SeqCst);
    }

    /// The memory begins again. Say so while nobody else can look into it.
    pub fn prove_nothing(&self) {
        self.proven.store(0, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_serves_those_who_came_before_it_began_and_no_others() {
        let checks = Checks::default();
        let early = checks.now();
        assert!(!checks.have_proven(early));
        let check = checks.begin();
        let late = checks.now();
        assert!(!checks.have_proven(early), "it has not ended");
        checks.prove(check);
        assert!(checks.have_proven(early) && !checks.have_proven(late));
        let (second, third) = (checks.begin(), checks.begin());
        checks.prove(third);
        assert!(checks.have_proven(late));
        // One that began earlier and ends later takes nothing back.
        checks.prove(second);
        assert!(checks.have_proven(late) && !checks.have_proven(checks.now()));
        // Where the memory begins again, what was proven of it counts no more.
        checks.prove_nothing();
        assert!(!checks.have_proven(early) && !checks.have_proven(late));
        // One that proves nothing serves nobody.
        let moment = checks.now();
        checks.begin();
        assert!(!checks.have_proven(moment));
    }

    #[test]
    fn look_ups_wait_for_others_only_where_there_are_some() {
        let checks = Checks::default();
        let alone = |checks: &Checks| {
            let moment = checks.now();
            let waits = checks.is_worth_waiting(moment);
            checks.prove(checks.begin());
            waits
        };
        let waited = (0..160).filter(|_| alone(&checks)).count();
        assert_eq!(waited, 10);
        // Two at once: the next ones wait.
        let both = checks.now();
        checks.prove(checks.begin());
        assert!(checks.have_proven(both));
        assert!(checks.is_worth_waiting(Moment(1)));
        alone(&checks);
        assert!(checks.is_worth_waiting(Moment(1)), "the last one was shared");
        alone(&checks);
        assert!(!checks.is_worth_waiting(Moment(1)));
    }
}
