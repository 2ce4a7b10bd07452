//! The move of everything from one database to another: all or nothing, and only into an empty one.

mod postgres;
mod sqlite;
mod tables;

use tokio::sync::mpsc;

use super::{PostgresStore, StoreError, sqlite::SqliteStore};
use crate::server::config::DatabaseUrl;
use tables::{PROJECTS, TABLES, Value};

/// Why nothing was copied. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// There is no such file.
    #[error("there is no database {0}")]
    Missing(String),
    /// Both are the same.
    #[error("--from and --to name the same database")]
    Same,
    /// The target holds something.
    #[error("{0} is not empty; name a new or an empty database with --to")]
    NotEmpty(String),
    /// The number of rows that arrived is not the number that was sent.
    #[error("not all of table {0} arrived; nothing was copied")]
    Lost(&'static str),
    /// A database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The copy was broken off.
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

/// A row: a value for each column of its table.
type Row = Vec<Value>;

/// What the reader tells the writer.
enum Message {
    /// Some rows of the table with this number.
    Rows(usize, Vec<Row>),
    /// That was all. Without it, the reader has failed.
    End,
}

/// How many rows travel at once.
const BATCH: usize = 500;

/// How many rows there were of each table.
pub type Counts = Vec<(&'static str, u64)>;

/// Copies everything of one database, as it is at one moment, into another one, which is made where it does not exist. The source
/// may be in use; its schema is brought up to date.
///
/// # Errors
/// [`TransferError`]: the target is as empty as it was.
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
    // Where one of them fails, the other finds the channel closed.
    match tokio::join!(read, write) {
        // The organization's row is no project.
        (_, Ok(counts)) => Ok(counts.into_iter().map(|(table, rows)| (table, rows - u64::from(table == PROJECTS && rows > 0))).collect()),
        (Err(error), Err(TransferError::BrokenOff)) | (_, Err(error)) => Err(error),
    }
}
