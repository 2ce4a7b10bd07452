//! Copies everything from one database to another: all or nothing, and only into an empty one.

mod postgres;
mod sqlite;
mod tables;

use tokio::sync::mpsc;

use super::{PostgresStore, StoreError, sqlite::SqliteStore};
use crate::server::config::DatabaseUrl;
use tables::{PROJECTS, TABLES, Value};

/// Why nothing was copied. The message says how to fix the problem.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The file does not exist.
    #[error("there is no database {0}")]
    Missing(String),
    /// Source and target are the same database.
    #[error("--from and --to name the same database")]
    Same,
    /// The target is not empty.
    #[error("{0} is not empty; name a new or an empty database with --to")]
    NotEmpty(String),
    /// The number of received rows differs from the number of sent rows.
    #[error("not all of table {0} arrived; nothing was copied")]
    Lost(&'static str),
    /// A database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The copy was interrupted.
    #[error("the copy was broken off; nothing was copied")]
    BrokenOff,
}

impl From<rusqlite::Error> for TransferError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(StoreError::Unavailable(error.to_string()))
    }
}

impl From<tokio_postgres::Error> for TransferError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Store(super::postgres::store_error(&error))
    }
}

/// A row: one value for each column of its table.
type Row = Vec<Value>;

/// A message from the reader to the writer.
enum Message {
    /// Rows of the table with this number.
    Rows(usize, Vec<Row>),
    /// The end. A channel that closes without it means that the reader failed.
    End,
}

/// The number of rows in one message.
const BATCH: usize = 500;

/// The number of rows of each table.
pub type Counts = Vec<(&'static str, u64)>;

/// Copies a snapshot of one database into another one, which is created if it does not exist. The source may be in use; its schema is
/// migrated first.
///
/// # Errors
/// [`TransferError`]: the target is still empty.
pub async fn copy(from: &DatabaseUrl, to: &DatabaseUrl) -> Result<Counts, TransferError> {
    if from == to {
        return Err(TransferError::Same);
    }
    if let DatabaseUrl::Sqlite { path } = from
        && !path.exists()
    {
        return Err(TransferError::Missing(from.to_string()));
    }
    let (send, receive) = mpsc::channel(4);
    let read = async {
        match from {
            DatabaseUrl::Sqlite { path } => {
                drop(SqliteStore::open(path)?);
                sqlite::read(path.clone(), send).await
            }
            DatabaseUrl::Postgres(url) => postgres::read(&PostgresStore::open(url).await?, send).await,
        }
    };
    let write = async {
        match to {
            DatabaseUrl::Sqlite { path } => {
                drop(SqliteStore::open(path)?);
                sqlite::write(path.clone(), receive).await
            }
            DatabaseUrl::Postgres(url) => postgres::write(&PostgresStore::open(url).await?, url.to_string(), receive).await,
        }
    };
    // If one of them fails, the other one sees a closed channel.
    match tokio::join!(read, write) {
        // The organization's row is not a project.
        (_, Ok(counts)) => Ok(counts.into_iter().map(|(table, rows)| (table, rows - u64::from(table == PROJECTS && rows > 0))).collect()),
        (Err(error), Err(TransferError::BrokenOff)) | (_, Err(error)) => Err(error),
    }
}
