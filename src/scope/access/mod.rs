//! What scopes open, and which are the best to grant.

pub(super) mod cheapest;
mod grant;
pub(super) mod plan;
pub(super) mod succession;

pub use cheapest::Prefer;
pub use grant::Grant;
pub(super) use grant::{closed, held, named, opened};
