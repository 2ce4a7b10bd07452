//! Reads the table `changes`.

use rusqlite::Connection;

/// The changes of the file between two moments.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// The number of the last change that the reader knew.
    pub from: i64,
    /// The number of the last change.
    pub to: i64,
    /// There were too many changes to list.
    pub everything: bool,
    /// The sequences of changed keys.
    pub keys: Vec<i64>,
    /// The ids of changed projects.
    pub projects: Vec<String>,
}

impl Changes {
    /// Reads the changes after the change `from`, which is 0 if none is known. Call it in a transaction: the result holds for that one.
    pub fn since(connection: &Connection, from: i64) -> rusqlite::Result<Self> {
        let mut changes = Self { from, to: from, ..Self::default() };
        let mut statement =
            connection.prepare_cached("SELECT number, key_sequence, project_id FROM changes WHERE number >= ?1 ORDER BY number")?;
        let mut rows = statement.query([from])?;
        // The known change must still exist; otherwise the list of later changes is incomplete.
        let mut expected = from.max(1);
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            changes.everything |= number != expected;
            (changes.to, expected) = (number, number + 1);
            if number > from {
                changes.keys.extend(row.get::<_, Option<i64>>(1)?);
                changes.projects.extend(row.get::<_, Option<String>>(2)?);
            }
        }
        if expected == from {
            changes.everything = true;
            changes.to = connection.query_row("SELECT coalesce(max(number), 0) FROM changes", [], |row| row.get(0))?;
        }
        Ok(changes)
    }
}
