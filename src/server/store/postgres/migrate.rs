//! Migrates the schema. The first replica that starts does it.

use deadpool_postgres::{Object, Transaction};
use tokio_postgres::{Error, types::ToSql};

use super::{
    key_cache::PRUNE,
    schema::{self, Schema},
};
use crate::server::{
    query::folded,
    store::{StoreError, record::replaced_name},
};

/// The schema steps in order, with the same names as SQLite's; the fourth one is SQLite's, the ninth PostgreSQL's.
/// INVARIANT: append-only. A released step never changes.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/001_initial.sql"),
    include_str!("migrations/002_lifecycle.sql"),
    include_str!("migrations/003_setup.sql"),
    LISTS,
    include_str!("migrations/006_versions.sql"),
    include_str!("migrations/007_organization.sql"),
    NAMES,
    include_str!("migrations/009_changes.sql"),
    include_str!("migrations/010_key_table.sql"),
    include_str!("migrations/011_audit_of_target.sql"),
    include_str!("migrations/012_invitations.sql"),
    include_str!("migrations/013_creators.sql"),
    include_str!("migrations/014_audit_filters.sql"),
    include_str!("migrations/015_second_factor.sql"),
    include_str!("migrations/016_kept_plans.sql"),
    include_str!("migrations/017_operation_counts.sql"),
];
/// After this step, non-ASCII names are folded.
const LISTS: &str = include_str!("migrations/005_lists.sql");
/// After this step, names that are not valid are replaced.
const NAMES: &str = include_str!("migrations/008_names.sql");

/// The key of the lock that is held while a replica checks and changes the schema, so that replicas that start together take turns:
/// "SCPW", twice.
const LOCK: i64 = 0x5343_5057_5343_5057;

/// The result of the check.
pub(super) enum Found {
    /// The schema matches the steps. Lists the objects that were recreated, if any.
    UpToDate(Vec<String>),
    Newer,
    Foreign,
    /// The differences.
    Altered(String),
}

/// Creates the tables, or applies the missing steps, in one transaction.
pub(super) async fn migrate(client: &mut Object) -> Result<Found, Error> {
    let transaction = client.transaction().await?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    let done = match version(&transaction).await? {
        Some(done) => done,
        None if is_empty(&transaction).await? => {
            let sql = "CREATE TABLE scopewise_schema (version INTEGER NOT NULL); INSERT INTO scopewise_schema VALUES (0)";
            transaction.batch_execute(sql).await?;
            0
        }
        None => return Ok(Found::Foreign),
    };
    if done > MIGRATIONS.len() {
        return Ok(Found::Newer);
    }
    if done < MIGRATIONS.len() {
        for step in MIGRATIONS.iter().skip(done) {
            transaction.batch_execute(step).await?;
            match *step {
                LISTS => fold_names(&transaction).await?,
                NAMES => mend_names(&transaction).await?,
                _ => {}
            }
        }
        let version = i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX);
        transaction.execute("UPDATE scopewise_schema SET version = $1", &[&version]).await?;
    }
    let mended = match schema::mend(&transaction).await? {
        Schema::AsMade(mended) => mended,
        Schema::Altered(problem) => return Ok(Found::Altered(problem)),
    };
    transaction.execute(PRUNE, &[]).await?;
    if !mended.is_empty() {
        // No trigger has listed what was changed while a trigger was missing.
        transaction.execute("INSERT INTO changes DEFAULT VALUES", &[]).await?;
    }
    transaction.commit().await?;
    Ok(Found::UpToDate(mended))
}

/// Folds the names that contain non-ASCII characters.
async fn fold_names(transaction: &Transaction<'_>) -> Result<(), Error> {
    const BATCH: i64 = 1000;
    let names = "SELECT sequence, name FROM keys WHERE sequence > $1 \
        AND char_length(name) <> octet_length(convert_to(name, 'UTF8')) ORDER BY sequence LIMIT $2";
    let mut last = i64::MIN;
    loop {
        let rows = transaction.query(names, &[&last, &BATCH]).await?;
        for row in &rows {
            last = row.try_get(0)?;
            let name = folded(row.try_get(1)?);
            transaction.execute("UPDATE keys SET name_folded = $2 WHERE sequence = $1", &[&last, &name]).await?;
        }
        if rows.is_empty() {
            return Ok(());
        }
    }
}

/// Replaces names that are not valid: earlier versions stored names with control characters. The condition is that of `KeyName`; a test
/// compares them.
async fn mend_names(transaction: &Transaction<'_>) -> Result<(), Error> {
    const INVALID: &str = "name ~ '[\\u0001-\\u001f\\u007f-\\u009f]' OR char_length(name) NOT BETWEEN 1 AND 128";
    for (table, folds) in [("projects", ""), ("dev_keys", ""), ("keys", ", name_folded = $3")] {
        let rows = transaction.query(&format!("SELECT sequence, name, id FROM {table} WHERE {INVALID}"), &[]).await?;
        let replace = format!("UPDATE {table} SET name = $2{folds} WHERE sequence = $1");
        for row in rows {
            let Some(name) = replaced_name(row.try_get(1)?, row.try_get(2)?) else { continue };
            let (sequence, folded) = (row.try_get::<_, i64>(0)?, folded(&name));
            let values: [&(dyn ToSql + Sync); 3] = [&sequence, &name, &folded];
            transaction.execute(&replace, if folds.is_empty() { &values[..2] } else { &values[..] }).await?;
        }
    }
    Ok(())
}

async fn version(transaction: &Transaction<'_>) -> Result<Option<usize>, Error> {
    let table = transaction.query_one("SELECT to_regclass('scopewise_schema') IS NOT NULL", &[]).await?;
    if !table.try_get::<_, bool>(0)? {
        return Ok(None);
    }
    let version: i32 = transaction.query_one("SELECT version FROM scopewise_schema", &[]).await?.try_get(0)?;
    Ok(Some(usize::try_from(version).unwrap_or(usize::MAX)))
}

/// Whether the target schema contains no tables yet.
async fn is_empty(transaction: &Transaction<'_>) -> Result<bool, Error> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema())";
    transaction.query_one(sql, &[]).await?.try_get(0)
}

/// The error for a schema that cannot be used. Logs the objects that were repaired.
pub(super) fn judge(found: Found, name: &str) -> Result<(), StoreError> {
    match found {
        Found::UpToDate(mended) => {
            for object in mended {
                tracing::warn!(
                    "{object} of the database {name} was missing or changed, and was made again; find out who did that, and when"
                );
            }
            Ok(())
        }
        Found::Newer => Err(StoreError::Newer { name: name.to_owned() }),
        Found::Foreign => Err(StoreError::Foreign { name: name.to_owned() }),
        Found::Altered(problem) => Err(StoreError::Altered { name: name.to_owned(), problem }),
    }
}
