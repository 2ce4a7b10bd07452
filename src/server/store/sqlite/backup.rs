//! Backs up the file while it is in use, and restores it.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, backup::Backup};

use super::{
    new_file::{folder_of, sibling},
    open,
};
use crate::server::store::StoreError;

/// Why a backup or a restore failed. Nothing was changed. The message says how to fix the problem.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file does not exist.
    #[error("there is no file {path}", path = .0.display())]
    Missing(PathBuf),
    /// The target file already exists.
    #[error("{path} exists already; choose another name", path = .0.display())]
    Exists(PathBuf),
    /// A database already exists.
    #[error("there is a database {path} already; with --force it is replaced, and what it holds is lost", path = .0.display())]
    WouldReplace(PathBuf),
    /// The database is in use.
    #[error("{path} is in use; stop the server first", path = .0.display())]
    InUse(PathBuf),
    /// The file cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file is not writable.
    #[error("{path} cannot be written: {reason}", path = .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The message of the operating system or SQLite.
        reason: String,
    },
}

/// Copies a snapshot of a database into a new file. The database may be in use, and no request waits.
///
/// # Errors
/// [`BackupError`]: no new file exists.
pub fn backup(database: &Path, file: &Path) -> Result<(), BackupError> {
    open::judge(existing(database)?)?;
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    write(database, file, |_| Ok(()))
}

/// Replaces a database with a backup. An existing database requires `force`, and must not be in use. Before anything is replaced, a
/// backup of an earlier version is migrated, and a backup with a changed schema is repaired or refused.
///
/// # Errors
/// [`BackupError`]: the database is unchanged.
pub fn restore(file: &Path, database: &Path, force: bool) -> Result<(), BackupError> {
    open::judge(existing(file)?)?;
    if database.exists() {
        if !force {
            return Err(BackupError::WouldReplace(database.to_owned()));
        }
        if is_in_use(database) {
            return Err(BackupError::InUse(database.to_owned()));
        }
    } else if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| unwritten(database, error))?;
    }
    write(file, database, |draft| open::fill(draft, file).and_then(|connection| one_file(&connection)))?;
    give(database).map_err(|error| unwritten(database, error))
}

/// The server may run as a different user than the restore. As root, this gives the file to the owner of the folder.
fn give(database: &Path) -> io::Result<()> {
    let folder = fs::metadata(folder_of(database))?;
    let file = fs::metadata(database)?;
    if file.uid() != 0 || folder.uid() == 0 {
        return Ok(());
    }
    chown(database, Some(folder.uid()), Some(folder.gid()))
}

fn existing(path: &Path) -> Result<&Path, BackupError> {
    if path.exists() { Ok(path) } else { Err(BackupError::Missing(path.to_owned())) }
}

fn unwritten(path: &Path, reason: impl ToString) -> BackupError {
    BackupError::Write { path: path.to_owned(), reason: reason.to_string() }
}

/// Whether a process holds the lock of an open database in WAL mode. A file that is not a database is not in use.
fn is_in_use(database: &Path) -> bool {
    let lock = || {
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(std::time::Duration::ZERO)?;
        connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;")
    };
    lock()
        .is_err_and(|error: rusqlite::Error| matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)))
}

/// Checkpoints the log into the file.
fn one_file(connection: &Connection) -> Result<(), StoreError> {
    let done = connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()));
    done.map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Writes under another name first, so that a partial copy never has the final name. `prepare` changes the copy.
fn write(from: &Path, to: &Path, prepare: impl FnOnce(&Path) -> Result<(), StoreError>) -> Result<(), BackupError> {
    let draft = sibling(to, &format!(".part-{}", std::process::id()));
    let written = copy(from, &draft).and_then(|()| {
        prepare(&draft)?;
        fs::File::open(&draft)?.sync_all()?;
        // The new file must not be combined with the log of the old file.
        for suffix in ["-wal", "-shm"] {
            fs::remove_file(sibling(to, suffix))
                .or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
        }
        Ok(fs::rename(&draft, to)?)
    });
    if let Err(reason) = written {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(sibling(&draft, suffix));
        }
        return Err(match reason {
            CopyError::Store(error) => error.into(),
            reason => unwritten(to, reason),
        });
    }
    // The new name must also survive a power loss.
    fs::File::open(folder_of(to)).and_then(|folder| folder.sync_all()).map_err(|reason| unwritten(to, reason))
}

#[derive(Debug, thiserror::Error)]
enum CopyError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    File(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the copy is damaged")]
    Damaged,
}

/// Copies in one step, which sees a single snapshot of a database that other processes write to.
fn copy(from: &Path, to: &Path) -> Result<(), CopyError> {
    open::create_private(to)?;
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(open::BUSY_TIMEOUT)?;
    let mut target = Connection::open(to)?;
    Backup::new(&source, &mut target)?.step(-1)?;
    // Creates one file, without a log file next to it.
    one_file(&target)?;
    let healthy: String = target.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    drop(target);
    fs::File::open(to)?.sync_all()?;
    if healthy == "ok" { Ok(()) } else { Err(CopyError::Damaged) }
}
