//! API keys and the hashes of their secrets in PostgreSQL.

use deadpool_postgres::Object;
use tokio_postgres::{Error, Row};

use super::{
    Actor, ActorKind, KeyChange, KeyRecord, KeyUse, NewKey, Write,
    audit::plain,
    column::{Parsed, parsed},
    connect::{execute, row, rows},
    date, maybe_date,
    write::{self, Change, Changes, Made, Value},
};
use crate::{
    scope::{DateTime, ScopeName},
    server::{auth::SecretHash, query::folded},
};

pub(super) fn key(row: &Row) -> Result<KeyRecord, Error> {
    Ok(KeyRecord {
        sequence: row.try_get("sequence")?,
        project_id: row.try_get("project_id")?,
        id: row.try_get("id")?,
        version: row.try_get("version")?,
        name: parsed(row, "name")?,
        description: row.try_get("description")?,
        scopes: row.try_get::<_, Vec<Parsed<ScopeName>>>("scopes")?.into_iter().map(|Parsed(scope)| scope).collect(),
        hint: row.try_get("hint")?,
        enabled: row.try_get("enabled")?,
        expire: maybe_date(row, "expires_at")?,
        created_at: date(row, "created_at")?,
        updated_at: date(row, "updated_at")?,
        accessed_at: maybe_date(row, "accessed_at")?,
        sdks: row.try_get("sdks")?,
        rotated_at: maybe_date(row, "rotated_at")?,
        overlap_until: maybe_date(row, "overlap_until")?,
        exposed_at: maybe_date(row, "exposed_at")?,
    })
}

/// Scopes in the form of the column.
pub(super) fn texts(scopes: &[ScopeName]) -> Vec<&str> {
    scopes.iter().map(ScopeName::as_str).collect()
}

pub(super) fn create(new: NewKey, write: Write) -> Option<Change> {
    let sql = |unless: &str| {
        format!(
            "made AS (INSERT INTO keys (project_id, id, name, scopes, hint, expires_at, created_at, updated_at, name_folded, description, \
             created_by_type, created_by_id, created_by_name) SELECT $1, $2, $3, $4, $5, $6, $7, $7, $9, $10, $11, $12, $13 FROM basis{unless} \
             RETURNING *), secret AS (INSERT INTO key_secrets (hash, key_sequence) SELECT $8, sequence FROM made)"
        )
    };
    let Actor { kind, id: by_id, name: by_name } = &write.entry.actor;
    let (by, by_id, by_name) = (kind.as_str(), plain(by_id), plain(by_name));
    let values: Vec<Value> = vec![
        Box::new(new.project_id),
        Box::new(new.id.to_string()),
        Box::new(new.name.to_string()),
        Box::new(owned(&new.scopes)),
        Box::new(new.hint),
        Box::new(new.expire.map(DateTime::unix_milliseconds)),
        Box::new(new.created_at.unix_milliseconds()),
        Box::new(new.secret.as_bytes().to_vec()),
        Box::new(folded(new.name.as_str())),
        Box::new(new.description),
        Box::new(by),
        Box::new(by_id),
        Box::new(by_name),
    ];
    let unless = " WHERE NOT EXISTS (SELECT 1 FROM keys WHERE project_id = $1 AND id = $2)";
    let made = Made { changes: Changes::Other, sql: &sql(""), sql_together: Some(&sql(unless)), values };
    Change::new(write, made)
}

fn owned(scopes: &[ScopeName]) -> Vec<String> {
    scopes.iter().map(ToString::to_string).collect()
}

pub(super) async fn creators(client: &Object, sequences: &[i64]) -> Result<Vec<(i64, Actor)>, Error> {
    let sql = "SELECT sequence, created_by_type, created_by_id, created_by_name FROM keys \
        WHERE sequence = ANY ($1) AND created_by_type IS NOT NULL";
    let read = |row: &Row| {
        let kind = ActorKind::of(row.try_get("created_by_type")?);
        Ok((row.try_get("sequence")?, Actor { kind, id: row.try_get("created_by_id")?, name: row.try_get("created_by_name")? }))
    };
    rows(client, sql, &[&sequences]).await?.iter().map(read).collect()
}

pub(super) async fn get(client: &Object, project_id: &str, id: &str) -> Result<Option<KeyRecord>, Error> {
    let found = row(client, "SELECT * FROM keys WHERE project_id = $1 AND id = $2", &[&project_id, &id]).await?;
    found.as_ref().map(key).transpose()
}

pub(super) async fn by_secret(client: &Object, secret: &SecretHash, now: DateTime) -> Result<Option<KeyRecord>, Error> {
    let sql = "SELECT keys.* FROM key_secrets JOIN keys ON keys.sequence = key_secrets.key_sequence \
        WHERE hash = $1 AND (valid_until IS NULL OR valid_until > $2)";
    let found = row(client, sql, &[&secret.as_bytes().as_slice(), &now.unix_milliseconds()]).await?;
    found.as_ref().map(key).transpose()
}

pub(super) fn update(sequence: i64, change: KeyChange, write: Write) -> Option<Change> {
    let sql = "made AS (UPDATE keys SET name = $2, scopes = $3, expires_at = $4, updated_at = $5, name_folded = $6, \
        description = coalesce($7, description), version = version + 1 FROM basis WHERE sequence = $1 RETURNING keys.*)";
    let values: Vec<Value> = vec![
        Box::new(sequence),
        Box::new(change.name.to_string()),
        Box::new(owned(&change.scopes)),
        Box::new(change.expire.map(DateTime::unix_milliseconds)),
        Box::new(change.updated_at.unix_milliseconds()),
        Box::new(folded(change.name.as_str())),
        Box::new(change.description),
    ];
    Change::new(write, Made { changes: Changes::Key(sequence), sql, sql_together: None, values })
}

pub(super) fn delete(sequence: i64, write: Write) -> Option<Change> {
    let sql = "made AS (DELETE FROM keys USING basis WHERE sequence = $1 RETURNING 1)";
    Change::new(write, Made { changes: Changes::Key(sequence), sql, sql_together: None, values: vec![Box::new(sequence)] })
}

pub(super) async fn record_uses(client: &mut Object, uses: &[KeyUse]) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    let turn = write::turn_to_change_key();
    let sql = format!(
        "UPDATE keys SET accessed_at = greatest(accessed_at, $2), \
         sdks = CASE WHEN $3::text IS NULL OR $3 = ANY (sdks) THEN sdks ELSE sdks || $3 END WHERE sequence = $1 AND {turn}"
    );
    // INVARIANT: all replicas lock in the same order, so that they never deadlock.
    let mut uses: Vec<&KeyUse> = uses.iter().collect();
    uses.sort_by_key(|used| used.key_sequence);
    for KeyUse { key_sequence, at, sdk } in uses {
        execute(&transaction, &sql, &[key_sequence, &at.unix_milliseconds(), sdk]).await?;
    }
    transaction.commit().await
}
