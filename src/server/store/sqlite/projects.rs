//! Projects in SQLite.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{NewAudit, NewProject, ProjectRecord, ProjectRef, date, keys::json_list, maybe_date, maybe_parsed, parsed};
use crate::{
    key::{EditionId, Policy},
    scope::DateTime,
};

fn project(row: &Row<'_>) -> rusqlite::Result<ProjectRecord> {
    Ok(ProjectRecord {
        sequence: row.get("sequence")?,
        id: row.get("id")?,
        name: parsed(row, "name")?,
        created_at: date(row, "created_at")?,
        updated_at: date(row, "updated_at")?,
        version: row.get("version")?,
        pinged_at: maybe_date(row, "pinged_at")?,
        policy: Policy {
            key_creation: parsed(row, "key_creation")?,
            max_lifetime_seconds: row.get("max_lifetime_seconds")?,
            require_expiry: row.get("require_expiry")?,
            browser_use: parsed(row, "browser_use")?,
            edition: maybe_parsed(row, "edition")?,
        },
        policy_updated_at: maybe_date(row, "policy_updated_at")?,
        signing_key_id: row.get("signing_key_id")?,
        ended_ephemeral: json_list(row, "ended_ephemeral")?,
    })
}

/// The entry belongs to the project that this creates.
pub(super) fn create(transaction: &Connection, new: &NewProject, entry: &mut NewAudit) -> rusqlite::Result<ProjectRecord> {
    let at = new.created_at.unix_milliseconds();
    let created = transaction.query_row(
        "INSERT INTO projects (id, name, created_at, updated_at) VALUES (?1, ?2, ?3, ?3) RETURNING *",
        params![new.id.as_str(), new.name.as_str(), at],
        project,
    )?;
    entry.project = Some(ProjectRef { sequence: created.sequence, id: created.id.clone() });
    Ok(created)
}

pub(super) fn get(connection: &Connection, id: &str) -> rusqlite::Result<Option<ProjectRecord>> {
    connection.prepare_cached("SELECT * FROM projects WHERE id = ?1")?.query_row([id], project).optional()
}

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<ProjectRecord>> {
    connection.prepare_cached("SELECT * FROM projects WHERE sequence > 0 ORDER BY sequence")?.query_map([], project)?.collect()
}

pub(super) fn rename(transaction: &Connection, sequence: i64, name: &str, at: DateTime) -> rusqlite::Result<Option<ProjectRecord>> {
    let sql = "UPDATE projects SET name = ?2, updated_at = ?3, version = version + 1 WHERE sequence = ?1 RETURNING *";
    transaction.query_row(sql, params![sequence, name, at.unix_milliseconds()], project).optional()
}

/// `None` if it does not exist, as for every change.
pub(super) fn delete(transaction: &Connection, sequence: i64) -> rusqlite::Result<Option<()>> {
    Ok((transaction.execute("DELETE FROM projects WHERE sequence = ?1 AND sequence > 0", [sequence])? > 0).then_some(()))
}

pub(super) fn note_ping(connection: &Connection, id: &str, at: DateTime) -> rusqlite::Result<()> {
    let sql = "UPDATE projects SET pinged_at = ?2 WHERE id = ?1 AND pinged_at IS NULL";
    connection.execute(sql, params![id, at.unix_milliseconds()]).map(drop)
}

pub(super) fn set_policy(transaction: &Connection, sequence: i64, policy: Policy, at: DateTime) -> rusqlite::Result<Option<ProjectRecord>> {
    let sql = "UPDATE projects SET key_creation = ?2, max_lifetime_seconds = ?3, require_expiry = ?4, browser_use = ?5, policy_updated_at = ?6, \
        edition = ?7, version = version + 1 WHERE sequence = ?1 RETURNING *";
    let (creation, browser) = (policy.key_creation.as_str(), policy.browser_use.as_str());
    let (edition, at) = (policy.edition.as_ref().map(EditionId::as_str), at.unix_milliseconds());
    let values = params![sequence, creation, policy.max_lifetime_seconds, policy.require_expiry, browser, at, edition];
    transaction.query_row(sql, values, project).optional()
}

pub(super) fn ensure_signing_key(connection: &mut Connection, id: &str, new_id: &str) -> rusqlite::Result<Option<String>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("UPDATE projects SET signing_key_id = ?2 WHERE id = ?1 AND signing_key_id IS NULL", [id, new_id])?;
    let found = transaction.query_row("SELECT signing_key_id FROM projects WHERE id = ?1", [id], |row| row.get(0)).optional()?;
    transaction.commit()?;
    Ok(found)
}

pub(super) fn rotate_signing_key(transaction: &Connection, sequence: i64, new_id: &str) -> rusqlite::Result<Option<()>> {
    let sql = "UPDATE projects SET signing_key_id = ?2, ended_ephemeral = '[]', version = version + 1 WHERE sequence = ?1";
    Ok((transaction.execute(sql, params![sequence, new_id])? > 0).then_some(()))
}

pub(super) fn set_ended_ephemeral(transaction: &Connection, sequence: i64, ended: &[String]) -> rusqlite::Result<Option<()>> {
    let sql = "UPDATE projects SET ended_ephemeral = ?2, version = version + 1 WHERE sequence = ?1";
    Ok((transaction.execute(sql, params![sequence, serde_json::Value::from(ended).to_string()])? > 0).then_some(()))
}
