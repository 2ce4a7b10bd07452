//! The store: accounts, projects, API keys, dev keys and the audit log, on SQLite or PostgreSQL.
//!
//! Every method of every store keeps these promises:
//! - A missing row is `Ok(None)` or `Ok(false)`, never an error.
//! - A method is one transaction: everything happens or nothing. After the method returns, the change survives a power loss.
//! - Every method that begins after a write returned sees that write, on every replica.
//! - A method that takes a [`Write`] makes the change only if every row of its basis, and the row that it changes, is unchanged since
//!   it was read; a `sequence` is that of a row that was read. The change and its audit entry are written together.
//! - The store does not read the clock or create random values: times and ids are arguments.
//! - The store never sees a secret, a password or a token, only their hashes.
//! - Driver types do not leave the store.
//!
//! Every method can fail with these errors; its own "Errors" section lists only additional ones:
//! - [`StoreError::Unavailable`], [`StoreError::NotPrimary`], [`StoreError::Untrusted`] or [`StoreError::Moved`]: the database is not
//!   reachable or not usable. Try again later, or follow the message.
//! - [`StoreError::Stale`], if it takes a [`Write`]: a row was changed since it was read. Nothing was written; decide again.

mod attributes;
mod audit;
mod audit_page;
mod contract;
mod error;
mod key_cache;
mod key_search;
mod listing;
mod names_in_use;
mod pool_use;
pub mod postgres;
mod record;
pub mod sqlite;
pub mod transfer;
mod write;

use std::sync::Arc;

use super::config::DatabaseUrl;

pub use attributes::{DevKeyAttribute, KeyAttribute, KeyQuery, ProjectAttribute};
pub use audit::{Action, Actor, ActorKind, AuditQuery, AuditRecord, NewAudit, Outcome, ProjectRef};
pub use contract::{AccountStore, AuditStore, DevKeyStore, KeyStore, ProjectStore, Store};
pub use error::StoreError;
pub use key_cache::{KeyBrief, StoredKey};
pub use key_search::{KeySearch, filtered};
pub use names_in_use::NamesInUse;
pub use pool_use::PoolUse;
pub use postgres::PostgresStore;
use record::ORGANIZATION_ID;
pub use record::{
    AccountChange, AccountRecord, DevKeyChange, DevKeyRecord, EndedKey, FactorCode, FactorRecord, FirstAccess, Invitation, KeyChange,
    KeyRecord, KeyRotation, KeyUse, MAX_ENDED_EPHEMERAL, NewAccount, NewDevKey, NewFactor, NewKey, NewProject, NewSession, OperationCount,
    ProjectRecord, SessionRecord, UsedCode,
};
pub use write::{AccountVersion, Basis, Version, Write};

/// Opens the store, creates it if it does not exist, and migrates its schema.
///
/// # Errors
/// [`StoreError`]; its message says how to fix the problem.
pub async fn open(url: &DatabaseUrl) -> Result<Arc<dyn Store>, StoreError> {
    match url {
        DatabaseUrl::Sqlite { path } => Ok(Arc::new(sqlite::SqliteStore::open(path)?)),
        DatabaseUrl::Postgres(url) => Ok(Arc::new(PostgresStore::open(url).await?)),
    }
}
