//! Writes a change to PostgreSQL: only if its basis is unchanged, and together with its audit entry.
//!
//! Most changes are one statement, which is one transaction and takes one round trip: it locks the rows of the basis, makes the change and
//! inserts the entry, but only if all rows have their versions and no other transaction holds them. It waits for none of them. If it did
//! nothing, a transaction waits for the rows, and says whether the basis has changed. The database writes the commits of concurrent
//! transactions to the disk together.
//!
//! # Locks
//! The project and the key that acts are locked `FOR SHARE`, so that all changes by one key can run at the same time. A weaker lock would
//! be wrong: `FOR KEY SHARE` lets another transaction narrow the key and commit, and then this change would be made by a key that has
//! lost its scopes. `FOR SHARE` conflicts with every change and deletion of the row: either that change commits first, and this one finds
//! another version, or this one commits first.
//!
//! PostgreSQL lets a new `FOR SHARE` overtake a transaction that waits to change the row. So a key that writes all the time could keep a
//! person from disabling it. Advisory locks prevent that, because their queue is fair: each change takes the advisory lock of a row before
//! the row. Once a transaction waits to change a row, no later one shares its lock.

use deadpool_postgres::{Object, Transaction};
use tokio_postgres::{Error, Row, types::ToSql};

use super::{
    acting::Acting,
    audit,
    connect::{execute, one, row, rows},
    second_factor,
};
use crate::server::store::{Basis, NewAudit, Version, Write};

/// The key of the lock that is held while accounts are counted and one is added: "SCPW", and "ACCT".
const COUNT_LOCK: i64 = 0x5343_5057_4143_4354;

/// The row of the basis that a change changes or deletes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Changes {
    /// The project.
    Project,
    /// The key with this sequence.
    Key(i64),
    /// Neither the project nor a key.
    Other,
}

/// How a row is locked.
struct Lock {
    table: &'static str,
    /// Tells the advisory locks of the tables apart.
    class: i32,
    changes: bool,
}

impl Lock {
    fn project(changes: Changes) -> Self {
        // Two transactions that share a lock and then both change the row would wait for each other.
        Self { table: "projects", class: 0x5343_5057, changes: changes == Changes::Project }
    }

    fn key(changes: Changes, sequence: i64) -> Self {
        Self { table: "keys", class: 0x5343_5058, changes: changes == Changes::Key(sequence) }
    }

    fn rows(&self) -> &'static str {
        if self.changes { "NO KEY UPDATE" } else { "SHARE" }
    }

    /// The arguments and the end of the name of an advisory lock.
    fn advisory(&self, sequence: &str) -> (String, &'static str) {
        (format!("{}, ({sequence} % 2147483647)::int4", self.class), if self.changes { "" } else { "_shared" })
    }

    /// A condition that waits for the advisory lock of the row with this sequence.
    fn turn(&self, sequence: &str) -> String {
        let (arguments, shared) = self.advisory(sequence);
        format!("pg_advisory_xact_lock{shared}({arguments}) IS NOT NULL")
    }

    /// Waits for the row with the sequence `$1`, and locks it. INVARIANT: the advisory lock first.
    fn waiting(&self) -> String {
        format!("SELECT version FROM {} WHERE sequence = $1 AND {} FOR {}", self.table, self.turn("$1"), self.rows())
    }

    /// Finds the row if it has its version and can be locked at once.
    fn at_once(&self, sequence: &str, version: &str) -> String {
        let ((arguments, shared), table, rows) = (self.advisory(sequence), self.table, self.rows());
        let advisory = format!("pg_try_advisory_xact_lock{shared}({arguments})");
        format!("SELECT 1 FROM {table} WHERE sequence = {sequence} AND version = {version} AND {advisory} FOR {rows} SKIP LOCKED")
    }
}

/// For a statement that changes a row of `keys` without a basis: a condition that waits for its turn.
pub(super) fn turn_to_change_key() -> String {
    Lock { changes: true, ..Lock::key(Changes::Other, 0) }.turn("sequence")
}

/// The same for a row of `projects`.
pub(super) fn turn_to_change_project() -> String {
    Lock::project(Changes::Project).turn("sequence")
}

/// The keys of a basis in the order in which they are locked, each once. `None` if it names two versions of one key.
fn keys_in_order(basis: &Basis) -> Option<Vec<Version>> {
    let mut keys = basis.keys.clone();
    keys.sort_unstable();
    keys.dedup();
    let is_clear = keys.iter().zip(keys.iter().skip(1)).all(|(one, next)| one.sequence != next.sequence);
    is_clear.then_some(keys)
}

/// A value of a statement.
pub(super) type Value = Box<dyn ToSql + Sync + Send>;

/// A change that is one statement. It owns its values, so that it can wait for others and be sent again.
pub(super) struct Change {
    pub acting: Acting,
    basis: Basis,
    changes: Changes,
    /// See [`Change::new`].
    alone: String,
    /// The statement that is sent along with others, if it is not the same.
    together: Option<String>,
    values: Vec<Value>,
}

/// What [`Change::new`] makes a statement of.
pub(super) struct Made<'a> {
    /// The row that it changes.
    pub changes: Changes,
    /// A `WITH` item `made`, which reads `FROM basis` and returns at most one row. Its parameters are `$1` and so on.
    pub sql: &'a str,
    /// The same, but where this one fails because there is such a row, it makes none: an error would undo the changes beside it.
    pub sql_together: Option<&'a str>,
    pub values: Vec<Value>,
}

impl Change {
    /// The statement makes the change and inserts the entry, but only if all rows of the basis have their versions and no other
    /// transaction holds them. `None` if the basis cannot be met.
    pub(super) fn new(Write { basis, entry }: Write, made: Made<'_>) -> Option<Self> {
        // Only keys are changed this way, and no basis of them names one of these.
        if basis.dev_key.is_some() || !basis.accounts.is_empty() || basis.accounts_below.is_some() || basis.code.is_some() {
            return None;
        }
        let (keys, Made { changes, sql, sql_together, mut values }) = (keys_in_order(&basis)?, made);
        let marks = |from: usize, count: usize| (from..from + count).map(|number| format!("${number}")).collect::<Vec<_>>();
        let of_entry = marks(values.len() + 1, audit::COLUMNS_COUNT).join(", ");
        let acting = Acting::of(&entry);
        values.extend(audit::values(entry));
        let mut held = Vec::new();
        let versions = basis.project.iter().map(|row| (Lock::project(changes), row));
        for (lock, version) in versions.chain(keys.iter().map(|key| (Lock::key(changes, key.sequence), key))) {
            held.push(lock.at_once(&format!("${}", values.len() + 1), &format!("${}", values.len() + 2)));
            values.extend([Box::new(version.sequence) as Value, Box::new(version.number)]);
        }
        if let Some(session) = &basis.session {
            // Its last use may change in between; only its end matters.
            held.push(format!("SELECT 1 FROM sessions WHERE id = ${} FOR KEY SHARE SKIP LOCKED", values.len() + 1));
            values.push(Box::new(session.clone()));
        }
        let held: Vec<String> = held.iter().enumerate().map(|(number, row)| format!("({row}) AS held{number}")).collect();
        let from = if held.is_empty() { String::new() } else { format!(" FROM {}", held.join(", ")) };
        let columns = audit::COLUMNS;
        let whole = |sql: &str| {
            format!(
                "WITH basis AS MATERIALIZED (SELECT 1{from}), {sql}, entry AS (INSERT INTO audit ({columns}) SELECT {of_entry} FROM made) \
                 SELECT * FROM made"
            )
        };
        let (alone, together) = (whole(sql), sql_together.map(whole));
        Some(Self { acting, basis, changes, alone, together, values })
    }

    /// The statement that is sent along with others.
    pub(super) fn together(&self) -> &str {
        self.together.as_ref().unwrap_or(&self.alone)
    }

    pub(super) fn values(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.values.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect()
    }

    /// Makes the change. `None` if a row of the basis was changed or deleted.
    pub(super) async fn make(&self, client: &mut Object) -> Result<Option<Row>, Error> {
        if let Some(made) = row(client, &self.alone, &self.values()).await? {
            return Ok(Some(made));
        }
        let Some(transaction) = begin(client, &self.basis, self.changes).await? else { return Ok(None) };
        // The transaction has the locks already, so this waits for nothing.
        let Some(made) = row(&transaction, &self.alone, &self.values()).await? else { return Ok(None) };
        transaction.commit().await?;
        Ok(Some(made))
    }
}

/// Begins a transaction if all rows of the basis are unchanged, and locks them until it ends. `None` if a row was changed or deleted.
///
/// INVARIANT: all transactions lock in the same order, so that they never deadlock: the project, keys by their sequence, the dev key,
/// accounts by their id, the session, the number of accounts. The locks on keys delay recorded uses and new secrets until the transaction ends.
pub(super) async fn begin<'a>(client: &'a mut Object, basis: &Basis, changes: Changes) -> Result<Option<Transaction<'a>>, Error> {
    let transaction = client.transaction().await?;
    let Some(keys) = keys_in_order(basis) else { return Ok(None) };
    let versions = basis.project.iter().map(|row| (Lock::project(changes), row));
    for (lock, expected) in versions.chain(keys.iter().map(|key| (Lock::key(changes, key.sequence), key))) {
        let found = row(&transaction, &lock.waiting(), &[&expected.sequence]).await?;
        if found.map(|row| row.try_get::<_, i64>(0)).transpose()? != Some(expected.number) {
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
    if let Some(limit) = basis.accounts_below {
        execute(&transaction, "SELECT pg_advisory_xact_lock($1)", &[&COUNT_LOCK]).await?;
        let count: i64 = one(&transaction, "SELECT count(*) FROM accounts", &[]).await?.try_get(0)?;
        if usize::try_from(count).is_ok_and(|count| count >= limit) {
            return Ok(None);
        }
    }
    if let Some(code) = &basis.code
        && !second_factor::use_up(&transaction, code).await?
    {
        return Ok(None);
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
