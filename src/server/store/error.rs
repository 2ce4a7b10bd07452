//! Why a store did not do what it was asked, in the words that an operator reads.

use std::path::PathBuf;

use crate::server::limits::Full;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is one with this id (or email) already. Nothing was written.
    #[error("there is one with this id already")]
    Duplicate,
    /// What the new entry belongs to does not exist (any more). Nothing was written.
    #[error("what it belongs to does not exist")]
    ParentMissing,
    /// Something that the change was judged by has changed since, or is gone. Nothing was written: judge again.
    #[error("what the change was judged by has changed in between")]
    Stale,
    /// The file or its folder cannot be written.
    #[error("the database {path} cannot be written; check the permissions of the file and its folder", path = path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
    },
    /// The server lets nobody in with this URL, or what it names is not there.
    #[error("PostgreSQL refuses: {problem}; check user, password, database and host of --database")]
    Refused {
        /// What it says.
        problem: String,
    },
    /// The server cannot be reached by TLS, or has not proved who it is.
    #[error("the PostgreSQL server is not trusted: {problem}")]
    Untrusted {
        /// What does not fit, and the way out.
        problem: String,
    },
    /// The server does not take writes, or is not the one that does.
    #[error("PostgreSQL is not asked: {problem}")]
    NotPrimary {
        /// What is wrong, and the way out.
        problem: String,
    },
    /// Tables are not as the steps of the schema make them.
    #[error("the schema of {name} was changed by hand: {problem}; undo that, or restore a backup")]
    Altered {
        /// The file, or the database.
        name: String,
        /// What differs.
        problem: String,
    },
    /// There is no file, but what belongs to it is there.
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
    /// There is no room for what has to be written.
    #[error("the database {path} cannot be written: {reason}; make room on the disk (see `df`), and start again", path = path.display())]
    NoRoom {
        /// The file.
        path: PathBuf,
        /// What SQLite or the operating system says.
        reason: String,
    },
    /// Everybody on the machine may read the file, and this could not be changed.
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
    /// The database belongs to something else.
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
    /// A newer version has changed the schema.
    #[error("{name} was written by a newer version of Scopewise; use that version, or restore a backup")]
    Newer {
        /// The file, or the database.
        name: String,
    },
    /// Too much of this is asked at a time; later there may be room.
    #[error("too many lists are being made: {0}")]
    Busy(#[from] Full),
    /// The database does not answer; it may do so later.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
}

impl StoreError {
    /// The row that the organization's keys belong to, which a step of the schema makes, is not there.
    pub(super) fn no_organization() -> Self {
        Self::Unavailable(
            "the row `console` of the table projects is missing, which nothing but a hand removes; restore a backup".to_owned(),
        )
    }
}
