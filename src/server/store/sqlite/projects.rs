//! Projects in SQLite.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{NewProject, ProjectRecord, date, maybe_date};
use crate::scope::DateTime;

fn project(row: &Row<'_>) -> rusqlite::Result<ProjectRecord> {
    Ok(ProjectRecord {
        sequence: row.get("sequence")?,
        id: row.get("id")?,
        name: row.get("name")?,
        created_at: date(row, "created_at")?,
        updated_at: date(row, "updated_at")?,
        pinged_at: maybe_date(row, "pinged_at")?,
    })
}

pub(super) fn create(connection: &Connection, new: &NewProject) -> rusqlite::Result<ProjectRecord> {
    let at = new.created_at.unix_milliseconds();
    connection.query_row(
        "INSERT INTO projects (id, name, created_at, updated_at) VALUES (?1, ?2, ?3, ?3) RETURNING *",
        params![new.id.as_str(), new.name.as_str(), at],
        project,
    )
}

pub(super) fn get(connection: &Connection, id: &str) -> rusqlite::Result<Option<ProjectRecord>> {
    connection.prepare_cached("SELECT * FROM projects WHERE id = ?1")?.query_row([id], project).optional()
}

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<ProjectRecord>> {
    connection.prepare_cached("SELECT * FROM projects ORDER BY sequence")?.query_map([], project)?.collect()
}

pub(super) fn rename(connection: &Connection, id: &str, name: &str, at: DateTime) -> rusqlite::Result<Option<ProjectRecord>> {
    let sql = "UPDATE projects SET name = ?2, updated_at = ?3 WHERE id = ?1 RETURNING *";
    connection.query_row(sql, params![id, name, at.unix_milliseconds()], project).optional()
}

pub(super) fn delete(connection: &Connection, id: &str) -> rusqlite::Result<bool> {
    Ok(connection.execute("DELETE FROM projects WHERE id = ?1", [id])? > 0)
}

pub(super) fn note_ping(connection: &Connection, id: &str, at: DateTime) -> rusqlite::Result<()> {
    let sql = "UPDATE projects SET pinged_at = ?2 WHERE id = ?1 AND pinged_at IS NULL";
    connection.execute(sql, params![id, at.unix_milliseconds()]).map(drop)
}
