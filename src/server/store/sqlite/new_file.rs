//! Creates a new file: completely or not at all, and never instead of a lost one.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use super::open;
use crate::server::store::StoreError;

/// The files that SQLite keeps next to the database. If only one of them exists, SQLite takes it as its own and deletes it.
const SIBLINGS: [&str; 3] = ["-wal", "-journal", "-shm"];

/// The path with this suffix added to the file name.
pub(super) fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Refuses to start with an empty database if files of a lost one are left. The root key is always created after the database, so a
/// root key without a database means that the database was lost.
pub(super) fn refuse_beside_a_lost_one(path: &Path) -> Result<(), StoreError> {
    let traces = SIBLINGS.iter().map(|suffix| sibling(path, suffix)).chain([path.with_extension("root-key")]);
    match traces.into_iter().find(|trace| fs::metadata(trace).is_ok_and(|found| found.len() > 0)) {
        Some(sibling) => Err(StoreError::Lost { path: path.to_owned(), sibling }),
        None => Ok(()),
    }
}

/// Creates the file with all its tables. It uses a temporary name first: if the disk is full or the power fails, no partial file looks
/// like a database. If another process was faster, its file stays.
pub(super) fn make(path: &Path) -> Result<(), StoreError> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let draft = sibling(path, &format!(".new-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    let made = open::create_private(&draft).map_err(|error| unmade(path, &error)).and_then(|()| {
        open::fill(&draft, path)?;
        let linked = fs::File::open(&draft).and_then(|file| file.sync_all()).and_then(|()| fs::hard_link(&draft, path));
        match linked {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked.map_err(|error| unmade(path, &error)),
        }
    });
    for suffix in SIBLINGS {
        let _ = fs::remove_file(sibling(&draft, suffix));
    }
    let _ = fs::remove_file(&draft);
    made?;
    // The name must also survive a power loss.
    fs::File::open(folder_of(path)).and_then(|folder| folder.sync_all()).map_err(|error| unmade(path, &error))
}

/// The error for a file that could not be created.
pub(super) fn unmade(path: &Path, error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            StoreError::NoRoom { path: path.to_owned(), reason: error.to_string() }
        }
        _ => StoreError::NotWritable { path: path.to_owned() },
    }
}
