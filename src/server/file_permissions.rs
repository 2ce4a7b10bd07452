//! A file with hashes or keys must not be readable by everyone on the machine.
//!
//! A group may read it if its mode says so (0640): a secret that an orchestrator mounts belongs to root and a group.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
};

/// What others than the owner and the group may do.
const OTHERS: u32 = 0o007;
/// What the owner may do.
const OWNER: u32 = 0o700;

/// Takes a file away from everybody but its owner where others may use it, and says so in the log.
///
/// # Errors
/// What the operating system says where it cannot be changed.
pub(super) fn mend(path: &Path) -> io::Result<()> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & OTHERS == 0 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(mode & OWNER))?;
    let (was, path) = (mode & 0o777, path.display());
    tracing::warn!("{path} was open to everybody on this machine (mode {was:04o}); its mode is {:04o} now", mode & OWNER);
    Ok(())
}
