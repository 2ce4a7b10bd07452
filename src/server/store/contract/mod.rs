//! What a store does, one trait for each kind of thing. The promises that hold for all of them stand in [`store`](super).

mod accounts;
mod audit;
mod dev_keys;
mod keys;
mod projects;

use async_trait::async_trait;

use super::{PoolUse, StoreError};

pub use self::{accounts::AccountStore, audit::AuditStore, dev_keys::DevKeyStore, keys::KeyStore, projects::ProjectStore};

/// The whole store. No method has a default: an implementation that forwards cannot forget one.
#[async_trait]
pub trait Store: AccountStore + ProjectStore + KeyStore + DevKeyStore + AuditStore {
    /// Whether the database can be read and written: it is given a write that changes nothing and that it does not grow by.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], [`StoreError::NotPrimary`] or [`StoreError::Moved`] when it cannot.
    async fn ping(&self) -> Result<(), StoreError>;

    /// How its connections are used, where it has such that can run out.
    fn pool_use(&self) -> Option<PoolUse>;

    /// Says how many bytes of keys the store may keep in memory, where it keeps any, and lets it begin to read them in the
    /// background. A server says so once.
    fn read_ahead(&self, max_bytes: usize);
}
