//! The interface of a store, one trait for each kind of record. For the promises that all of them keep, see [`store`](super).

mod accounts;
mod audit;
mod dev_keys;
mod keys;
mod projects;

use async_trait::async_trait;

use super::{NamesInUse, PoolUse, StoreError};

pub use self::{accounts::AccountStore, audit::AuditStore, dev_keys::DevKeyStore, keys::KeyStore, projects::ProjectStore};

/// The whole store. No method has a default, so an implementation that forwards calls cannot miss one.
#[async_trait]
pub trait Store: AccountStore + ProjectStore + KeyStore + DevKeyStore + AuditStore {
    /// Checks that the database is readable and writable, with a write that changes nothing and does not grow the database.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Reports the use of the connection pool. `None` if the store has no pool that can run out.
    fn pool_use(&self) -> Option<PoolUse>;

    /// Reports which scopes keys have and which editions policies name. Reads every key, which takes some seconds for a million of them,
    /// and not in one transaction: what is changed in the meantime may count or not.
    async fn names_in_use(&self) -> Result<NamesInUse, StoreError>;

    /// Sets how many bytes of keys a store with a cache may keep in memory, and starts to read them in the background. A server calls it
    /// once.
    fn read_ahead(&self, max_bytes: usize);
}
