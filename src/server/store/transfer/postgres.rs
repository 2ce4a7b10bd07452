//! Reads everything from a PostgreSQL database, or writes everything to it.

use std::pin::pin;

use tokio::sync::mpsc::{Receiver, Sender};
use tokio_postgres::{
    IsolationLevel,
    binary_copy::BinaryCopyInWriter,
    types::{ToSql, Type},
};

use super::{
    BATCH, Counts, Message, Row, TABLES, TransferError,
    tables::{Kind, REMOVE_ORGANIZATION, Value},
};
use crate::server::store::PostgresStore;

/// Sends every row of one snapshot.
pub(super) async fn read(store: &PostgresStore, send: Sender<Message>) -> Result<(), TransferError> {
    let mut checkout = store.checkout().await?;
    let builder = checkout.client().build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let transaction = builder.start().await?;
    for (number, table) in TABLES.iter().enumerate() {
        let sql = format!("SELECT {} FROM {} ORDER BY {}", table.list(), table.name, table.order);
        let portal = transaction.bind(&sql, &[]).await?;
        loop {
            let rows = transaction.query_portal(&portal, i32::try_from(BATCH).unwrap_or(i32::MAX)).await?;
            let last = rows.len() < BATCH;
            let row =
                |row: &tokio_postgres::Row| table.columns.iter().enumerate().map(|(index, (_, kind))| value(row, index, *kind)).collect();
            let rows: Vec<Row> = rows.iter().map(row).collect::<Result<_, tokio_postgres::Error>>()?;
            send.send(Message::Rows(number, rows)).await.map_err(|_| TransferError::BrokenOff)?;
            if last {
                break;
            }
        }
    }
    send.send(Message::End).await.map_err(|_| TransferError::BrokenOff)
}

fn value(row: &tokio_postgres::Row, index: usize, kind: Kind) -> Result<Value, tokio_postgres::Error> {
    let found = match kind {
        Kind::Text => row.try_get::<_, Option<String>>(index)?.map(Value::Text),
        // Only the number of a one-row table is a four-byte integer.
        Kind::Integer if *row.columns().get(index).map_or(&Type::INT8, tokio_postgres::Column::type_) == Type::INT4 => {
            row.try_get::<_, Option<i32>>(index)?.map(|number| Value::Integer(number.into()))
        }
        Kind::Integer => row.try_get::<_, Option<i64>>(index)?.map(Value::Integer),
        Kind::Bool => row.try_get::<_, Option<bool>>(index)?.map(Value::Bool),
        Kind::Bytes => row.try_get::<_, Option<Vec<u8>>>(index)?.map(Value::Bytes),
        Kind::List => row.try_get::<_, Option<Vec<String>>>(index)?.map(Value::List),
    };
    Ok(found.unwrap_or(Value::Null))
}

/// Stores every received row, in one transaction.
pub(super) async fn write(store: &PostgresStore, name: String, mut receive: Receiver<Message>) -> Result<Counts, TransferError> {
    let mut checkout = store.checkout().await?;
    let transaction = checkout.client().transaction().await?;
    let tables = TABLES.iter().map(|table| table.name).collect::<Vec<_>>().join(", ");
    transaction.batch_execute(&format!("LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")).await?;
    for table in TABLES {
        if transaction.query_one(&format!("SELECT EXISTS (SELECT 1 FROM {})", table.own_rows()), &[]).await?.try_get(0)? {
            return Err(TransferError::NotEmpty(name));
        }
    }
    transaction.batch_execute(REMOVE_ORGANIZATION).await?;
    let mut counts: Counts = TABLES.iter().map(|table| (table.name, 0)).collect();
    loop {
        let (number, rows) = match receive.recv().await {
            None => return Err(TransferError::BrokenOff),
            Some(Message::End) => break,
            Some(Message::Rows(number, rows)) => (number, rows),
        };
        let (Some(table), Some((_, sent))) = (TABLES.get(number), counts.get_mut(number)) else { continue };
        let sink = transaction.copy_in(&format!("COPY {} ({}) FROM STDIN BINARY", table.name, table.list())).await?;
        let small = table.order == "single";
        let types: Vec<Type> = table.columns.iter().map(|(_, kind)| sql_type(*kind, small)).collect();
        let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
        for row in &rows {
            let values: Vec<Box<dyn ToSql + Sync + Send>> = row.iter().zip(&types).map(|(value, kind)| sendable(value, kind)).collect();
            let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect();
            writer.as_mut().write(&values).await?;
            *sent += 1;
        }
        writer.finish().await?;
    }
    for (table, (name, sent)) in TABLES.iter().zip(&counts) {
        let there: i64 = transaction.query_one(&format!("SELECT count(*) FROM {name}"), &[]).await?.try_get(0)?;
        if u64::try_from(there) != Ok(*sent) {
            return Err(TransferError::Lost(name));
        }
        if table.counted {
            let sql =
                format!("SELECT setval(pg_get_serial_sequence('{name}', 'sequence'), coalesce(max(sequence), 0) + 1, false) FROM {name}");
            transaction.query_one(&sql, &[]).await?;
        }
    }
    transaction.commit().await?;
    Ok(counts)
}

fn sql_type(kind: Kind, small: bool) -> Type {
    match kind {
        Kind::Text => Type::TEXT,
        Kind::Integer if small => Type::INT4,
        Kind::Integer => Type::INT8,
        Kind::Bool => Type::BOOL,
        Kind::Bytes => Type::BYTEA,
        Kind::List => Type::TEXT_ARRAY,
    }
}

fn sendable(value: &Value, kind: &Type) -> Box<dyn ToSql + Sync + Send> {
    match value {
        Value::Integer(number) if *kind == Type::INT4 => Box::new(i32::try_from(*number).ok()),
        Value::Integer(number) => Box::new(*number),
        Value::Text(text) => Box::new(text.clone()),
        Value::Bool(flag) => Box::new(*flag),
        Value::Bytes(bytes) => Box::new(bytes.clone()),
        Value::List(list) => Box::new(list.clone()),
        Value::Null => match *kind {
            Type::TEXT => Box::new(None::<String>),
            Type::INT4 => Box::new(None::<i32>),
            Type::BOOL => Box::new(None::<bool>),
            Type::BYTEA => Box::new(None::<Vec<u8>>),
            _ => Box::new(None::<i64>),
        },
    }
}
