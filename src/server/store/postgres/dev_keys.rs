//! Dev keys in PostgreSQL.

use deadpool_postgres::Object;
use tokio_postgres::{Error, Row};

use super::{
    DevKeyChange, DevKeyRecord, NewDevKey, Write,
    column::parsed,
    connect::{execute, one, row, rows},
    date, maybe_date,
    write::{self, Changes, one_row},
};
use crate::{scope::DateTime, server::auth::SecretHash};

fn dev_key(row: &Row) -> Result<DevKeyRecord, Error> {
    Ok(DevKeyRecord {
        sequence: row.try_get("sequence")?,
        project_id: row.try_get("project_id")?,
        id: row.try_get("id")?,
        version: row.try_get("version")?,
        name: parsed(row, "name")?,
        hint: row.try_get("hint")?,
        expire: date(row, "expires_at")?,
        created_at: date(row, "created_at")?,
        updated_at: date(row, "updated_at")?,
        accessed_at: maybe_date(row, "accessed_at")?,
        sdks: row.try_get("sdks")?,
    })
}

pub(super) async fn create(client: &mut Object, new: &NewDevKey, write: &Write) -> Result<Option<DevKeyRecord>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    let sql = "INSERT INTO dev_keys (project_id, id, name, hash, hint, expires_at, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING *";
    let (hash, expire, at) = (new.secret.as_bytes().as_slice(), new.expire.unix_milliseconds(), new.created_at.unix_milliseconds());
    let made = one(&transaction, sql, &[&new.project_id, &new.id.as_str(), &new.name.as_str(), &hash, &new.hint, &expire, &at]).await?;
    let made = dev_key(&made)?;
    write::end(transaction, &write.entry, Some(made)).await
}

pub(super) async fn get(client: &Object, project_id: &str, id: &str) -> Result<Option<DevKeyRecord>, Error> {
    let found = row(client, "SELECT * FROM dev_keys WHERE project_id = $1 AND id = $2", &[&project_id, &id]).await?;
    found.as_ref().map(dev_key).transpose()
}

pub(super) async fn of_project(client: &Object, project_id: &str) -> Result<Vec<DevKeyRecord>, Error> {
    rows(client, "SELECT * FROM dev_keys WHERE project_id = $1 ORDER BY sequence", &[&project_id]).await?.iter().map(dev_key).collect()
}

pub(super) async fn by_secret(client: &Object, secret: &SecretHash) -> Result<Option<DevKeyRecord>, Error> {
    let found = row(client, "SELECT * FROM dev_keys WHERE hash = $1", &[&secret.as_bytes().as_slice()]).await?;
    found.as_ref().map(dev_key).transpose()
}

pub(super) async fn update(
    client: &mut Object,
    sequence: i64,
    change: &DevKeyChange,
    write: &Write,
) -> Result<Option<DevKeyRecord>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    let sql = "UPDATE dev_keys SET name = $2, expires_at = $3, updated_at = $4, version = version + 1 WHERE sequence = $1 RETURNING *";
    let (expire, at) = (change.expire.unix_milliseconds(), change.updated_at.unix_milliseconds());
    let changed = row(&transaction, sql, &[&sequence, &change.name.as_str(), &expire, &at]).await?;
    let changed = changed.as_ref().map(dev_key).transpose()?;
    write::end(transaction, &write.entry, changed).await
}

pub(super) async fn delete(client: &mut Object, sequence: i64, write: &Write) -> Result<Option<()>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    let deleted = one_row(execute(&transaction, "DELETE FROM dev_keys WHERE sequence = $1", &[&sequence]).await?);
    write::end(transaction, &write.entry, deleted).await
}

pub(super) async fn record_use(client: &Object, sequence: i64, at: DateTime, sdk: Option<&str>) -> Result<(), Error> {
    let sql = "UPDATE dev_keys SET accessed_at = greatest(accessed_at, $2), \
        sdks = CASE WHEN $3::text IS NULL OR $3 = ANY (sdks) THEN sdks ELSE sdks || $3 END WHERE sequence = $1";
    execute(client, sql, &[&sequence, &at.unix_milliseconds(), &sdk]).await.map(drop)
}
