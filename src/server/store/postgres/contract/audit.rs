//! The audit log.

use async_trait::async_trait;

use crate::server::store::{
    AuditQuery, AuditRecord, AuditStore, NewAudit, StoreError, Write,
    postgres::{
        PostgresStore, audit,
        connect::{find, run},
        fresh,
    },
};

#[async_trait]
impl AuditStore for PostgresStore {
    async fn record(&self, write: Write) -> Result<(), StoreError> {
        fresh(run!(self, client => audit::record(client, &write)))
    }

    async fn append_audit(&self, entries: Vec<NewAudit>) -> Result<(), StoreError> {
        run!(self, client => audit::append_all(client, &entries))
    }

    async fn audit(&self, query: AuditQuery) -> Result<Vec<AuditRecord>, StoreError> {
        find!(self, client => audit::page(client, &query))
    }
}
