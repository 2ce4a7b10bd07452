//! The errors of a store, with messages for operators.

use std::path::PathBuf;

use crate::server::limits::Full;

/// The reason why a store method failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The id, email or secret is taken. Nothing was written.
    #[error("there is one with this id already")]
    Duplicate,
    /// The parent project or account does not exist. Nothing was written.
    #[error("what it belongs to does not exist")]
    ParentMissing,
    /// A row that the change depends on was changed or deleted. Nothing was written: decide again.
    #[error("what the change was judged by has changed in between")]
    Stale,
    /// The file or its folder is not writable.
    #[error("the database {path} cannot be written; check the permissions of the file and its folder", path = path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
    },
    /// The server refuses this URL, or the database does not exist.
    #[error("PostgreSQL refuses: {problem}; check user, password, database and host of --database")]
    Refused {
        /// The message of the server.
        problem: String,
    },
    /// The server does not speak TLS, or its certificate is not trusted.
    #[error("the PostgreSQL server is not trusted: {problem}")]
    Untrusted {
        /// The problem, and how to fix it.
        problem: String,
    },
    /// The server does not accept writes, or is not the primary.
    #[error("PostgreSQL is not asked: {problem}")]
    NotPrimary {
        /// The problem, and how to fix it.
        problem: String,
    },
    /// The tables differ from those that the migrations create.
    #[error("the schema of {name} was changed by hand: {problem}; undo that, or restore a backup")]
    Altered {
        /// The file, or the database.
        name: String,
        /// The differences.
        problem: String,
    },
    /// The file is missing, but files that belong to it exist.
    #[error(
        "there is no database {path}, but {sibling}, which belongs to one, is there: put the database back, or restore a backup \
         (scopewise restore); to begin anew, move {sibling} away",
        path = path.display(),
        sibling = sibling.display()
    )]
    Lost {
        /// The expected path of the file.
        path: PathBuf,
        /// The files that exist.
        sibling: PathBuf,
    },
    /// The file was moved, replaced or deleted while it was in use.
    #[error(
        "the database {path} was moved, replaced or deleted while it is in use; put the very file back, or restart Scopewise",
        path = path.display()
    )]
    Moved {
        /// The path that it had.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("the database {path} cannot be written: {reason}; make room on the disk (see `df`), and start again", path = path.display())]
    NoRoom {
        /// The file.
        path: PathBuf,
        /// The message of SQLite or the operating system.
        reason: String,
    },
    /// Every user of the machine can read the file, and its permissions cannot be changed.
    #[error(
        "everybody on this machine may read {path}, which holds hashes of secrets, and this could not be changed: {reason}; run: chmod 600 {path}",
        path = path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// The message of the operating system.
        reason: String,
    },
    /// The database belongs to another program.
    #[error("the database {name} has tables of another program; name an empty one with --database")]
    Foreign {
        /// The name of the database.
        name: String,
    },
    /// The file is not a database, or it is damaged.
    #[error(
        "{path} is not a Scopewise database, or it is damaged; restore it from a backup, or name another file with --database",
        path = path.display()
    )]
    Broken {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of Scopewise has changed the schema.
    #[error("{name} was written by a newer version of Scopewise; use that version, or restore a backup")]
    Newer {
        /// The file, or the database.
        name: String,
    },
    /// Too many requests of this kind run at the same time. Try again.
    #[error("too much of this kind is being done: {0}")]
    Busy(#[from] Full),
    /// The database does not respond. Try again.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
}

impl StoreError {
    /// The row of the organization's keys is missing. A migration creates it.
    pub(super) fn no_organization() -> Self {
        Self::Unavailable(
            "the row `console` of the table projects is missing, which nothing but a hand removes; restore a backup".to_owned(),
        )
    }
}
