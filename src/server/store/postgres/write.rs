//! Writes a change to PostgreSQL: only if its basis is unchanged, and together with its audit entry.

use deadpool_postgres::{Object, Transaction};
use tokio_postgres::Error;

use super::{
    audit,
    connect::{row, rows},
};
use crate::server::store::{Basis, NewAudit};

/// The effect of a change on the project of its basis.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Project {
    /// The project does not change.
    Stays,
    /// The project is changed or deleted.
    Changes,
}

/// Begins a transaction if all rows of the basis are unchanged, and locks them until it ends. `None` if a row was changed or deleted.
///
/// INVARIANT: all transactions lock in the same order, so that they never deadlock: the project, keys by their sequence, the dev key,
/// accounts by their id, the session. The locks on keys delay recorded uses and new secrets until the transaction ends.
pub(super) async fn begin<'a>(client: &'a mut Object, basis: &Basis, project: Project) -> Result<Option<Transaction<'a>>, Error> {
    let transaction = client.transaction().await?;
    if let Some(expected) = basis.project {
        // Two transactions that share a lock and then both change the row would wait for each other.
        let lock = if project == Project::Changes { "NO KEY UPDATE" } else { "SHARE" };
        let found =
            row(&transaction, &format!("SELECT version FROM projects WHERE sequence = $1 FOR {lock}"), &[&expected.sequence]).await?;
        if found.map(|row| row.try_get::<_, i64>(0)).transpose()? != Some(expected.number) {
            return Ok(None);
        }
    }
    if !basis.keys.is_empty() {
        let sequences: Vec<i64> = basis.keys.iter().map(|key| key.sequence).collect();
        let sql = "SELECT sequence, version FROM keys WHERE sequence = ANY ($1) ORDER BY sequence FOR NO KEY UPDATE";
        let found = rows(&transaction, sql, &[&sequences]).await?;
        let found = found.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<Vec<(i64, i64)>, Error>>()?;
        if !basis.keys.iter().all(|key| found.contains(&(key.sequence, key.number))) {
            return Ok(None);
        }
    }
    if let Some(expected) = basis.dev_key {
        let found = row(&transaction, "SELECT version FROM dev_keys WHERE sequence = $1 FOR NO KEY UPDATE", &[&expected.sequence]).await?;
        if found.map(|row| row.try_get::<_, i64>(0)).transpose()? != Some(expected.number) {
            return Ok(None);
        }
    }
    if !basis.accounts.is_empty() {
        let ids: Vec<&str> = basis.accounts.iter().map(|account| account.id.as_str()).collect();
        let sql = "SELECT id, version FROM accounts WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE";
        let found = rows(&transaction, sql, &[&ids]).await?;
        let found = found.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<Vec<(&str, i64)>, Error>>()?;
        if !basis.accounts.iter().all(|account| found.contains(&(account.id.as_str(), account.number))) {
            return Ok(None);
        }
    }
    if let Some(session) = &basis.session {
        // Its last use may change in between; only its end matters.
        if row(&transaction, "SELECT 1 FROM sessions WHERE id = $1 FOR KEY SHARE", &[session]).await?.is_none() {
            return Ok(None);
        }
    }
    Ok(Some(transaction))
}

/// Writes the entry and commits. `None` means that nothing was changed; then it does not commit.
pub(super) async fn end<T>(transaction: Transaction<'_>, entry: &NewAudit, done: Option<T>) -> Result<Option<T>, Error> {
    let Some(done) = done else { return Ok(None) };
    audit::append(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(Some(done))
}

/// Whether exactly one row was changed.
pub(super) fn one_row(count: u64) -> Option<()> {
    (count > 0).then_some(())
}
