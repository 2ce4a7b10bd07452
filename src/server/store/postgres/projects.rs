//! Projects in PostgreSQL.

use deadpool_postgres::Object;
use tokio_postgres::{Error, Row, types::ToSql};

use super::{
    NewProject, ProjectRecord, ProjectRef, Write,
    column::{Parsed, parsed},
    connect::{execute, one, row, rows},
    date, maybe_date,
    write::{self, Changes, one_row},
};
use crate::{
    key::{EditionId, Policy},
    scope::DateTime,
};

pub(super) fn project(row: &Row) -> Result<ProjectRecord, Error> {
    Ok(ProjectRecord {
        sequence: row.try_get("sequence")?,
        id: row.try_get("id")?,
        name: parsed(row, "name")?,
        created_at: date(row, "created_at")?,
        updated_at: date(row, "updated_at")?,
        version: row.try_get("version")?,
        pinged_at: maybe_date(row, "pinged_at")?,
        policy: Policy {
            key_creation: parsed(row, "key_creation")?,
            max_lifetime_seconds: row.try_get("max_lifetime_seconds")?,
            require_expiry: row.try_get("require_expiry")?,
            browser_use: parsed(row, "browser_use")?,
            edition: row.try_get::<_, Option<Parsed<EditionId>>>("edition")?.map(|Parsed(edition)| edition),
        },
        policy_updated_at: maybe_date(row, "policy_updated_at")?,
        signing_key_id: row.try_get("signing_key_id")?,
        ended_ephemeral: row.try_get("ended_ephemeral")?,
    })
}

/// The entry belongs to the project that this creates.
pub(super) async fn create(client: &mut Object, new: &NewProject, write: &Write) -> Result<Option<ProjectRecord>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    let sql = "INSERT INTO projects (id, name, created_at, updated_at) VALUES ($1, $2, $3, $3) RETURNING *";
    let made = project(&one(&transaction, sql, &[&new.id.as_str(), &new.name.as_str(), &new.created_at.unix_milliseconds()]).await?)?;
    let mut entry = write.entry.clone();
    entry.project = Some(ProjectRef { sequence: made.sequence, id: made.id.clone() });
    write::end(transaction, &entry, Some(made)).await
}

pub(super) async fn get(client: &Object, id: &str) -> Result<Option<ProjectRecord>, Error> {
    row(client, "SELECT * FROM projects WHERE id = $1", &[&id]).await?.as_ref().map(project).transpose()
}

pub(super) async fn all(client: &Object) -> Result<Vec<ProjectRecord>, Error> {
    rows(client, "SELECT * FROM projects WHERE sequence > 0 ORDER BY sequence", &[]).await?.iter().map(project).collect()
}

pub(super) async fn rename(
    client: &mut Object,
    sequence: i64,
    name: &str,
    at: DateTime,
    write: &Write,
) -> Result<Option<ProjectRecord>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Project).await? else { return Ok(None) };
    let sql = "UPDATE projects SET name = $2, updated_at = $3, version = version + 1 WHERE sequence = $1 RETURNING *";
    let renamed = row(&transaction, sql, &[&sequence, &name, &at.unix_milliseconds()]).await?.as_ref().map(project).transpose()?;
    write::end(transaction, &write.entry, renamed).await
}

pub(super) async fn delete(client: &mut Object, sequence: i64, write: &Write) -> Result<Option<()>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Project).await? else { return Ok(None) };
    let deleted = one_row(execute(&transaction, "DELETE FROM projects WHERE sequence = $1 AND sequence > 0", &[&sequence]).await?);
    write::end(transaction, &write.entry, deleted).await
}

pub(super) async fn note_ping(client: &Object, id: &str, at: DateTime) -> Result<(), Error> {
    let sql = format!("UPDATE projects SET pinged_at = $2 WHERE id = $1 AND pinged_at IS NULL AND {}", write::turn_to_change_project());
    execute(client, &sql, &[&id, &at.unix_milliseconds()]).await.map(drop)
}

pub(super) async fn set_policy(
    client: &mut Object,
    sequence: i64,
    policy: Policy,
    at: DateTime,
    write: &Write,
) -> Result<Option<ProjectRecord>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Project).await? else { return Ok(None) };
    let sql = "UPDATE projects SET key_creation = $2, max_lifetime_seconds = $3, require_expiry = $4, browser_use = $5, \
        policy_updated_at = $6, edition = $7, version = version + 1 WHERE sequence = $1 RETURNING *";
    let (creation, browser) = (policy.key_creation.as_str(), policy.browser_use.as_str());
    let at = at.unix_milliseconds();
    let edition = policy.edition.as_ref().map(EditionId::as_str);
    let values: [&(dyn ToSql + Sync); 7] =
        [&sequence, &creation, &policy.max_lifetime_seconds, &policy.require_expiry, &browser, &at, &edition];
    let changed = row(&transaction, sql, &values).await?.as_ref().map(project).transpose()?;
    write::end(transaction, &write.entry, changed).await
}

/// A concurrent call waits for the first one, and returns its id.
pub(super) async fn ensure_signing_key(client: &Object, id: &str, new_id: &str) -> Result<Option<String>, Error> {
    let turn = write::turn_to_change_project();
    let sql =
        format!("UPDATE projects SET signing_key_id = coalesce(signing_key_id, $2) WHERE id = $1 AND {turn} RETURNING signing_key_id");
    row(client, &sql, &[&id, &new_id]).await?.map(|row| row.try_get(0)).transpose()
}

pub(super) async fn rotate_signing_key(client: &mut Object, sequence: i64, new_id: &str, write: &Write) -> Result<Option<()>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Project).await? else { return Ok(None) };
    let sql = "UPDATE projects SET signing_key_id = $2, ended_ephemeral = '{}', version = version + 1 WHERE sequence = $1";
    let changed = one_row(execute(&transaction, sql, &[&sequence, &new_id]).await?);
    write::end(transaction, &write.entry, changed).await
}

pub(super) async fn set_ended_ephemeral(client: &mut Object, sequence: i64, ended: &[String], write: &Write) -> Result<Option<()>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Project).await? else { return Ok(None) };
    let sql = "UPDATE projects SET ended_ephemeral = $2, version = version + 1 WHERE sequence = $1";
    let changed = one_row(execute(&transaction, sql, &[&sequence, &ended]).await?);
    write::end(transaction, &write.entry, changed).await
}
