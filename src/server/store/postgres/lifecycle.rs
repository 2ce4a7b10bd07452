//! Changes of existing keys, and inserts of many keys, in PostgreSQL.

use deadpool_postgres::{GenericClient, Object, Transaction};
use futures_util::future::try_join_all;
use tokio_postgres::{Error, Statement, types::ToSql};

use super::{
    Actor, KeyRecord, KeyRotation, NewAudit, NewKey, Write,
    audit::{self, plain},
    connect::{execute, row},
    keys::{key, texts},
    write::{self, Change, Changes, Made, Value},
};
use crate::{scope::DateTime, server::query::folded};

/// Inserts no row for a key whose id or secret is taken. Waits for another transaction that writes the same id or secret.
const INSERT: &str = "WITH made AS (INSERT INTO keys (project_id, id, name, scopes, hint, expires_at, created_at, updated_at, name_folded, \
    description, created_by_type, created_by_id, created_by_name) SELECT $1, $2, $3, $4, $5, $6, $7, $7, $9, $10, $11, $12, $13 WHERE NOT EXISTS (SELECT 1 FROM key_secrets WHERE hash = $8) \
    ON CONFLICT (project_id, id) DO NOTHING RETURNING sequence), \
    secret AS (INSERT INTO key_secrets (hash, key_sequence) SELECT $8, sequence FROM made ON CONFLICT (hash) DO NOTHING RETURNING 1) \
    SELECT count(*) FROM secret";

/// The number of keys of an import that are sent together. A group this small is polled in order, so the keys are sent in order.
const AT_ONCE: usize = 30;

pub(super) async fn import(client: &mut Object, keys: &[NewKey], write: &Write) -> Result<Option<Vec<usize>>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Other).await? else { return Ok(None) };
    let statement = transaction.prepare_cached(INSERT).await?;
    let mut taken = Vec::new();
    for (batch, news) in keys.chunks(AT_ONCE).enumerate() {
        // Sends all of them at once, in this order, and does not wait for each answer.
        let inserted = try_join_all(news.iter().map(|new| insert(&transaction, &statement, new, &write.entry.actor))).await?;
        let missing = inserted.iter().enumerate().filter(|(_, inserted)| !**inserted);
        taken.extend(missing.map(|(index, _)| batch * AT_ONCE + index));
    }
    // Without a commit, the inserts are rolled back.
    if !taken.is_empty() {
        transaction.rollback().await?;
        return Ok(Some(taken));
    }
    write::end(transaction, &write.entry, Some(taken)).await
}

/// Whether the key is new, including its id and secret.
async fn insert(transaction: &Transaction<'_>, statement: &Statement, new: &NewKey, creator: &Actor) -> Result<bool, Error> {
    let (expire, at) = (new.expire.map(DateTime::unix_milliseconds), new.created_at.unix_milliseconds());
    let hash = new.secret.as_bytes().as_slice();
    let values: [&(dyn ToSql + Sync); 13] = [
        &new.project_id,
        &new.id.as_str(),
        &new.name.as_str(),
        &texts(&new.scopes),
        &new.hint,
        &expire,
        &at,
        &hash,
        &folded(new.name.as_str()),
        &new.description,
        &creator.kind.as_str(),
        &plain(&creator.id),
        &plain(&creator.name),
    ];
    Ok(transaction.query_one(statement, &values).await?.try_get::<_, i64>(0)? > 0)
}

pub(super) fn set_enabled(sequence: i64, enabled: bool, at: DateTime, write: Write) -> Option<Change> {
    let sql =
        "made AS (UPDATE keys SET enabled = $2, updated_at = $3, version = version + 1 FROM basis WHERE sequence = $1 RETURNING keys.*)";
    let values: Vec<Value> = vec![Box::new(sequence), Box::new(enabled), Box::new(at.unix_milliseconds())];
    Change::new(write, Made { changes: Changes::Key(sequence), sql, sql_together: None, values })
}

pub(super) async fn rotate(client: &mut Object, sequence: i64, rotation: &KeyRotation, write: &Write) -> Result<Option<KeyRecord>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Key(sequence)).await? else { return Ok(None) };
    // Locks the key. The following statements see what an earlier rotation wrote, because each statement takes a new snapshot.
    let sql = "UPDATE keys SET hint = $2, rotated_at = $3, updated_at = $3, exposed_at = NULL, overlap_until = $4, expires_at = $5, \
        version = version + 1 WHERE sequence = $1 RETURNING *";
    let now = rotation.rotated_at.unix_milliseconds();
    let (until, expire) = (rotation.overlap_until.map(DateTime::unix_milliseconds), rotation.expire.map(DateTime::unix_milliseconds));
    let Some(rotated) = row(&transaction, sql, &[&sequence, &rotation.hint, &now, &until, &expire]).await? else { return Ok(None) };
    let rotated = key(&rotated)?;
    let sql = "DELETE FROM key_secrets WHERE key_sequence = $1 AND (valid_until IS NOT NULL OR $2::bigint IS NULL)";
    execute(&transaction, sql, &[&sequence, &until]).await?;
    execute(&transaction, "UPDATE key_secrets SET valid_until = $2 WHERE key_sequence = $1", &[&sequence, &until]).await?;
    let sql = "INSERT INTO key_secrets (hash, key_sequence) VALUES ($1, $2)";
    execute(&transaction, sql, &[&rotation.secret.as_bytes().as_slice(), &sequence]).await?;
    write::end(transaction, &write.entry, Some(rotated)).await
}

pub(super) async fn end_overlap(client: &mut Object, sequence: i64, at: DateTime, write: &Write) -> Result<Option<KeyRecord>, Error> {
    let Some(transaction) = write::begin(client, &write.basis, Changes::Key(sequence)).await? else { return Ok(None) };
    execute(&transaction, "DELETE FROM key_secrets WHERE key_sequence = $1 AND valid_until IS NOT NULL", &[&sequence]).await?;
    let sql = "UPDATE keys SET overlap_until = NULL, updated_at = $2, version = version + 1 WHERE sequence = $1 RETURNING *";
    let changed = row(&transaction, sql, &[&sequence, &at.unix_milliseconds()]).await?;
    let changed = changed.as_ref().map(key).transpose()?;
    write::end(transaction, &write.entry, changed).await
}

pub(super) async fn note_exposure(client: &mut Object, sequence: i64, at: DateTime, entry: &NewAudit) -> Result<bool, Error> {
    let transaction = client.transaction().await?;
    let sql = format!("UPDATE keys SET exposed_at = $2 WHERE sequence = $1 AND exposed_at IS NULL AND {}", write::turn_to_change_key());
    if execute(&transaction, &sql, &[&sequence, &at.unix_milliseconds()]).await? == 0 {
        return Ok(false);
    }
    audit::append(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(true)
}
