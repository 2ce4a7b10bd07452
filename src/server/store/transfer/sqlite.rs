//! Reads everything from a SQLite file, or writes everything to it.

use std::path::PathBuf;

use rusqlite::{Connection, TransactionBehavior, params_from_iter, types};
use tokio::sync::mpsc::{Receiver, Sender};

use super::{
    BATCH, Counts, Message, Row, TABLES, TransferError,
    tables::{Kind, REMOVE_ORGANIZATION, Value},
};

/// Sends every row of one snapshot.
pub(super) async fn read(path: PathBuf, send: Sender<Message>) -> Result<(), TransferError> {
    blocking(move || {
        let mut connection = Connection::open(path)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        for (number, table) in TABLES.iter().enumerate() {
            let sql = format!("SELECT {} FROM {} ORDER BY {}", table.list(), table.name, table.order);
            let mut statement = transaction.prepare(&sql)?;
            let mut rows = statement.query([])?;
            let mut batch: Vec<Row> = Vec::new();
            while let Some(row) = rows.next()? {
                let values = table.columns.iter().enumerate().map(|(index, (_, kind))| value(row, index, *kind));
                batch.push(values.collect::<Result<_, _>>()?);
                if batch.len() == BATCH {
                    give(&send, Message::Rows(number, std::mem::take(&mut batch)))?;
                }
            }
            give(&send, Message::Rows(number, batch))?;
        }
        give(&send, Message::End)
    })
    .await
}

fn give(send: &Sender<Message>, message: Message) -> Result<(), TransferError> {
    send.blocking_send(message).map_err(|_| TransferError::BrokenOff)
}

fn value(row: &rusqlite::Row<'_>, index: usize, kind: Kind) -> rusqlite::Result<Value> {
    let found = match kind {
        Kind::Text => row.get::<_, Option<String>>(index)?.map(Value::Text),
        Kind::Integer => row.get::<_, Option<i64>>(index)?.map(Value::Integer),
        Kind::Bool => row.get::<_, Option<bool>>(index)?.map(Value::Bool),
        Kind::Bytes => row.get::<_, Option<Vec<u8>>>(index)?.map(Value::Bytes),
        Kind::List => {
            let text: String = row.get(index)?;
            let list = serde_json::from_str(&text);
            Some(Value::List(list.map_err(|error| rusqlite::Error::FromSqlConversionFailure(index, types::Type::Text, Box::new(error)))?))
        }
    };
    Ok(found.unwrap_or(Value::Null))
}

/// Stores every received row, in one transaction.
pub(super) async fn write(path: PathBuf, mut receive: Receiver<Message>) -> Result<Counts, TransferError> {
    blocking(move || {
        let mut connection = Connection::open(&path)?;
        connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;")?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let count = |table: &str| transaction.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
        for table in TABLES {
            if count(table.own_rows())? > 0 {
                return Err(TransferError::NotEmpty(format!("sqlite://{}", path.display())));
            }
        }
        transaction.execute_batch(REMOVE_ORGANIZATION)?;
        let mut counts: Counts = TABLES.iter().map(|table| (table.name, 0)).collect();
        loop {
            match receive.blocking_recv() {
                None => return Err(TransferError::BrokenOff),
                Some(Message::End) => break,
                Some(Message::Rows(number, rows)) => {
                    let (Some(table), Some((_, sent))) = (TABLES.get(number), counts.get_mut(number)) else { continue };
                    let marks = vec!["?"; table.columns.len()].join(", ");
                    let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", table.name, table.list());
                    let mut insert = transaction.prepare_cached(&sql)?;
                    for row in rows {
                        insert.execute(params_from_iter(row.into_iter().map(stored)))?;
                        *sent += 1;
                    }
                }
            }
        }
        for (table, sent) in &counts {
            if u64::try_from(count(table)?) != Ok(*sent) {
                return Err(TransferError::Lost(table));
            }
        }
        transaction.commit()?;
        Ok(counts)
    })
    .await
}

fn stored(value: Value) -> types::Value {
    match value {
        Value::Null => types::Value::Null,
        Value::Text(text) => types::Value::Text(text),
        Value::Integer(number) => types::Value::Integer(number),
        Value::Bool(flag) => types::Value::Integer(flag.into()),
        Value::Bytes(bytes) => types::Value::Blob(bytes),
        Value::List(list) => types::Value::Text(serde_json::Value::from(list).to_string()),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, TransferError> + Send + 'static) -> Result<T, TransferError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(TransferError::BrokenOff))
}
