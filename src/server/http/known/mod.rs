//! What many requests have in common: which operation a path calls, and what a list of scopes opens. Both depend on the catalog alone,
//! which stays the same while the server runs, so what is kept here never becomes outdated. Each memory is bounded.
//!
//! Whoever asks goes the long way where nothing is kept, and gets the same answer.

mod paths;
mod scope_lists;

pub(in crate::server) use self::{paths::Paths, scope_lists::ScopeLists};
