//! The errors of a store, in words for operators.

use std::path::PathBuf;

use crate::server::limits::Full;

/// Why a method of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The id, email or secret is taken. Nothing was written.
    #[error("there is one with this id already")]
    Duplicate,
    /// The project or account that it belongs to does not exist. Nothing was written.
    #[error("what it belongs to does not exist")]
    ParentMissing,
    /// A row that the change was decided on has changed or is gone. Nothing was written: decide again.
    #[error("what the change was judged by has changed in between")]
    Stale,
    /// The file or its folder cannot be written.
    #[error("the database {path} cannot be written; check the permissions of the file and its folder", path = path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
    },
    /// The server refuses this URL, or there is no such database.
    #[error("PostgreSQL refuses: {problem}; check user, password, database and host of --database")]
    Refused {
        /// What it says.
        problem: String,
    },
    /// The server does not speak TLS, or its certificate is not trusted.
    #[error("the PostgreSQL server is not trusted: {problem}")]
    Untrusted {
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The server does not accept writes, or is not the primary.
    #[error("PostgreSQL is not asked: {problem}")]
    NotPrimary {
        /// What is wrong, and what to do.
        problem: String,
    },
    /// Tables differ from what the migrations create.
    #[error("the schema of {name} was changed by hand: {problem}; undo that, or restore a backup")]
    Altered {
        /// The file, or the database.
        name: String,
        /// What differs.
        problem: String,
    },
    /// The file is missing, but files that belong to it exist.
    #[error(
        "there is no database {path}, but {beside}, which belongs to one, is there: put the database back, or restore a backup \
         (scopewise restore); to begin anew, move {beside} away",
        path = path.display(),
        beside = beside.display()
    )]
    Lost {
        /// Where the file was looked for.
        path: PathBuf,
        /// What was found.
        beside: PathBuf,
    },
    /// The file was moved, replaced or deleted while it was in use.
    #[error(
        "the database {path} was moved, replaced or deleted while it is in use; put the very file back, or restart Scopewise",
        path = path.display()
    )]
    Moved {
        /// Where it was.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("the database {path} cannot be written: {reason}; make room on the disk (see `df`), and start again", path = path.display())]
    NoRoom {
        /// The file.
        path: PathBuf,
        /// What SQLite or the operating system says.
        reason: String,
    },
    /// Everyone on the machine may read the file, and its permissions cannot be changed.
    #[error(
        "everybody on this machine may read {path}, which holds hashes of secrets, and this could not be changed: {reason}; run: chmod 600 {path}",
        path = path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// The database belongs to another program.
    #[error("the database {name} has tables of another program; name an empty one with --database")]
    Foreign {
        /// Its name.
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
    /// Too many such requests run at the same time. Try again.
    #[error("too many lists are being made: {0}")]
    Busy(#[from] Full),
    /// The database does not answer. Try again.
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
