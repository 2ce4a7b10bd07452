//! The memory of keys and projects that both stores use. How a store proves that it is as new as the database is its own affair:
//! SQLite compares the index of the write-ahead log, PostgreSQL asks for the changes since the last question.

mod cache;
mod encoded;
mod found;

pub use self::encoded::{KeyBrief, StoredKey};
pub(super) use self::{cache::Cache, found::Found};
