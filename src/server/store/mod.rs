//! The store: what is kept, and what is promised of it.
//!
//! Promises that every store keeps:
//! - What is missing is `Ok(None)` or `Ok(false)`, never an error.
//! - A method is one transaction: it happens wholly or not at all, and once it has answered it survives a loss of power.
//! - A change is made only where the rows that it was judged by are as they were, and its audit entry is part of it.
//! - What one method has written, every method that begins later sees, on every replica.
//! - The store reads no clock and makes no randomness: times and ids are arguments.
//! - It never sees a secret, a password or a token, only their hashes.
//! - Driver types do not leave it.

mod attributes;
mod audit;
mod contract;
mod error;
mod listing;
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
pub use contract::Store;
pub use error::StoreError;
pub use pool_use::PoolUse;
pub use postgres::PostgresStore;
use record::ORGANIZATION_ID;
pub use record::{
    AccountChange, AccountRecord, DevKeyChange, DevKeyRecord, EndedKey, KeyChange, KeyRecord, KeyRotation, KeyUse, MAX_ENDED_EPHEMERAL,
    NewAccount, NewDevKey, NewKey, NewProject, NewSession, ProjectRecord, SessionRecord,
};
pub use write::{AccountVersion, Basis, Version, Write};

/// Opens the store, makes it where it does not exist, and brings its schema up to date.
///
/// # Errors
/// [`StoreError`]; its text says what to do.
pub async fn open(url: &DatabaseUrl) -> Result<Arc<dyn Store>, StoreError> {
    match url {
        DatabaseUrl::Sqlite { path } => Ok(Arc::new(sqlite::SqliteStore::open(path)?)),
        DatabaseUrl::Postgres(url) => Ok(Arc::new(PostgresStore::open(url).await?)),
    }
}
