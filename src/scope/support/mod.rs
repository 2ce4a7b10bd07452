//! What the model needs and that knows nothing of scopes.

pub(super) mod bit_set;
pub(super) mod cheapest_set;
pub(super) mod date_time;
#[cfg(test)]
pub(super) mod dice;
pub(super) mod gather;
pub(super) mod hitting_set;
pub(super) mod later;
pub(super) mod nearest;
pub(super) mod sort;
pub(super) mod text;

pub use date_time::{DateTime, DateTimeError};
pub use later::Keeper;
pub use nearest::nearest_word;
pub use text::{counted, quoted};
