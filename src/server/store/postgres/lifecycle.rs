//! What happens to keys after they were made, and many at once, in PostgreSQL.

use deadpool_postgres::Object;
use tokio_postgres::Error;

use super::{
    KeyRecord, KeyRotation, NewKey,
    connect::{execute, one, row},
    keys::key,
};
use crate::{scope::DateTime, server::query::folded};

/// A key whose id or secret there is makes no row. Another transaction that writes the same is waited for.
const INSERT: &str = "WITH made AS (INSERT INTO keys (project_id, id, name, scopes, hint, expires_at, created_at, updated_at, name_folded) \
    SELECT $1, $2, $3, $4, $5, $6, $7, $7, $9 WHERE NOT EXISTS (SELECT 1 FROM key_secrets WHERE hash = $8) \
    ON CONFLICT (project_id, id) DO NOTHING RETURNING sequence), \
    secret AS (INSERT INTO key_secrets (hash, key_sequence) SELECT $8, sequence FROM made ON CONFLICT (hash) DO NOTHING RETURNING 1) \
    SELECT count(*) FROM secret";

pub(super) async fn import(client: &mut Object, keys: &[NewKey]) -> Result<Vec<usize>, Error> {
    let transaction = client.transaction().await?;
    let mut taken = Vec::new();
    for (position, new) in keys.iter().enumerate() {
        let (expire, at) = (new.expire.map(DateTime::unix_milliseconds), new.created_at.unix_milliseconds());
        let hash = new.secret.as_bytes().as_slice();
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 9] = [
            &new.project_id,
            &new.id.as_str(),
            &new.name.as_str(),
            &new.scopes,
            &new.hint,
            &expire,
            &at,
            &hash,
            &folded(new.name.as_str()),
        ];
        if one(&transaction, INSERT, &values).await?.try_get::<_, i64>(0)? == 0 {
            taken.push(position);
        }
    }
    // Without a commit, what was inserted is taken back.
    if taken.is_empty() {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(taken)
}

pub(super) async fn set_enabled(
    client: &Object,
    project_id: &str,
    id: &str,
    enabled: bool,
    at: DateTime,
) -> Result<Option<KeyRecord>, Error> {
    let sql = "UPDATE keys SET enabled = $3, updated_at = $4 WHERE project_id = $1 AND id = $2 RETURNING *";
    let changed = row(client, sql, &[&project_id, &id, &enabled, &at.unix_milliseconds()]).await?;
    changed.as_ref().map(key).transpose()
}

/// The first statement locks the key. Those behind it see what an earlier rotation has written, since each of them looks anew.
pub(super) async fn rotate(client: &mut Object, project_id: &str, id: &str, rotation: &KeyRotation) -> Result<Option<KeyRecord>, Error> {
    let transaction = client.transaction().await?;
    // In an UPDATE, the right side sees the row as it was: the overlap ends at the old expiry at the latest.
    let sql = "UPDATE keys SET hint = $3, rotated_at = $4, updated_at = $4, exposed_at = NULL, \
        overlap_until = nullif(greatest($4, least($5, expires_at)), $4) \
        WHERE project_id = $1 AND id = $2 AND updated_at = $6 RETURNING *";
    let (now, until, judged) =
        (rotation.rotated_at.unix_milliseconds(), rotation.overlap_until.unix_milliseconds(), rotation.judged_at.unix_milliseconds());
    let Some(rotated) = row(&transaction, sql, &[&project_id, &id, &rotation.hint, &now, &until, &judged]).await? else { return Ok(None) };
    let rotated = key(&rotated)?;
    let until = rotated.overlap_until.map(DateTime::unix_milliseconds);
    let sql = "DELETE FROM key_secrets WHERE key_sequence = $1 AND (valid_until IS NOT NULL OR $2::bigint IS NULL)";
    execute(&transaction, sql, &[&rotated.sequence, &until]).await?;
    execute(&transaction, "UPDATE key_secrets SET valid_until = $2 WHERE key_sequence = $1", &[&rotated.sequence, &until]).await?;
    let sql = "INSERT INTO key_secrets (hash, key_sequence) VALUES ($1, $2)";
    execute(&transaction, sql, &[&rotation.secret.as_bytes().as_slice(), &rotated.sequence]).await?;
    transaction.commit().await?;
    Ok(Some(rotated))
}

pub(super) async fn note_exposure(client: &Object, sequence: i64, at: DateTime) -> Result<(), Error> {
    let sql = "UPDATE keys SET exposed_at = $2 WHERE sequence = $1 AND exposed_at IS NULL";
    execute(client, sql, &[&sequence, &at.unix_milliseconds()]).await.map(drop)
}
