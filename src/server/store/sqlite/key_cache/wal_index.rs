//! Detects with one short read that any process has committed to the file.
//!
//! In WAL mode every commit rewrites the header of the WAL index, the `-shm` file, before it completes; the header's `iChange` counts
//! the commits (sqlite.org/walformat.html, §2.1). While the header stays the same, nothing was committed. The query of SQLite for this
//! (`PRAGMA data_version`) takes a lock that all connections of the process share, and took a quarter of the server's work.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use rusqlite::{Connection, FileControl};

use crate::server::store::StoreError;

/// The first bytes of the header; another value means another format.
const FORMAT: u32 = 3_007_000;

/// The first copy of the WAL index header. SQLite writes the second copy first.
pub(super) type State = [u8; 48];

/// The files that are open in this process.
///
/// INVARIANT: all stores of a file share one handle, which stays open as long as a connection exists. Closing a handle drops every
/// lock that the process has on the file, including SQLite's (POSIX advisory locks).
static OPEN: Mutex<Vec<(u64, u64, Weak<File>)>> = Mutex::new(Vec::new());

/// A watched file.
/// INVARIANT: the owner of a connection to the file keeps its `Watch` until the connection is closed.
pub(in crate::server::store::sqlite) struct Watch {
    index: Arc<File>,
    /// The path of the file, absolute, so that it does not depend on the working folder.
    path: PathBuf,
    /// Its device and inode number.
    file: (u64, u64),
}

impl Watch {
    /// Watches a database in WAL mode that is already open; otherwise it has no index. `connection` is a connection to it.
    pub(in crate::server::store::sqlite) fn open(database: &Path, connection: &Connection) -> io::Result<Self> {
        let file = fs::metadata(database)?;
        let mut moved = 0;
        let asked = connection.file_control(None::<&str>, FileControl::HasMoved(&mut moved));
        if asked.is_err() || moved != 0 {
            return Err(io::Error::other("the file was moved while it was opened"));
        }
        let (place, file) = (std::path::absolute(database)?, (file.dev(), file.ino()));
        // SQLite also follows links.
        let mut path = fs::canonicalize(database)?.into_os_string();
        path.push("-shm");
        let found = fs::metadata(&path)?;
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|(.., file)| file.strong_count() > 0);
        let shared = open.iter().find(|(device, inode, _)| (*device, *inode) == (found.dev(), found.ino()));
        if let Some(index) = shared.and_then(|(.., file)| file.upgrade()) {
            return Ok(Self { index, path: place, file });
        }
        let index = Arc::new(File::open(&path)?);
        open.push((found.dev(), found.ino(), Arc::downgrade(&index)));
        Ok(Self { index, path: place, file })
    }

    /// Checks that the path still leads to this file. If it leads to another file, another process that opens the path deletes keys
    /// there, and this process does not see it.
    ///
    /// # Errors
    /// [`StoreError::Moved`].
    pub(in crate::server::store::sqlite) fn in_place(&self) -> Result<(), StoreError> {
        let is_there = fs::metadata(&self.path).is_ok_and(|found| (found.dev(), found.ino()) == self.file);
        // Also checks the index: if it is deleted, another process creates a new one, and this process sees none of its commits.
        let is_index_there = self.index.metadata().is_ok_and(|index| index.nlink() > 0);
        if is_there && is_index_there { Ok(()) } else { Err(StoreError::Moved { path: self.path.clone() }) }
    }

    /// The state of the file. While two states are equal, nothing was committed between them; a state includes everything that was
    /// committed before this call. `None` if it is unknown, also if the file was moved.
    pub fn state(&self) -> Option<State> {
        self.in_place().ok()?;
        let mut header: State = [0; 48];
        self.index.read_exact_at(&mut header, 0).ok()?;
        header.starts_with(&FORMAT.to_ne_bytes()).then_some(header)
    }
}
