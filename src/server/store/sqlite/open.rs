//! Creates, checks and migrates the file.

use std::{fs, path::Path};

use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql, TransactionBehavior, params};

use super::{
    new_file,
    schema::{self, Schema},
};
use crate::server::{
    file_permissions,
    query::folded,
    store::{StoreError, record::replaced_name},
};

/// The schema steps in order.
/// INVARIANT: append-only. A released step never changes.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/001_initial.sql"),
    include_str!("migrations/002_lifecycle.sql"),
    include_str!("migrations/003_setup.sql"),
    include_str!("migrations/004_changes.sql"),
    LISTS,
    include_str!("migrations/006_versions.sql"),
    include_str!("migrations/007_organization.sql"),
    NAMES,
    include_str!("migrations/010_key_table.sql"),
    include_str!("migrations/011_audit_of_target.sql"),
    include_str!("migrations/012_invitations.sql"),
    include_str!("migrations/013_creators.sql"),
    include_str!("migrations/014_audit_filters.sql"),
    include_str!("migrations/015_second_factor.sql"),
    include_str!("migrations/016_operation_counts.sql"),
];
/// After this step, non-ASCII names are folded.
const LISTS: &str = include_str!("migrations/005_lists.sql");
/// After this step, names that are not valid are replaced.
const NAMES: &str = include_str!("migrations/008_names.sql");

/// Identifies the file as Scopewise's (`PRAGMA application_id`): "SCPW".
const APPLICATION_ID: i32 = 0x5343_5057;

/// How long a connection waits for another process that writes, such as the command line.
pub(super) const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);

/// How many statements a connection keeps prepared: all that are the same each time.
const STATEMENTS: usize = 64;

/// Larger files are not read completely at the start. Damage shows in the first query that reads it.
const MAX_CHECKED_BYTES: u64 = 64 * 1024 * 1024;

/// Opens the file for writing, creates it if it does not exist, and migrates it.
pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| new_file::unmade(path, &error))?;
    }
    // The same check applies to an empty file: SQLite would treat it as a new database.
    if fs::metadata(path).map_or(true, |file| file.len() == 0) {
        new_file::refuse_beside_a_lost_one(path)?;
    }
    if fs::symlink_metadata(path).is_err() {
        new_file::make(path)?;
    }
    let connection = fill(path, path)?;
    // SQLite creates the files next to it with the same permissions.
    for name in ["", "-wal", "-shm"].map(|suffix| new_file::sibling(path, suffix)) {
        match file_permissions::mend(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Exposed { path: name, reason: error.to_string() });
            }
            _ => {}
        }
    }
    Ok(connection)
}

/// Opens an existing file, creates or migrates its content, and checks its schema. `name` is the path in error messages.
pub(super) fn fill(path: &Path, name: &Path) -> Result<Connection, StoreError> {
    let explain = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StoreError::Broken { path: name.to_owned() },
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            StoreError::NotWritable { path: name.to_owned() }
        }
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => StoreError::NoRoom { path: name.to_owned(), reason: error.to_string() },
        _ => StoreError::Unavailable(error.to_string()),
    };
    let mut connection = Connection::open_with_flags(path, flags(false)).map_err(explain)?;
    settings(&connection).map_err(explain)?;
    // Reads every page, which would take seconds for a large file.
    let is_small = fs::metadata(path).is_ok_and(|file| file.len() <= MAX_CHECKED_BYTES);
    let check = |connection: &Connection| connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    if is_small && check(&connection).map_err(explain)? != "ok" {
        return Err(StoreError::Broken { path: name.to_owned() });
    }
    let mended = migrate(&mut connection, name).map_err(|error| match error {
        MigrationError::Sqlite(error) => explain(error),
        MigrationError::Store(error) => error,
    })?;
    for object in mended {
        let name = name.display();
        tracing::warn!("{object} of the database {name} was missing or changed, and was made again; find out who did that, and when");
    }
    Ok(connection)
}

/// Writes to the file without a change: one page, to a log that is reused.
pub(super) fn touch(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)
}

/// Opens an existing file for reading.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let connection = Connection::open_with_flags(path, flags(true))?;
        settings(&connection)?;
        Ok(connection)
    };
    open().map_err(|error: rusqlite::Error| StoreError::Unavailable(error.to_string()))
}

/// Whether an existing file is a healthy Scopewise database. Changes nothing.
pub(super) fn judge(path: &Path) -> Result<(), StoreError> {
    let broken = || StoreError::Broken { path: path.to_owned() };
    let look = || {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        let healthy: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i32>(0));
        Ok((healthy == "ok", pragma("application_id")?, pragma("user_version")?))
    };
    let (healthy, application, version) = look().map_err(|_: rusqlite::Error| broken())?;
    if !healthy || application != APPLICATION_ID {
        return Err(broken());
    }
    if usize::try_from(version).is_ok_and(|version| version <= MIGRATIONS.len()) {
        Ok(())
    } else {
        Err(StoreError::Newer { name: path.display().to_string() })
    }
}

fn flags(read_only: bool) -> OpenFlags {
    let mode = if read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
    mode | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Other users of the machine must not read hashes of secrets. SQLite gives its `-wal` and `-shm` files the same permissions.
pub(super) fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// INVARIANT: `synchronous = FULL`, because a deleted key must not return after a power loss: in WAL mode, `NORMAL` could lose the last
/// commits.
fn settings(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    if !connection.is_readonly("main")? {
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    }
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;")
}

enum MigrationError {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for MigrationError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// Replaces names that are not valid: earlier versions stored names with control characters. SQLite finds none behind a zero, so this
/// reads all names.
fn mend_names(transaction: &Connection) -> rusqlite::Result<()> {
    for (table, folds) in [("projects", ""), ("dev_keys", ""), ("keys", ", name_folded = ?3")] {
        let mut names = transaction.prepare(&format!("SELECT sequence, name, id FROM {table}"))?;
        let mut replace = transaction.prepare(&format!("UPDATE {table} SET name = ?2{folds} WHERE sequence = ?1"))?;
        let mut broken = Vec::new();
        let mut rows = names.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(name) = replaced_name(row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?) {
                broken.push((row.get::<_, i64>(0)?, name));
            }
        }
        for (sequence, name) in broken {
            let folded = folded(&name);
            let values: [&dyn ToSql; 3] = [&sequence, &name, &folded];
            replace.execute(if folds.is_empty() { &values[..2] } else { &values[..] })?;
        }
    }
    Ok(())
}

/// Folds the names that contain non-ASCII characters. SQLite counts only the characters before a zero, so this includes names with a
/// zero.
fn fold_names(transaction: &Connection) -> rusqlite::Result<()> {
    let mut names = transaction.prepare("SELECT sequence, name FROM keys WHERE length(name) <> length(CAST(name AS BLOB))")?;
    let mut fold = transaction.prepare("UPDATE keys SET name_folded = ?2 WHERE sequence = ?1")?;
    let mut rows = names.query([])?;
    while let Some(row) = rows.next()? {
        fold.execute(params![row.get::<_, i64>(0)?, folded(&row.get::<_, String>(1)?)])?;
    }
    Ok(())
}

/// Migrates and checks the schema. Returns the objects that were recreated, if any.
fn migrate(connection: &mut Connection, path: &Path) -> Result<Vec<String>, MigrationError> {
    // Of two processes that start together, only one may create the tables.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let pragma = |name: &str| transaction.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i32>(0));
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && pragma("application_id")? != APPLICATION_ID {
        return Err(MigrationError::Store(StoreError::Broken { path: path.to_owned() }));
    }
    let done = usize::try_from(pragma("user_version")?).unwrap_or(usize::MAX);
    if done > MIGRATIONS.len() {
        return Err(MigrationError::Store(StoreError::Newer { name: path.display().to_string() }));
    }
    for step in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(step)?;
        match *step {
            LISTS => fold_names(&transaction)?,
            NAMES => mend_names(&transaction)?,
            _ => {}
        }
    }
    // A start without changes needs no space on the disk.
    if done < MIGRATIONS.len() {
        transaction.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {};", MIGRATIONS.len()))?;
    }
    let mended = match schema::mend(&transaction, MIGRATIONS)? {
        Schema::AsMade(mended) => mended,
        Schema::Altered(problem) => {
            return Err(MigrationError::Store(StoreError::Altered { name: path.display().to_string(), problem }));
        }
    };
    transaction.commit()?;
    Ok(mended)
}
