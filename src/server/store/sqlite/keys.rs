//! API keys and the hashes of their secrets in SQLite.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params, types::Type};

use serde::de::DeserializeOwned;

use super::{Actor, ActorKind, KeyChange, KeyRecord, KeyUse, NewKey, date, maybe_date, parsed};
use crate::{
    scope::{DateTime, ScopeName},
    server::{auth::SecretHash, query::folded, store::key_cache::Found},
};

pub(super) fn key(row: &Row<'_>) -> rusqlite::Result<KeyRecord> {
    Ok(KeyRecord {
        sequence: row.get("sequence")?,
        project_id: row.get("project_id")?,
        id: row.get("id")?,
        version: row.get("version")?,
        name: parsed(row, "name")?,
        description: row.get("description")?,
        scopes: json_list(row, "scopes")?,
        hint: row.get("hint")?,
        enabled: row.get("enabled")?,
        expire: maybe_date(row, "expires_at")?,
        created_at: date(row, "created_at")?,
        updated_at: date(row, "updated_at")?,
        accessed_at: maybe_date(row, "accessed_at")?,
        sdks: json_list(row, "sdks")?,
        rotated_at: maybe_date(row, "rotated_at")?,
        overlap_until: maybe_date(row, "overlap_until")?,
        exposed_at: maybe_date(row, "exposed_at")?,
    })
}

/// A column that contains a JSON list. An item that does not parse is an error, and is not skipped.
pub(super) fn json_list<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<Vec<T>> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}

fn json(scopes: &[ScopeName]) -> String {
    scopes.iter().map(ScopeName::as_str).collect::<serde_json::Value>().to_string()
}

/// Runs inside a transaction.
pub(super) fn insert(transaction: &Connection, new: &NewKey, creator: &Actor) -> rusqlite::Result<KeyRecord> {
    let created = transaction
        .prepare_cached(
            "INSERT INTO keys (project_id, id, name, scopes, hint, expires_at, created_at, updated_at, name_folded, description, \
             created_by_type, created_by_id, created_by_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING *",
        )?
        .query_row(
            params![
                new.project_id,
                new.id.as_str(),
                new.name.as_str(),
                json(&new.scopes),
                new.hint,
                new.expire.map(DateTime::unix_milliseconds),
                new.created_at.unix_milliseconds(),
                folded(new.name.as_str()),
                new.description,
                creator.kind.as_str(),
                creator.id,
                creator.name,
            ],
            key,
        )?;
    let hash = new.secret.as_bytes();
    transaction.prepare_cached("INSERT INTO key_secrets (hash, key_sequence) VALUES (?1, ?2)")?.execute(params![hash, created.sequence])?;
    Ok(created)
}

pub(super) fn creators(connection: &Connection, sequences: &[i64]) -> rusqlite::Result<Vec<(i64, Actor)>> {
    let mut statement = connection.prepare_cached(
        "SELECT created_by_type, created_by_id, created_by_name FROM keys WHERE sequence = ?1 AND created_by_type IS NOT NULL",
    )?;
    let mut creators = Vec::new();
    for sequence in sequences {
        let read = |row: &Row<'_>| {
            let kind = ActorKind::of(row.get_ref("created_by_type")?.as_str()?);
            Ok(Actor { kind, id: row.get("created_by_id")?, name: row.get("created_by_name")? })
        };
        creators.extend(statement.query_row([sequence], read).optional()?.map(|creator| (*sequence, creator)));
    }
    Ok(creators)
}

pub(super) fn get(connection: &Connection, project_id: &str, id: &str) -> rusqlite::Result<Option<KeyRecord>> {
    connection.prepare_cached("SELECT * FROM keys WHERE project_id = ?1 AND id = ?2")?.query_row([project_id, id], key).optional()
}

pub(super) fn by_secret(connection: &Connection, secret: &SecretHash, now: DateTime) -> rusqlite::Result<Option<KeyRecord>> {
    connection
        .prepare_cached(
            "SELECT keys.* FROM key_secrets JOIN keys ON keys.sequence = key_secrets.key_sequence \
             WHERE hash = ?1 AND (valid_until IS NULL OR valid_until > ?2)",
        )?
        .query_row(params![secret.as_bytes(), now.unix_milliseconds()], key)
        .optional()
}

/// Keys after the sequence `after`, with the hashes of their secrets, ordered by sequence; at most `limit`.
pub(super) fn with_secrets(connection: &Connection, after: i64, limit: i64) -> rusqlite::Result<Vec<(SecretHash, Found)>> {
    let read = |row: &Row<'_>| {
        let hash = SecretHash::from_bytes(row.get_ref("hash")?.as_bytes()?);
        Ok((hash, Found { key: key(row)?, valid_until: maybe_date(row, "valid_until")? }))
    };
    let mut statement = connection.prepare_cached(
        "SELECT keys.*, hash, valid_until FROM keys JOIN key_secrets ON key_sequence = sequence \
         WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
    )?;
    let rows = statement.query_map([after, limit], read)?;
    rows.filter_map(|row| row.map(|(hash, found)| Some((hash?, found))).transpose()).collect()
}

/// Finds the key of a secret, whether the secret has ended or not.
pub(super) fn find(connection: &Connection, secret: &SecretHash) -> rusqlite::Result<Option<Found>> {
    connection
        .prepare_cached(
            "SELECT keys.*, key_secrets.valid_until FROM key_secrets JOIN keys ON keys.sequence = key_secrets.key_sequence WHERE hash = ?1",
        )?
        .query_row([secret.as_bytes()], |row| Ok(Found { key: key(row)?, valid_until: maybe_date(row, "valid_until")? }))
        .optional()
}

pub(super) fn update(connection: &Connection, sequence: i64, change: &KeyChange) -> rusqlite::Result<Option<KeyRecord>> {
    connection
        .prepare_cached(
            "UPDATE keys SET name = ?2, scopes = ?3, expires_at = ?4, updated_at = ?5, name_folded = ?6, \
             description = coalesce(?7, description), version = version + 1 WHERE sequence = ?1 RETURNING *",
        )?
        .query_row(
            params![
                sequence,
                change.name.as_str(),
                json(&change.scopes),
                change.expire.map(DateTime::unix_milliseconds),
                change.updated_at.unix_milliseconds(),
                folded(change.name.as_str()),
                change.description,
            ],
            key,
        )
        .optional()
}

/// `None` if it does not exist, as for every change.
pub(super) fn delete(connection: &Connection, sequence: i64) -> rusqlite::Result<Option<()>> {
    Ok((connection.prepare_cached("DELETE FROM keys WHERE sequence = ?1")?.execute([sequence])? > 0).then_some(()))
}

pub(super) fn record_uses(connection: &mut Connection, uses: &[KeyUse]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for KeyUse { key_sequence, at, sdk } in uses {
        let used = "UPDATE keys SET accessed_at = ?2 WHERE sequence = ?1 AND (accessed_at IS NULL OR accessed_at < ?2)";
        transaction.prepare_cached(used)?.execute(params![key_sequence, at.unix_milliseconds()])?;
        if let Some(sdk) = sdk {
            let by = "UPDATE keys SET sdks = json_insert(sdks, '$[#]', ?2) \
                 WHERE sequence = ?1 AND NOT EXISTS (SELECT 1 FROM json_each(keys.sdks) WHERE value = ?2)";
            transaction.prepare_cached(by)?.execute(params![key_sequence, sdk])?;
        }
    }
    transaction.commit()
}
