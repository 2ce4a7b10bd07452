//! What is made once, when it is first asked for.

use alloc::boxed::Box;

use once_cell::race::OnceBox;

/// What is called around the making of what stays, so that a program can keep it elsewhere than what a call takes and gives back.
#[derive(Clone, Copy, Debug)]
pub struct Keeper {
    /// Before it is made. What it returns is given to `end`.
    pub begin: fn() -> usize,
    /// After it was made.
    pub end: fn(usize),
}

impl Keeper {
    /// Nothing is called.
    pub const NONE: Self = Self { begin: || 0, end: |_| {} };
}

impl Default for Keeper {
    fn default() -> Self {
        Self::NONE
    }
}

/// A value that is made once.
#[derive(Clone, Debug)]
pub(in crate::scope) struct Later<T>(OnceBox<T>);

impl<T> Later<T> {
    /// One that is made already.
    pub fn made(value: T) -> Self {
        Self(OnceBox::with_value(Box::new(value)))
    }

    /// The value, which is made if it is not there yet.
    pub fn get(&self, keeper: Keeper, make: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(|| {
            let before = (keeper.begin)();
            let made = Box::new(make());
            (keeper.end)(before);
            made
        })
    }
}

impl<T> Default for Later<T> {
    fn default() -> Self {
        Self(OnceBox::new())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_keeper_is_called_around_the_making_and_never_again() {
        static CALLS: Mutex<Vec<usize>> = Mutex::new(Vec::new());
        let note = |call: usize| CALLS.lock().unwrap().push(call);
        let keeper = Keeper {
            begin: || {
                CALLS.lock().unwrap().push(1);
                7
            },
            end: |before| CALLS.lock().unwrap().push(before),
        };
        let later = Later::default();
        for _ in 0..2 {
            let made = later.get(keeper, || {
                note(2);
                "made"
            });
            assert_eq!(*made, "made");
        }
        assert_eq!(*CALLS.lock().unwrap(), [1, 2, 7]);
    }
}
