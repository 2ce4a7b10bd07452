//! Writes a change to SQLite: only if its basis is unchanged, and together with its audit entry.

use rusqlite::{Connection, OptionalExtension};
use tokio::sync::oneshot;

use super::{SqliteStore, StoreError, audit, group::Change, second_factor};
use crate::server::store::{Basis, NewAudit, Version, Write};

/// A change whose work returns `None` if a row of the basis is gone.
struct Work<T, F> {
    is_large: bool,
    write: Write,
    work: F,
    made: Option<T>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Change for Work<T, F>
where
    T: Send,
    F: FnMut(&Connection, &mut NewAudit) -> rusqlite::Result<Option<T>> + Send,
{
    fn is_large(&self) -> bool {
        self.is_large
    }

    fn make(&mut self, transaction: &Connection) -> rusqlite::Result<bool> {
        self.made = None;
        if !is_as_it_was(transaction, &self.write.basis)? {
            return Ok(false);
        }
        let mut entry = self.write.entry.clone();
        let Some(made) = (self.work)(transaction, &mut entry)? else { return Ok(false) };
        audit::append(transaction, &entry)?;
        self.made = Some(made);
        Ok(true)
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { made, answer, .. } = *self;
        // The request may be gone.
        let _ = answer.send(outcome.and_then(|()| made.ok_or(StoreError::Stale)));
    }
}

impl SqliteStore {
    /// Makes a change of a few rows in one transaction, which other changes may share. If the work returns `None`, a row of the basis is
    /// gone.
    pub(super) async fn write<T, F>(&self, write: Write, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&Connection, &mut NewAudit) -> rusqlite::Result<Option<T>> + Send + 'static,
    {
        self.write_sized(false, write, work).await
    }

    /// Makes a change of any number of rows in a transaction of its own.
    pub(super) async fn write_large<T, F>(&self, write: Write, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&Connection, &mut NewAudit) -> rusqlite::Result<Option<T>> + Send + 'static,
    {
        self.write_sized(true, write, work).await
    }

    async fn write_sized<T, F>(&self, is_large: bool, write: Write, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&Connection, &mut NewAudit) -> rusqlite::Result<Option<T>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.group.write(&self.writer, Box::new(Work { is_large, write, work, made: None, answer }), answered).await
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
    if let Some(id) = &basis.session {
        let mut statement = transaction.prepare_cached("SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?1)")?;
        if !statement.query_row([id], |row| row.get(0))? {
            return Ok(false);
        }
    }
    if let Some(limit) = basis.accounts_below {
        let count: i64 = transaction.query_row("SELECT count(*) FROM accounts", [], |row| row.get(0))?;
        if usize::try_from(count).is_ok_and(|count| count >= limit) {
            return Ok(false);
        }
    }
    basis.code.as_ref().map_or(Ok(true), |code| second_factor::use_up(transaction, code))
}

fn rows(basis: &Basis) -> impl Iterator<Item = (&'static str, &Version)> {
    let project = basis.project.iter().map(|row| ("projects", row));
    let keys = basis.keys.iter().map(|row| ("keys", row));
    project.chain(keys).chain(basis.dev_key.iter().map(|row| ("dev_keys", row)))
}
