//! The audit log.

use async_trait::async_trait;

use crate::server::store::{AuditQuery, AuditRecord, NewAudit, StoreError, Write};

/// The audit log. The promises of [`store`](crate::server::store) hold.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Adds an entry about an action that changes nothing else in the store.
    // INVARIANT: the log is append-only. No method changes or deletes an entry, and the database refuses both.
    async fn record(&self, write: Write) -> Result<(), StoreError>;

    /// Adds entries about refused requests: all of them or none.
    async fn append_audit(&self, entries: Vec<NewAudit>) -> Result<(), StoreError>;

    /// Returns a page of the audit log, newest first; entries of the same millisecond by their sequence.
    async fn audit(&self, query: AuditQuery) -> Result<Vec<AuditRecord>, StoreError>;
}
