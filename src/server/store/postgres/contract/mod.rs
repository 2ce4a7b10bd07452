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
};
use crate::server::store::{PoolUse, Store, StoreError};

#[async_trait]
impl Store for PostgresStore {
    async fn ping(&self) -> Result<(), StoreError> {
        run!(self, client => connect::ping(client))
    }

    fn pool_use(&self) -> Option<PoolUse> {
        Some(self.connections.in_use())
    }

    fn read_ahead(&self, _max_bytes: usize) {}
}
