//! What is written off the request path: uses of keys and sessions, and refusals for the audit log.

mod refusals;
mod usage;

pub(super) use refusals::Refusals;
pub(super) use usage::Usage;
