//! What the table `changes` tells.

use rusqlite::Connection;

/// What was changed in the file between two moments.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// The number of the change that the reader knew already.
    pub from: i64,
    /// The number of the last change.
    pub to: i64,
    /// Too much was changed since to be told.
    pub everything: bool,
    /// The sequences of keys.
    pub keys: Vec<i64>,
    /// The ids of projects.
    pub projects: Vec<String>,
}

impl Changes {
    /// What was changed after the change `from`, which is 0 where none is known. Ask within a transaction: the answer holds for it.
    pub fn since(connection: &Connection, from: i64) -> rusqlite::Result<Self> {
        let mut changes = Self { from, to: from, ..Self::default() };
        let mut statement =
            connection.prepare_cached("SELECT number, key_sequence, project_id FROM changes WHERE number >= ?1 ORDER BY number")?;
        let mut rows = statement.query([from])?;
        // The one that is known must still be there; else it is not told what came after it.
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
