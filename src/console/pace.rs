//! When something is done: after a pause, or in steps of one frame.

use std::time::Duration;

use leptos::prelude::*;

/// Runs something once nothing has happened for a while.
#[derive(Clone, Copy)]
pub(super) struct Pause(pub StoredValue<u32>);

impl Pause {
    pub fn then(self, milliseconds: u64, act: impl FnOnce() + 'static) {
        let number = self.0.get_value().wrapping_add(1);
        self.0.set_value(number);
        let ended = move || {
            if self.0.try_get_value() == Some(number) {
                act();
            }
        };
        set_timeout(ended, Duration::from_millis(milliseconds));
    }
}

/// Takes steps, the first now and each other one with another frame, until one of them is the last. At most one waits for a frame.
#[derive(Clone, Copy)]
pub(super) struct Pace<F>(pub StoredValue<bool>, pub F);

impl<F: Fn() -> bool + Copy + 'static> Pace<F> {
    pub fn start(self) {
        let is_last = (self.1)();
        if !is_last && self.0.try_get_value() == Some(false) {
            self.0.set_value(true);
            request_animation_frame(move || {
                // The page may be gone by now.
                if self.0.try_update_value(|waits| *waits = false).is_some() {
                    self.start();
                }
            });
        }
    }
}
