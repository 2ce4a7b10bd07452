//! What is written off the request path: uses of keys and sessions, counts of operations, and refusals for the audit log.

mod operations;
mod refusals;
mod usage;

pub(super) use operations::{DAY_MILLISECONDS, Operations, day};
pub(super) use refusals::Refusals;
pub(super) use usage::Usage;
