//! Each method takes a connection, and is retried if that is safe.

mod accounts;
mod audit;
mod dev_keys;
mod keys;
mod projects;

use async_trait::async_trait;

use super::{
    PostgresStore,
    connect::{self, run},
    names_in_use::{self, Batch},
};
use crate::server::store::{NamesInUse, PoolUse, Store, StoreError, names_in_use::ScopeCounts};

#[async_trait]
impl Store for PostgresStore {
    async fn ping(&self) -> Result<(), StoreError> {
        run!(self, client => connect::ping(client))
    }

    fn pool_use(&self) -> Option<PoolUse> {
        Some(self.connections.in_use())
    }

    async fn names_in_use(&self) -> Result<NamesInUse, StoreError> {
        let (mut scopes, mut after) = (ScopeCounts::default(), Some(i64::MIN));
        while let Some(last) = after {
            let batch: Batch = run!(self, client => names_in_use::batch(client, last))?;
            batch.lists.into_iter().for_each(|(list, keys)| scopes.add(list, keys));
            after = batch.last;
        }
        let editions: Result<_, StoreError> = run!(self, client => names_in_use::editions(client));
        Ok(NamesInUse { scopes: scopes.sorted(), editions: editions? })
    }

    fn read_ahead(&self, max_bytes: usize) {
        self.key_cache.read_ahead(max_bytes);
    }
}
