//! What scopes open, and which are the best to grant.

mod grant;
pub(super) mod plan;
pub(super) mod succession;

pub use grant::Grant;
pub(super) use grant::{held, opened};
