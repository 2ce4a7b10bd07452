//! What happens to keys after they were made, and many at once, in SQLite.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{
    KeyRecord, KeyRotation, NewKey,
    keys::{insert, key},
};
use crate::scope::DateTime;

pub(super) fn import(connection: &mut Connection, keys: &[NewKey]) -> rusqlite::Result<Vec<usize>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut taken = Vec::new();
    for (position, new) in keys.iter().enumerate() {
        let is_taken = transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM keys WHERE project_id = ?1 AND id = ?2) OR EXISTS (SELECT 1 FROM key_secrets WHERE hash = ?3)")?
            .query_row(params![new.project_id, new.id.as_str(), new.secret.as_bytes()], |row| row.get(0))?;
        if is_taken {
            taken.push(position);
        } else {
            insert(&transaction, new)?;
        }
    }
    // Without a commit, what was inserted is taken back.
    if taken.is_empty() {
        transaction.commit()?;
    }
    Ok(taken)
}

pub(super) fn set_enabled(
    connection: &Connection,
    project_id: &str,
    id: &str,
    enabled: bool,
    at: DateTime,
) -> rusqlite::Result<Option<KeyRecord>> {
    let sql = "UPDATE keys SET enabled = ?3, updated_at = ?4 WHERE project_id = ?1 AND id = ?2 RETURNING *";
    connection.query_row(sql, params![project_id, id, enabled, at.unix_milliseconds()], key).optional()
}

pub(super) fn rotate(
    connection: &mut Connection,
    project_id: &str,
    id: &str,
    rotation: &KeyRotation,
) -> rusqlite::Result<Option<KeyRecord>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let now = rotation.rotated_at.unix_milliseconds();
    // In an UPDATE, the right side sees the row as it was: the overlap ends at the old expiry at the latest.
    let rotated =
        transaction
            .query_row(
                "UPDATE keys SET hint = ?3, rotated_at = ?4, updated_at = ?4, exposed_at = NULL, \
             overlap_until = nullif(max(?4, min(?5, coalesce(expires_at, ?5))), ?4) \
             WHERE project_id = ?1 AND id = ?2 AND updated_at = ?6 RETURNING *",
                params![
                    project_id,
                    id,
                    rotation.hint,
                    now,
                    rotation.overlap_until.unix_milliseconds(),
                    rotation.judged_at.unix_milliseconds(),
                ],
                key,
            )
            .optional()?;
    let Some(rotated) = rotated else { return Ok(None) };
    transaction.execute("DELETE FROM key_secrets WHERE key_sequence = ?1 AND valid_until IS NOT NULL", [rotated.sequence])?;
    match rotated.overlap_until {
        Some(until) => transaction.execute(
            "UPDATE key_secrets SET valid_until = ?2 WHERE key_sequence = ?1",
            params![rotated.sequence, until.unix_milliseconds()],
        )?,
        None => transaction.execute("DELETE FROM key_secrets WHERE key_sequence = ?1", [rotated.sequence])?,
    };
    let hash = rotation.secret.as_bytes();
    transaction.execute("INSERT INTO key_secrets (hash, key_sequence) VALUES (?1, ?2)", params![hash, rotated.sequence])?;
    transaction.commit()?;
    Ok(Some(rotated))
}

pub(super) fn note_exposure(connection: &Connection, sequence: i64, at: DateTime) -> rusqlite::Result<()> {
    let sql = "UPDATE keys SET exposed_at = ?2 WHERE sequence = ?1 AND exposed_at IS NULL";
    connection.execute(sql, params![sequence, at.unix_milliseconds()]).map(drop)
}
