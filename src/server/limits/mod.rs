//! What one caller may take of the server: how often something may be tried, and turns at what only a few may have at a time.

mod fair_queue;
mod network;
mod rate_limiter;
mod sign_in;
mod unknown_keys;

pub use fair_queue::{Bounds, FairQueue, Full, Turn};
pub use network::network_of;
pub use rate_limiter::{Quota, RateLimited, RateLimiter};
pub use sign_in::{SignIn, Who};
pub use unknown_keys::UnknownKeys;
