//! The schema is the one that the steps make. What guards the data (triggers) and what finds it (indexes) is made again where
//! it is missing or was changed; tables that were changed are refused.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Transaction;
use serde::Deserialize;
use tokio_postgres::Error;

/// Tells what the schema is made of.
const OBJECTS: &str = include_str!("objects.sql");
/// What that tells of a database that the steps have made. A test writes it.
const EXPECTED: &str = include_str!("objects.json");
/// So many differences are told.
const TOLD: usize = 5;

/// An object of the schema.
#[derive(Deserialize)]
struct Object {
    kind: String,
    name: String,
    facts: String,
    /// What makes it again.
    make: Option<String>,
}

impl Object {
    /// The table that it belongs to.
    fn table(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }

    fn said(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }
}

/// What was found.
pub(super) enum Schema {
    /// It is as it should be, now: what was made again, if anything.
    AsMade(Vec<String>),
    /// It is not, and nothing was changed.
    Altered(String),
}

/// Compares the schema with the expected one, and makes again what can be.
pub(super) async fn mend(transaction: &Transaction<'_>) -> Result<Schema, Error> {
    // It is part of the program, and a test reads it.
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
    // Another trigger could undo what is written, another column could be one that must be filled.
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
    fn what_is_expected_can_be_read_and_names_what_guards_the_log() {
        let expected: Vec<Object> = serde_json::from_str(EXPECTED).unwrap();
        assert!(expected.iter().any(|object| object.kind == "trigger" && object.table() == "audit" && object.make.is_some()));
        assert!(expected.iter().filter(|object| object.kind == "column").count() > 50);
    }
}
