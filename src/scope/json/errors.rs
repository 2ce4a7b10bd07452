//! What does not fit in a request or a catalog.

use alloc::{string::String, vec::Vec};

/// A member that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scope) struct DecodeError {
    /// Where, such as `scopes[3].tiers`; empty for the whole.
    pub place: String,
    /// What, such as "must be a text".
    pub message: String,
}

/// What does not fit, as much of it as is wanted.
#[derive(Debug)]
pub(in crate::scope) struct DecodeErrors {
    pub(super) errors: Vec<DecodeError>,
    most: usize,
    /// How long a list of texts may be, and how long the first one is that is longer.
    pub(super) longest: usize,
    pub(super) too_long: Option<usize>,
}

impl DecodeErrors {
    /// Every error.
    pub fn all() -> Self {
        Self { errors: Vec::new(), most: usize::MAX, longest: usize::MAX, too_long: None }
    }

    /// The first error only: a request gets one error, and the rest of it costs no work. Lists of texts may be so long.
    pub fn first(longest: usize) -> Self {
        Self { errors: Vec::new(), most: 1, longest, too_long: None }
    }

    /// How long the first list is that is too long.
    pub fn too_long(&self) -> Option<usize> {
        self.too_long
    }

    #[inline(never)]
    pub fn add(&mut self, place: String, message: String) {
        if !self.is_full() {
            self.errors.push(DecodeError { place, message });
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.errors.len() >= self.most
    }

    /// Whether the last error is about this place.
    pub fn ends_with(&self, place: &str) -> bool {
        self.errors.last().is_some_and(|last| last.place == place)
    }

    pub fn into_errors(self) -> Vec<DecodeError> {
        self.errors
    }
}
