//! How often keys call operations, in SQLite.

use rusqlite::{Connection, TransactionBehavior, params};

use super::OperationCount;

pub(super) fn add(connection: &mut Connection, counts: &[OperationCount], since: i64) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for OperationCount { key_sequence, day, operation, requests } in counts {
        let added = "INSERT INTO operation_counts (key_sequence, day, operation, requests) SELECT sequence, ?2, ?3, ?4 FROM keys \
             WHERE sequence = ?1 ON CONFLICT DO UPDATE SET requests = requests + excluded.requests";
        transaction.prepare_cached(added)?.execute(params![key_sequence, day, operation, requests])?;
        let forgotten = "DELETE FROM operation_counts WHERE key_sequence = ?1 AND day < ?2";
        transaction.prepare_cached(forgotten)?.execute(params![key_sequence, since])?;
    }
    transaction.commit()
}

pub(super) fn of(connection: &Connection, key_sequence: i64, since: i64) -> rusqlite::Result<Vec<OperationCount>> {
    let sql = "SELECT day, operation, requests FROM operation_counts WHERE key_sequence = ?1 AND day >= ?2 ORDER BY day, operation";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([key_sequence, since], |row| {
        Ok(OperationCount { key_sequence, day: row.get("day")?, operation: row.get("operation")?, requests: row.get("requests")? })
    })?;
    rows.collect()
}
