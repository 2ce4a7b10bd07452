//! Why a store did not do what it was asked, in the words that an operator reads.

use std::path::PathBuf;

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
    /// The database does not answer; it may do so later.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
}
