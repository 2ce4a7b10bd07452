//! Checks that the schema of a file matches the migration steps. Objects that protect the data and record changes (triggers) or find
//! data (indexes) are recreated if they are missing or changed; a file with changed tables is refused.

use rusqlite::Connection;

/// A table, an index, a trigger or a view.
struct Object {
    kind: String,
    name: String,
    table: String,
    sql: String,
}

impl Object {
    fn said(&self) -> String {
        if self.kind == "table" { format!("table {}", self.name) } else { format!("{} {} of {}", self.kind, self.name, self.table) }
    }

    /// Its SQL, without comments and extra spaces.
    fn plain(&self) -> String {
        let lines = self.sql.lines().map(|line| line.split("--").next().unwrap_or_default());
        lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }
}

/// The result of the check.
pub(super) enum Schema {
    /// The schema is correct now. Lists the recreated objects, if any.
    AsMade(Vec<String>),
    /// The schema differs, and nothing was changed.
    Altered(String),
}

/// Compares the schema with the one that the steps create in an empty database, and recreates what can be recreated.
pub(super) fn mend(transaction: &Connection, steps: &[&str]) -> rusqlite::Result<Schema> {
    let fresh = Connection::open_in_memory()?;
    steps.iter().try_for_each(|step| fresh.execute_batch(step))?;
    let (expected, found) = (objects(&fresh)?, objects(transaction)?);
    let (mut altered, mut missing) = (Vec::new(), Vec::new());
    for object in &expected {
        let there = found.iter().find(|there| there.kind == object.kind && there.name == object.name);
        match there {
            Some(there) if there.plain() == object.plain() => {}
            Some(_) if object.kind == "table" => altered.push(format!("{} has other columns or rules", object.said())),
            None if object.kind == "table" => altered.push(format!("{} is missing", object.said())),
            _ => missing.push((object, there.is_some())),
        }
    }
    // A foreign trigger could undo writes.
    let ours = |object: &&Object| expected.iter().any(|ours| ours.kind == object.kind && ours.name == object.name);
    let foreign = found.iter().filter(|object| object.kind == "trigger" && !ours(object));
    altered.extend(foreign.map(|object| format!("{} is not Scopewise's", object.said())));
    if !altered.is_empty() {
        return Ok(Schema::Altered(altered.join("; ")));
    }
    let mut mended = Vec::new();
    for (object, there) in missing {
        if there {
            transaction.execute_batch(&format!("DROP {} {}", object.kind, object.name))?;
        }
        transaction.execute_batch(&object.sql)?;
        mended.push(object.said());
    }
    Ok(Schema::AsMade(mended))
}

/// All objects except those that SQLite creates itself.
fn objects(connection: &Connection) -> rusqlite::Result<Vec<Object>> {
    let sql =
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let mut statement = connection.prepare(sql)?;
    let read = |row: &rusqlite::Row<'_>| Ok(Object { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)?, sql: row.get(3)? });
    statement.query_map([], read)?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_spaces_are_ignored() {
        let object = |sql: &str| Object { kind: "table".into(), name: "t".into(), table: "t".into(), sql: sql.into() };
        assert_eq!(object("CREATE TABLE t ( -- one\n    a TEXT -- two\n)").plain(), object("CREATE TABLE t ( a TEXT )").plain());
        assert_ne!(object("CREATE TABLE t (a TEXT)").plain(), object("CREATE TABLE t (a TEXT, b TEXT)").plain());
    }
}
