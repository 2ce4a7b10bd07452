//! The tables to copy, parents first. A test compares them with both schemas.

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Bool,
    Bytes,
    /// A list of texts: JSON in SQLite, an array in PostgreSQL.
    List,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Text(String),
    Integer(i64),
    Bool(bool),
    Bytes(Vec<u8>),
    List(Vec<String>),
}

/// A table, and the column that orders its rows for the copy.
pub(super) struct Table {
    pub name: &'static str,
    pub order: &'static str,
    /// Whether PostgreSQL generates its numbers: after the copy, the next number must exceed the last copied one.
    pub counted: bool,
    pub columns: &'static [(&'static str, Kind)],
}

impl Table {
    /// The rows that an empty database does not have. The organization's row exists in every database, and is not a project.
    pub fn own_rows(&self) -> &'static str {
        if self.name == PROJECTS { "projects WHERE sequence > 0" } else { self.name }
    }

    /// The names of its columns, separated by commas.
    pub fn list(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

use Kind::{Bool, Bytes, Integer, List, Text};

/// Removes the only row of an empty database before the rows of the source arrive.
pub(super) const REMOVE_ORGANIZATION: &str = "DELETE FROM projects WHERE sequence = 0";

pub(super) const PROJECTS: &str = "projects";

/// Every table.
pub(super) const TABLES: &[Table] = &[
    Table { name: "setup", order: "single", counted: false, columns: &[("single", Integer), ("token_hash", Bytes)] },
    Table {
        name: "accounts",
        order: "id",
        counted: false,
        columns: &[
            ("id", Text),
            ("email", Text),
            ("name", Text),
            ("password_hash", Text),
            ("blocked", Bool),
            ("created_at", Integer),
            ("updated_at", Integer),
            ("password_updated_at", Integer),
            ("version", Integer),
            ("invitation_hash", Bytes),
            ("invited_until", Integer),
            ("factor_secret", Bytes),
            ("factor_since", Integer),
            ("factor_step", Integer),
        ],
    },
    Table {
        name: "sessions",
        // Of two sessions of the same millisecond, both stores list the later one first.
        order: "created_at",
        counted: false,
        columns: &[
            ("id", Text),
            ("account_id", Text),
            ("token_hash", Bytes),
            ("ip", Text),
            ("client_name", Text),
            ("created_at", Integer),
            ("last_used_at", Integer),
            ("expires_at", Integer),
        ],
    },
    Table { name: "recovery_codes", order: "code_hash", counted: false, columns: &[("code_hash", Bytes), ("account_id", Text)] },
    Table {
        name: PROJECTS,
        order: "sequence",
        counted: true,
        columns: &[
            ("sequence", Integer),
            ("id", Text),
            ("name", Text),
            ("created_at", Integer),
            ("updated_at", Integer),
            ("pinged_at", Integer),
            ("key_creation", Text),
            ("max_lifetime_seconds", Integer),
            ("require_expiry", Bool),
            ("browser_use", Text),
            ("policy_updated_at", Integer),
            ("signing_key_id", Text),
            ("version", Integer),
            ("edition", Text),
            ("ended_ephemeral", List),
        ],
    },
    Table {
        name: "keys",
        order: "sequence",
        counted: true,
        columns: &[
            ("sequence", Integer),
            ("project_id", Text),
            ("id", Text),
            ("name", Text),
            ("scopes", List),
            ("hint", Text),
            ("enabled", Bool),
            ("expires_at", Integer),
            ("created_at", Integer),
            ("updated_at", Integer),
            ("accessed_at", Integer),
            ("sdks", List),
            ("rotated_at", Integer),
            ("overlap_until", Integer),
            ("exposed_at", Integer),
            ("name_folded", Text),
            ("version", Integer),
            ("description", Text),
            ("created_by_type", Text),
            ("created_by_id", Text),
            ("created_by_name", Text),
        ],
    },
    Table {
        name: "key_secrets",
        order: "key_sequence",
        counted: false,
        columns: &[("hash", Bytes), ("key_sequence", Integer), ("valid_until", Integer)],
    },
    Table {
        name: "operation_counts",
        order: "key_sequence",
        counted: false,
        columns: &[("key_sequence", Integer), ("day", Integer), ("operation", Text), ("requests", Integer)],
    },
    Table {
        name: "dev_keys",
        order: "sequence",
        counted: true,
        columns: &[
            ("sequence", Integer),
            ("project_id", Text),
            ("id", Text),
            ("name", Text),
            ("hash", Bytes),
            ("hint", Text),
            ("expires_at", Integer),
            ("created_at", Integer),
            ("updated_at", Integer),
            ("accessed_at", Integer),
            ("sdks", List),
            ("version", Integer),
        ],
    },
    Table {
        name: "audit",
        order: "sequence",
        counted: true,
        columns: &[
            ("sequence", Integer),
            ("at", Integer),
            ("project_id", Text),
            ("actor_type", Text),
            ("actor_id", Text),
            ("actor_name", Text),
            ("action", Text),
            ("target_id", Text),
            ("outcome", Text),
            ("detail", Text),
            ("ip", Text),
            ("project_sequence", Integer),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::sqlite::SqliteStore;

    #[test]
    fn every_table_and_column_of_the_schema_is_copied() {
        let folder = std::env::temp_dir().join(format!("scopewise-tables-{}", std::process::id()));
        drop(SqliteStore::open(&folder.join("a.db")).unwrap());
        let database = rusqlite::Connection::open(folder.join("a.db")).unwrap();
        let read = |sql: &str| -> Vec<String> {
            let mut statement = database.prepare(sql).unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let mut names: Vec<_> = TABLES.iter().map(|table| table.name.to_owned()).collect();
        names.sort();
        assert_eq!(
            read("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'changes' ORDER BY name"),
            names
        );
        for table in TABLES {
            let columns = read(&format!("SELECT name FROM pragma_table_info('{}')", table.name));
            assert_eq!(columns.join(", "), table.list(), "{}", table.name);
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
