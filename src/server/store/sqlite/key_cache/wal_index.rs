//! How it is noticed that anybody has committed to the file, also another process, in one short read.
//!
//! In WAL mode every commit rewrites the header of the WAL index, the `-shm` file, before it is done; its `iChange` counts them
//! (sqlite.org/walformat.html, §2.1). So nothing was committed for as long as the header stays the same. Asking SQLite itself
//! (`PRAGMA data_version`) takes a lock that all connections of the process share, and was a quarter of the server's work.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use rusqlite::{Connection, FileControl};

use crate::server::store::StoreError;

/// What the header begins with; any other would have another form.
const FORMAT: u32 = 3_007_000;

/// The header of the WAL index, its first copy. The second one is written first.
pub(super) type State = [u8; 48];

/// The files that are open in this process. Closing one gives up every lock that the process has on it, those of SQLite too
/// (POSIX advisory locks), so that all stores of a file share it, and it stays open for as long as there is a connection.
static OPEN: Mutex<Vec<(u64, u64, Weak<File>)>> = Mutex::new(Vec::new());

/// One file that is watched. Whoever has a connection to it holds this until the connection is closed.
pub(in crate::server::store::sqlite) struct Watch {
    index: Arc<File>,
    /// Where the file is to be, whatever the working folder becomes.
    path: PathBuf,
    /// Its device and number.
    file: (u64, u64),
}

impl Watch {
    /// Watches a database in WAL mode that is open already; else there is no index. `connection` is one to it.
    pub(in crate::server::store::sqlite) fn open(database: &Path, connection: &Connection) -> io::Result<Self> {
        let file = fs::metadata(database)?;
        let mut moved = 0;
        let asked = connection.file_control(None::<&str>, FileControl::HasMoved(&mut moved));
        if asked.is_err() || moved != 0 {
            return Err(io::Error::other("the file was moved while it was opened"));
        }
        let (place, file) = (std::path::absolute(database)?, (file.dev(), file.ino()));
        // SQLite follows links, too.
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

    /// Makes sure that the file is still the one that the path leads to, for whoever else opens it: what another process deletes in the
    /// file that it finds there would not be seen in this one.
    ///
    /// # Errors
    /// [`StoreError::Moved`].
    pub(in crate::server::store::sqlite) fn in_place(&self) -> Result<(), StoreError> {
        let is_there = fs::metadata(&self.path).is_ok_and(|found| (found.dev(), found.ino()) == self.file);
        // The index as well: another process would make a new one, and tell us nothing.
        let is_told = self.index.metadata().is_ok_and(|index| index.nlink() > 0);
        if is_there && is_told { Ok(()) } else { Err(StoreError::Moved { path: self.path.clone() }) }
    }

    /// The state of the file. While two states are the same, nothing was committed between them; what was committed before this
    /// call is seen by it. `None` where it cannot be told, also of a file that is not in its place.
    pub fn state(&self) -> Option<State> {
        self.in_place().ok()?;
        let mut header: State = [0; 48];
        self.index.read_exact_at(&mut header, 0).ok()?;
        header.starts_with(&FORMAT.to_ne_bytes()).then_some(header)
    }
}
