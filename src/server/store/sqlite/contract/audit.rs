//! The audit log.

use async_trait::async_trait;

use crate::server::store::{
    AuditQuery, AuditRecord, AuditStore, NewAudit, StoreError, Write,
    sqlite::{SqliteStore, audit},
};

#[async_trait]
impl AuditStore for SqliteStore {
    async fn record(&self, write: Write) -> Result<(), StoreError> {
        self.write(write, |_, _| Ok(Some(()))).await
    }

    async fn append_audit(&self, entries: Vec<NewAudit>) -> Result<(), StoreError> {
        self.writer.run(move |connection| audit::append_all(connection, &entries)).await
    }

    async fn audit(&self, query: AuditQuery) -> Result<Vec<AuditRecord>, StoreError> {
        self.readers.run(move |connection| audit::page(connection, &query)).await
    }
}
