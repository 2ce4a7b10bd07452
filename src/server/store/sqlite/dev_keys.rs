//! Dev keys in SQLite.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{DevKeyChange, DevKeyRecord, NewDevKey, date, keys::json_list, maybe_date, parsed};
use crate::{scope::DateTime, server::auth::SecretHash};

fn dev_key(row: &Row<'_>) -> rusqlite::Result<DevKeyRecord> {
    Ok(DevKeyRecord {
        sequence: row.get("sequence")?,
        project_id: row.get("project_id")?,
        id: row.get("id")?,
        version: row.get("version")?,
        name: parsed(row, "name")?,
        hint: row.get("hint")?,
        expire: date(row, "expires_at")?,
        created_at: date(row, "created_at")?,
        updated_at: date(row, "updated_at")?,
        accessed_at: maybe_date(row, "accessed_at")?,
        sdks: json_list(row, "sdks")?,
    })
}

pub(super) fn create(connection: &Connection, new: &NewDevKey) -> rusqlite::Result<DevKeyRecord> {
    connection.query_row(
        "INSERT INTO dev_keys (project_id, id, name, hash, hint, expires_at, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) RETURNING *",
        params![
            new.project_id,
            new.id.as_str(),
            new.name.as_str(),
            new.secret.as_bytes(),
            new.hint,
            new.expire.unix_milliseconds(),
            new.created_at.unix_milliseconds(),
        ],
        dev_key,
    )
}

pub(super) fn get(connection: &Connection, project_id: &str, id: &str) -> rusqlite::Result<Option<DevKeyRecord>> {
    let sql = "SELECT * FROM dev_keys WHERE project_id = ?1 AND id = ?2";
    connection.prepare_cached(sql)?.query_row([project_id, id], dev_key).optional()
}

pub(super) fn of_project(connection: &Connection, project_id: &str) -> rusqlite::Result<Vec<DevKeyRecord>> {
    let sql = "SELECT * FROM dev_keys WHERE project_id = ?1 ORDER BY sequence";
    connection.prepare_cached(sql)?.query_map([project_id], dev_key)?.collect()
}

pub(super) fn by_secret(connection: &Connection, secret: &SecretHash) -> rusqlite::Result<Option<DevKeyRecord>> {
    connection.prepare_cached("SELECT * FROM dev_keys WHERE hash = ?1")?.query_row([secret.as_bytes()], dev_key).optional()
}

pub(super) fn update(transaction: &Connection, sequence: i64, change: &DevKeyChange) -> rusqlite::Result<Option<DevKeyRecord>> {
    let sql = "UPDATE dev_keys SET name = ?2, expires_at = ?3, updated_at = ?4, version = version + 1 WHERE sequence = ?1 RETURNING *";
    let (expire, at) = (change.expire.unix_milliseconds(), change.updated_at.unix_milliseconds());
    transaction.query_row(sql, params![sequence, change.name.as_str(), expire, at], dev_key).optional()
}

/// `None` if it does not exist, as for every change.
pub(super) fn delete(transaction: &Connection, sequence: i64) -> rusqlite::Result<Option<()>> {
    Ok((transaction.execute("DELETE FROM dev_keys WHERE sequence = ?1", [sequence])? > 0).then_some(()))
}

pub(super) fn record_use(connection: &mut Connection, sequence: i64, at: DateTime, sdk: Option<&str>) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = "UPDATE dev_keys SET accessed_at = ?2 WHERE sequence = ?1 AND (accessed_at IS NULL OR accessed_at < ?2)";
    transaction.execute(sql, params![sequence, at.unix_milliseconds()])?;
    if let Some(sdk) = sdk {
        transaction.execute(
            "UPDATE dev_keys SET sdks = json_insert(sdks, '$[#]', ?2) \
             WHERE sequence = ?1 AND NOT EXISTS (SELECT 1 FROM json_each(dev_keys.sdks) WHERE value = ?2)",
            params![sequence, sdk],
        )?;
    }
    transaction.commit()
}
