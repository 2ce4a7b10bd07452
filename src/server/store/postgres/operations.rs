//! How often keys call operations, in PostgreSQL.

use deadpool_postgres::Object;
use tokio_postgres::Error;

use super::{
    OperationCount,
    audit::plain,
    connect::{execute, rows},
};

/// Waits for no other transaction but those that count for the same key, and these lock in the same order: they never deadlock. A key that
/// is being deleted is skipped.
pub(super) async fn add(client: &mut Object, counts: &[OperationCount], since: i64) -> Result<(), Error> {
    let keys: Vec<i64> = counts.iter().map(|count| count.key_sequence).collect();
    let days: Vec<i64> = counts.iter().map(|count| count.day).collect();
    let operations: Vec<String> = counts.iter().map(|count| plain(&count.operation)).collect();
    let requests: Vec<i64> = counts.iter().map(|count| count.requests).collect();
    let transaction = client.transaction().await?;
    let added = "WITH there AS MATERIALIZED (SELECT sequence FROM keys WHERE sequence = ANY ($1) ORDER BY sequence FOR KEY SHARE SKIP LOCKED) \
         INSERT INTO operation_counts AS kept (key_sequence, day, operation, requests) \
         SELECT added.* FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS added (key_sequence, day, operation, requests) \
         JOIN there ON sequence = added.key_sequence ORDER BY added.key_sequence, added.day, added.operation COLLATE \"C\" \
         ON CONFLICT (key_sequence, day, operation) DO UPDATE SET requests = kept.requests + excluded.requests";
    execute(&transaction, added, &[&keys, &days, &operations, &requests]).await?;
    let forgotten = "DELETE FROM operation_counts AS kept USING (SELECT key_sequence, day, operation FROM operation_counts \
         WHERE key_sequence = ANY ($1) AND day < $2 FOR UPDATE SKIP LOCKED) AS old \
         WHERE (kept.key_sequence, kept.day, kept.operation) = (old.key_sequence, old.day, old.operation)";
    execute(&transaction, forgotten, &[&keys, &since]).await?;
    transaction.commit().await
}

pub(super) async fn of(client: &Object, key_sequence: i64, since: i64) -> Result<Vec<OperationCount>, Error> {
    let sql = "SELECT day, operation, requests FROM operation_counts WHERE key_sequence = $1 AND day >= $2 ORDER BY day, operation";
    let found = rows(client, sql, &[&key_sequence, &since]).await?;
    let read = |row: &tokio_postgres::Row| {
        Ok(OperationCount {
            key_sequence,
            day: row.try_get("day")?,
            operation: row.try_get("operation")?,
            requests: row.try_get("requests")?,
        })
    };
    found.iter().map(read).collect()
}
