//! Writes a change to SQLite: only if its basis is unchanged, and together with its audit entry.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{SqliteStore, StoreError, audit};
use crate::server::store::{Basis, NewAudit, Version, Write};

impl SqliteStore {
    /// Makes a change in one transaction. If the work returns `None`, a row of the basis is gone.
    pub(super) async fn write<T, F>(&self, write: Write, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, &mut NewAudit) -> rusqlite::Result<Option<T>> + Send + 'static,
    {
        let Write { basis, mut entry } = write;
        let change = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if !is_as_it_was(&transaction, &basis)? {
                return Ok(None);
            }
            let Some(done) = work(&transaction, &mut entry)? else { return Ok(None) };
            audit::append(&transaction, &entry)?;
            transaction.commit()?;
            Ok(Some(done))
        };
        self.writer.run(change).await?.ok_or(StoreError::Stale)
    }
}

fn is_as_it_was(transaction: &Connection, basis: &Basis) -> rusqlite::Result<bool> {
    let same = |table: &str, row: &Version| -> rusqlite::Result<bool> {
        let sql = format!("SELECT version FROM {table} WHERE sequence = ?1");
        let found: Option<i64> = transaction.prepare_cached(&sql)?.query_row([row.sequence], |row| row.get(0)).optional()?;
        Ok(found == Some(row.number))
    };
    for (table, row) in rows(basis) {
        if !same(table, row)? {
            return Ok(false);
        }
    }
    for account in &basis.accounts {
        let mut statement = transaction.prepare_cached("SELECT version FROM accounts WHERE id = ?1")?;
        let found: Option<i64> = statement.query_row([&account.id], |row| row.get(0)).optional()?;
        if found != Some(account.number) {
            return Ok(false);
        }
    }
    match &basis.session {
        Some(id) => transaction.prepare_cached("SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?1)")?.query_row([id], |row| row.get(0)),
        None => Ok(true),
    }
}

fn rows(basis: &Basis) -> impl Iterator<Item = (&'static str, &Version)> {
    let project = basis.project.iter().map(|row| ("projects", row));
    let keys = basis.keys.iter().map(|row| ("keys", row));
    project.chain(keys).chain(basis.dev_key.iter().map(|row| ("dev_keys", row)))
}
