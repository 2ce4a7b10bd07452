//! A list of what an iterator gives.

use alloc::vec::Vec;

/// What an iterator gives, as a list. Where the iterator leaves things out, `collect` is written twice into the checker's download: for
/// what comes first, and for the rest.
pub(in crate::scope) trait Gather: Iterator + Sized {
    fn gathered(self) -> Vec<Self::Item> {
        let mut all = Vec::new();
        self.for_each(|item| all.push(item));
        all
    }
}

impl<I: Iterator> Gather for I {}
