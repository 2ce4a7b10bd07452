//! The file of the root key. It is next to the database and not in it, so a copy of the database is not enough to sign.

use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::{
    auth::RootKey,
    config::{Config, DatabaseUrl},
    file_permissions,
    random::{Random, RandomError},
};

/// Why there is no root key. The message says how to fix the problem.
#[derive(Debug, thiserror::Error)]
pub enum RootKeyError {
    /// The file cannot be read or created.
    #[error("the root key {path} cannot be {verb}: {reason}; check the permissions, or name another file with --root-key-file", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The operation that failed.
        verb: &'static str,
        /// The message of the operating system.
        reason: String,
    },
    /// The file does not contain a root key.
    #[error("{path} is no root key: it must hold 64 hexadecimal digits, as `openssl rand -hex 32` prints them", path = path.display())]
    Form {
        /// The file.
        path: PathBuf,
    },
    /// Every user of the machine can read the file, and its permissions cannot be changed.
    #[error(
        "everybody on this machine may read the root key {path}, and this could not be changed: {reason}; run: chmod 600 {path} \
         (a mounted secret: mode 0400, or 0440 where a group is to read it)",
        path = path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// The message of the operating system.
        reason: String,
    },
    /// With PostgreSQL there is no database file next to which it could be.
    #[error(
        "PostgreSQL is shared by replicas: make one root key for all of them (openssl rand -hex 32 > root-key), and name its file with --root-key-file"
    )]
    Unnamed,
    /// The system has no randomness for a new key.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// Reads the root key of this configuration. If the file does not exist, creates a new key in it, readable only by its owner.
///
/// # Errors
/// [`RootKeyError`]; its message says how to fix the problem.
pub(super) fn load(config: &Config, random: &dyn Random) -> Result<RootKey, RootKeyError> {
    let path = match (&config.root_key_file, &config.database) {
        (Some(path), _) => path.clone(),
        (None, DatabaseUrl::Sqlite { path }) => path.with_extension("root-key"),
        // A replica with another root key would refuse the ephemeral keys of the others.
        (None, DatabaseUrl::Postgres(_)) => return Err(RootKeyError::Unnamed),
    };
    let failed = |verb, error: std::io::Error| RootKeyError::File { path: path.clone(), verb, reason: error.to_string() };
    match read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed("read", error)),
        Ok(text) => {
            let key = RootKey::parse(text.trim()).map_err(|_| RootKeyError::Form { path: path.clone() })?;
            file_permissions::mend(&path).map_err(|error| RootKeyError::Exposed { path: path.clone(), reason: error.to_string() })?;
            return Ok(key);
        }
    }
    let key = RootKey::new(random)?;
    match keep(&path, &key) {
        // Another process was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let text = read(&path).map_err(|error| failed("read", error))?;
            RootKey::parse(text.trim()).map_err(|_| RootKeyError::Form { path: path.clone() })
        }
        Err(error) => Err(failed("made", error)),
        Ok(()) => Ok(key),
    }
}

fn read(path: &Path) -> std::io::Result<String> {
    fs::read_to_string(path)
}

/// Writes under a temporary name first.
/// INVARIANT: no process ever reads a partial key.
fn keep(path: &Path, key: &RootKey) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let draft = path.with_extension(format!("root-key-{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(format!("{}\n", key.expose()).as_bytes())?;
    file.sync_all()?;
    // Unlike a rename, a link does not replace an existing file.
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    linked?;
    // The name must also survive a power loss.
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::server::random::SeededRandom;

    #[test]
    fn permissions_of_a_world_readable_root_key_are_restricted() {
        let folder = std::env::temp_dir().join(format!("scopewise-open-root-key-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("key");
        let config = Config { root_key_file: Some(file.clone()), ..Config::default() };
        fs::write(&file, "07".repeat(32)).unwrap();
        for (mode, left) in [(0o644, 0o600), (0o604, 0o600), (0o444, 0o400), (0o640, 0o640), (0o440, 0o440), (0o600, 0o600)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            load(&config, &SeededRandom::new(1)).unwrap();
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, left, "{mode:o}");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_root_key_is_created_once_and_only_its_owner_can_read_it() {
        let folder = std::env::temp_dir().join(format!("scopewise-root-key-{}", std::process::id()));
        let config = Config { database: DatabaseUrl::Sqlite { path: folder.join("a.db") }, ..Config::default() };
        let made = load(&config, &SeededRandom::new(1)).unwrap().expose();
        assert_eq!(load(&config, &SeededRandom::new(2)).unwrap().expose(), made);
        let file = folder.join("a.root-key");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::write(&file, "not a key").unwrap();
        let line = load(&config, &SeededRandom::new(3)).unwrap_err().to_string();
        assert!(line.contains("64 hexadecimal digits") && !line.contains("not a key"), "{line}");
        let elsewhere = Config { root_key_file: Some(folder.join("b")), ..config };
        assert_ne!(load(&elsewhere, &SeededRandom::new(4)).unwrap().expose(), made);
        fs::remove_dir_all(folder).unwrap();
    }
}
