//! Checks that the schema matches the migration steps. Objects that protect the data (triggers) or find it (indexes) are recreated if
//! they are missing or changed; a schema with changed tables is refused.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Transaction;
use serde::Deserialize;
use tokio_postgres::Error;

/// The query that describes the objects of the schema.
const OBJECTS: &str = include_str!("objects.sql");
/// The result of that query for a database that the steps created. A test writes it.
const EXPECTED: &str = include_str!("objects.json");
/// The maximum number of differences in a message.
const TOLD: usize = 5;

/// An object of the schema.
#[derive(Deserialize)]
struct Object {
    kind: String,
    name: String,
    facts: String,
    /// The SQL that recreates it.
    make: Option<String>,
}

impl Object {
    /// Its table.
    fn table(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }

    fn said(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }
}

/// The result of the check.
pub(super) enum Schema {
    /// The schema is correct now. Lists the recreated objects, if any.
    AsMade(Vec<String>),
    /// The schema differs, and nothing was changed.
    Altered(String),
}

/// Compares the schema with the expected one, and recreates what can be recreated.
pub(super) async fn mend(transaction: &Transaction<'_>) -> Result<Schema, Error> {
    // The file is part of the program, and a test reads it.
    let expected: Vec<Object> = serde_json::from_str(EXPECTED).unwrap_or_default();
    let mut found = BTreeMap::new();
    for row in transaction.query(OBJECTS, &[]).await? {
        let object =
            Object { kind: row.try_get("kind")?, name: row.try_get("name")?, facts: row.try_get("facts")?, make: row.try_get("make")? };
        found.insert((object.kind.clone(), object.name.clone()), object);
    }
    let tables: BTreeSet<&str> = expected.iter().filter(|object| object.kind == "column").map(Object::table).collect();
    let (mut altered, mut missing) = (Vec::new(), Vec::new());
    for object in &expected {
        match found.remove(&(object.kind.clone(), object.name.clone())) {
            Some(there) if there.facts == object.facts => {}
            there => match (&object.make, there) {
                (Some(make), there) => missing.push((object, make, there.is_some())),
                (None, Some(there)) => altered.push(format!("{} is `{}` instead of `{}`", object.said(), there.facts, object.facts)),
                (None, None) => altered.push(format!("{} is missing", object.said())),
            },
        }
    }
    // A foreign trigger could undo writes; a foreign column could be required.
    let foreign = |object: &Object| ["column", "constraint", "trigger"].contains(&object.kind.as_str()) && tables.contains(object.table());
    altered.extend(found.values().filter(|object| foreign(object)).map(|object| format!("{} is not Scopewise's", object.said())));
    if !altered.is_empty() {
        let more = altered.len().saturating_sub(TOLD);
        altered.truncate(TOLD);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        return Ok(Schema::Altered(altered.join("; ") + &more));
    }
    let mut mended = Vec::new();
    for (object, make, there) in missing {
        match (object.kind.as_str(), object.name.split_once('.')) {
            ("trigger", Some((table, name))) if there => {
                transaction.batch_execute(&format!("DROP TRIGGER {name} ON {table}")).await?;
            }
            ("index", _) if there => transaction.batch_execute(&format!("DROP INDEX {}", object.name)).await?,
            _ => {}
        }
        transaction.batch_execute(make).await?;
        mended.push(object.said());
    }
    Ok(Schema::AsMade(mended))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expected_schema_parses_and_contains_the_audit_triggers() {
        let expected: Vec<Object> = serde_json::from_str(EXPECTED).unwrap();
        assert!(expected.iter().any(|object| object.kind == "trigger" && object.table() == "audit" && object.make.is_some()));
        assert!(expected.iter().filter(|object| object.kind == "column").count() > 50);
    }
}
