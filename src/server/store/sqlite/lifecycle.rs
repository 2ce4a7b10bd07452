//! Changes of existing keys, and inserts of many keys, in SQLite. All functions run inside a transaction.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{
    Actor, KeyRecord, KeyRotation, NewAudit, NewKey, audit,
    keys::{insert, key},
};
use crate::scope::DateTime;

/// The positions of keys whose id or secret is taken. If there are any, the caller must not commit the transaction.
pub(super) fn import(transaction: &Connection, keys: &[NewKey], creator: &Actor) -> rusqlite::Result<Vec<usize>> {
    let mut taken = Vec::new();
    for (position, new) in keys.iter().enumerate() {
        let is_taken = transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM keys WHERE project_id = ?1 AND id = ?2) OR EXISTS (SELECT 1 FROM key_secrets WHERE hash = ?3)")?
            .query_row(params![new.project_id, new.id.as_str(), new.secret.as_bytes()], |row| row.get(0))?;
        if is_taken {
            taken.push(position);
        } else {
            insert(transaction, new, creator)?;
        }
    }
    Ok(taken)
}

pub(super) fn set_enabled(transaction: &Connection, sequence: i64, enabled: bool, at: DateTime) -> rusqlite::Result<Option<KeyRecord>> {
    let sql = "UPDATE keys SET enabled = ?2, updated_at = ?3, version = version + 1 WHERE sequence = ?1 RETURNING *";
    transaction.prepare_cached(sql)?.query_row(params![sequence, enabled, at.unix_milliseconds()], key).optional()
}

pub(super) fn rotate(transaction: &Connection, sequence: i64, rotation: &KeyRotation) -> rusqlite::Result<Option<KeyRecord>> {
    let until = rotation.overlap_until.map(DateTime::unix_milliseconds);
    let sql = "UPDATE keys SET hint = ?2, rotated_at = ?3, updated_at = ?3, exposed_at = NULL, overlap_until = ?4, expires_at = ?5, \
        version = version + 1 WHERE sequence = ?1 RETURNING *";
    let expire = rotation.expire.map(DateTime::unix_milliseconds);
    let values = params![sequence, rotation.hint, rotation.rotated_at.unix_milliseconds(), until, expire];
    let Some(rotated) = transaction.query_row(sql, values, key).optional()? else { return Ok(None) };
    transaction.execute("DELETE FROM key_secrets WHERE key_sequence = ?1 AND valid_until IS NOT NULL", [sequence])?;
    match until {
        Some(until) => transaction.execute("UPDATE key_secrets SET valid_until = ?2 WHERE key_sequence = ?1", params![sequence, until])?,
        None => transaction.execute("DELETE FROM key_secrets WHERE key_sequence = ?1", [sequence])?,
    };
    let hash = rotation.secret.as_bytes();
    transaction.execute("INSERT INTO key_secrets (hash, key_sequence) VALUES (?1, ?2)", params![hash, sequence])?;
    Ok(Some(rotated))
}

pub(super) fn end_overlap(transaction: &Connection, sequence: i64, at: DateTime) -> rusqlite::Result<Option<KeyRecord>> {
    transaction.execute("DELETE FROM key_secrets WHERE key_sequence = ?1 AND valid_until IS NOT NULL", [sequence])?;
    let sql = "UPDATE keys SET overlap_until = NULL, updated_at = ?2, version = version + 1 WHERE sequence = ?1 RETURNING *";
    transaction.query_row(sql, params![sequence, at.unix_milliseconds()], key).optional()
}

pub(super) fn note_exposure(connection: &mut Connection, sequence: i64, at: DateTime, entry: &NewAudit) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = "UPDATE keys SET exposed_at = ?2 WHERE sequence = ?1 AND exposed_at IS NULL";
    if transaction.execute(sql, params![sequence, at.unix_milliseconds()])? == 0 {
        return Ok(false);
    }
    audit::append(&transaction, entry)?;
    transaction.commit()?;
    Ok(true)
}
