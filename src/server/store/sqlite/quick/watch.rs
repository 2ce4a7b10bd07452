//! Owns how it is noticed that anybody has committed to the file, also another process, in one short read.
//!
//! In WAL mode every commit rewrites the header of the WAL index, the `-shm` file, before it is done; its `iChange` counts them
//! (sqlite.org/walformat.html, §2.1). So nothing was committed for as long as the header stays the same. Asking SQLite itself
//! (`PRAGMA data_version`) takes a lock that all connections of the process share, and was a quarter of the server's work.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::{FileExt, MetadataExt},
    path::Path,
    sync::{Arc, Mutex, PoisonError, Weak},
};

/// What the header begins with; any other would have another form.
const FORMAT: u32 = 3_007_000;

/// The header of the WAL index, its first copy. The second one is written first.
pub(super) type State = [u8; 48];

/// The files that are open in this process. Closing one gives up every lock that the process has on it, those of SQLite too
/// (POSIX advisory locks), so that all stores of a file share it, and it stays open for as long as there is a connection.
static OPEN: Mutex<Vec<(u64, u64, Weak<File>)>> = Mutex::new(Vec::new());

/// One file that is watched. Whoever has a connection to it holds this until the connection is closed.
pub(in super::super) struct Watch {
    index: Arc<File>,
}

impl Watch {
    /// Watches a database in WAL mode that is open already; else there is no index.
    pub(in super::super) fn open(database: &Path) -> io::Result<Self> {
        // SQLite follows links, too.
        let mut path = fs::canonicalize(database)?.into_os_string();
        path.push("-shm");
        let found = fs::metadata(&path)?;
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|(.., file)| file.strong_count() > 0);
        let shared = open.iter().find(|(device, inode, _)| (*device, *inode) == (found.dev(), found.ino()));
        if let Some(index) = shared.and_then(|(.., file)| file.upgrade()) {
            return Ok(Self { index });
        }
        let index = Arc::new(File::open(&path)?);
        open.push((found.dev(), found.ino(), Arc::downgrade(&index)));
        Ok(Self { index })
    }

    /// The state of the file. While two states are the same, nothing was committed between them; what was committed before this
    /// call is seen by it. `None` where it cannot be told.
    pub fn state(&self) -> Option<State> {
        let mut header: State = [0; 48];
        self.index.read_exact_at(&mut header, 0).ok()?;
        header.starts_with(&FORMAT.to_ne_bytes()).then_some(header)
    }
}
