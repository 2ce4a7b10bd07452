//! Backup of the file while it is in use, and restore.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, backup::Backup};

use super::{
    new_file::{beside, folder_of},
    open,
};
use crate::server::store::StoreError;

/// Why there is no backup, or nothing was restored. Nothing has changed then. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is no such file.
    #[error("there is no file {path}", path = .0.display())]
    Missing(PathBuf),
    /// The file that was to be made is there already.
    #[error("{path} exists already; choose another name", path = .0.display())]
    Exists(PathBuf),
    /// A database is there already.
    #[error("there is a database {path} already; with --force it is replaced, and what it holds is lost", path = .0.display())]
    WouldReplace(PathBuf),
    /// The database is in use.
    #[error("{path} is in use; stop the server first", path = .0.display())]
    InUse(PathBuf),
    /// The file cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be written.
    #[error("{path} cannot be written: {reason}", path = .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system or SQLite says.
        reason: String,
    },
}

/// Copies a database into a new file, as of one moment. The database may be in use, and no request waits.
///
/// # Errors
/// [`BackupError`]: there is no new file.
pub fn backup(database: &Path, file: &Path) -> Result<(), BackupError> {
    open::judge(existing(database)?)?;
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    write(database, file, |_| Ok(()))
}

/// Replaces a database by a backup. The database may exist only with `force`, and must not be in use. A backup of an earlier version is
/// migrated first, and one whose schema was changed is repaired or refused, before anything is replaced.
///
/// # Errors
/// [`BackupError`]: the database is as it was.
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

/// The server may run as another user than the restore. As root, the file is given to the owner of the folder.
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

/// A process with an open database in WAL mode holds a lock on it. A file that is not a database is not in use.
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

/// Under another name first, so that half a copy never has the final name. `prepare` changes the copy.
fn write(from: &Path, to: &Path, prepare: impl FnOnce(&Path) -> Result<(), StoreError>) -> Result<(), BackupError> {
    let draft = beside(to, &format!(".part-{}", std::process::id()));
    let written = copy(from, &draft).and_then(|()| {
        prepare(&draft)?;
        fs::File::open(&draft)?.sync_all()?;
        // What was in the log of an old file must not be read into the new one.
        for suffix in ["-wal", "-shm"] {
            fs::remove_file(beside(to, suffix))
                .or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
        }
        Ok(fs::rename(&draft, to)?)
    });
    if let Err(reason) = written {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(beside(&draft, suffix));
        }
        return Err(match reason {
            CopyError::Store(error) => error.into(),
            reason => unwritten(to, reason),
        });
    }
    // The new name itself must survive a loss of power.
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

/// In one step, which sees one moment of a database that is written to.
fn copy(from: &Path, to: &Path) -> Result<(), CopyError> {
    open::create_private(to)?;
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(open::BUSY_TIMEOUT)?;
    let mut target = Connection::open(to)?;
    Backup::new(&source, &mut target)?.step(-1)?;
    // One file, without a log next to it.
    one_file(&target)?;
    let healthy: String = target.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    drop(target);
    fs::File::open(to)?.sync_all()?;
    if healthy == "ok" { Ok(()) } else { Err(CopyError::Damaged) }
}
