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
    names_in_use,
};
use crate::server::store::{NamesInUse, PoolUse, Store, StoreError};

#[async_trait]
impl Store for PostgresStore {
    async fn ping(&self) -> Result<(), StoreError> {
        run!(self, client => connect::ping(client))
    }

    fn pool_use(&self) -> Option<PoolUse> {
        Some(self.connections.in_use())
    }

    async fn names_in_use(&self) -> Result<NamesInUse, StoreError> {
        run!(self, client => names_in_use::read(client))
    }

    fn read_ahead(&self, _max_bytes: usize) {}
}
