//! Routes each method to a connection: the lookups of each request run on the current thread, changes use the one connection that
//! writes, and everything else uses the connections that read.

mod accounts;
mod audit;
mod dev_keys;
mod keys;
mod projects;

use async_trait::async_trait;

use super::{NAMES_TIME, SqliteStore, names_in_use, open, query_timeout};
use crate::server::store::{NamesInUse, PoolUse, Store, StoreError};

#[async_trait]
impl Store for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.readers.run(|connection| connection.query_row("SELECT count(*) FROM setup", [], |_| Ok(()))).await?;
        self.writer.run(|connection| open::touch(connection)).await
    }

    fn pool_use(&self) -> Option<PoolUse> {
        None
    }

    async fn names_in_use(&self) -> Result<NamesInUse, StoreError> {
        query_timeout::run(&self.lists, NAMES_TIME, |connection| names_in_use::read(connection)).await
    }

    fn read_ahead(&self, max_bytes: usize) {
        self.key_cache.read_ahead(max_bytes);
    }
}
