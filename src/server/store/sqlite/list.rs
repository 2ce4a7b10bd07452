//! Lists of keys in SQLite.

use rusqlite::{
    Connection, ToSql, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};

use super::keys::key;
use crate::{
    scope::ScopeName,
    server::{
        query::Page,
        store::{
            KeyQuery, KeyRecord,
            listing::{self, Dialect, Listing, Value, known_total},
        },
    },
};

/// SQLite compares texts byte by byte by default, and stores lists as JSON.
struct Sqlite;

impl Dialect for Sqlite {
    const HOLDS_ZERO: bool = true;

    fn mark(number: usize) -> String {
        format!("?{number}")
    }

    fn is_one_of(column: &str, mark: &str) -> String {
        format!("{column} IN (SELECT value FROM json_each({mark}))")
    }

    fn has_part(column: &str, mark: &str) -> String {
        format!("instr({column}, {mark}) > 0")
    }

    fn has_any_part(column: &str, mark: &str) -> String {
        format!("EXISTS (SELECT 1 FROM json_each({mark}) AS part WHERE instr({column}, part.value) > 0)")
    }

    fn has_all_parts(column: &str, mark: &str) -> String {
        format!("NOT EXISTS (SELECT 1 FROM json_each({mark}) AS part WHERE instr({column}, part.value) = 0)")
    }

    /// Compares as bytes: SQLite does not count characters after a zero.
    fn ends_with(column: &str, part: &str, mut bind: impl FnMut(Value) -> String) -> String {
        let start = bind(Value::Integer(i64::try_from(part.len()).map_or(i64::MIN, i64::wrapping_neg)));
        let part = bind(Value::Bytes(part.as_bytes().to_vec()));
        format!("substr(CAST({column} AS BLOB), {start}) = {part}")
    }

    /// Searches the text of the JSON list for the scope in quotation marks. A scope contains no quotation marks, so this finds only the scope
    /// itself, and it is much faster than parsing the list.
    fn lists_any(column: &str, texts: Vec<String>, mut bind: impl FnMut(Value) -> String) -> String {
        const FEW: usize = 40;
        if texts.len() <= FEW {
            let scopes = texts.iter().filter_map(|text| text.parse::<ScopeName>().ok());
            let found: Vec<String> =
                scopes.map(|scope| format!("instr({column}, {}) > 0", bind(Value::Text(format!("\"{scope}\""))))).collect();
            return if found.is_empty() { "FALSE".to_owned() } else { format!("({})", found.join(" OR ")) };
        }
        let mark = bind(Value::Texts(texts));
        format!("EXISTS (SELECT 1 FROM json_each({column}) WHERE value IN (SELECT value FROM json_each({mark})))")
    }

    /// The same for a part, unless it has a character that stands between the scopes.
    fn list_has_part(column: &str, part: &str, mut bind: impl FnMut(Value) -> String) -> String {
        let mark = bind(Value::Text(part.to_owned()));
        if part.contains(['"', '[', ']', ',', '\\']) {
            format!("EXISTS (SELECT 1 FROM json_each({column}) WHERE instr(lower(value), {mark}) > 0)")
        } else {
            format!("instr(lower({column}), {mark}) > 0")
        }
    }

    const SCOPE_COUNT: &'static str = "json_array_length(keys.scopes)";
    const ENABLED: &'static str = "keys.enabled";
    const IN_ORDER: &'static str = "INDEXED BY keys_in_order";

    fn lists_all(column: &str, mark: &str) -> String {
        format!("NOT EXISTS (SELECT 1 FROM json_each({mark}) AS wanted WHERE wanted.value NOT IN (SELECT value FROM json_each({column})))")
    }

    /// Digits keep the order of the bytes, and the end of a text sorts before all digits.
    fn list_order(column: &str) -> String {
        format!("coalesce((SELECT group_concat(hex(value) || '.', '' ORDER BY key) FROM json_each({column})), '')")
    }

    fn list_order_of(list: &[ScopeName]) -> Value {
        let digits =
            |scope: &ScopeName| scope.as_str().bytes().map(|byte| format!("{byte:02X}")).chain([".".to_owned()]).collect::<String>();
        Value::Text(list.iter().map(digits).collect())
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Integer(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Texts(texts) => serde_json::Value::from(texts.as_slice()).to_string().into(),
            Self::Integers(numbers) => serde_json::Value::from(numbers.as_slice()).to_string().into(),
        })
    }
}

/// The statements are not cached: there are too many different queries.
pub(super) fn page(connection: &mut Connection, project_id: &str, query: &KeyQuery) -> rusqlite::Result<Page<KeyRecord>> {
    let listing = Listing::new::<Sqlite>(project_id, query);
    // All statements see the same snapshot.
    let transaction = connection.transaction()?;
    let mut sequences: Vec<i64> =
        transaction.prepare(&listing.page)?.query_map(params_from_iter(&listing.values), |row| row.get(0))?.collect::<Result<_, _>>()?;
    if listing.backwards {
        sequences.reverse();
    }
    let mut of_sequence = transaction.prepare_cached("SELECT * FROM keys WHERE sequence = ?1")?;
    let rows = sequences.iter().map(|sequence| of_sequence.query_row([sequence], key)).collect::<Result<Vec<_>, _>>()?;
    let total = match known_total(query, rows.len()) {
        Some(total) => total,
        None => {
            let values = params_from_iter(listing.values.iter().take(listing.count_values));
            let count: i64 = transaction.prepare(&listing.count)?.query_row(values, |row| row.get(0))?;
            usize::try_from(count).unwrap_or_default()
        }
    };
    Ok(Page { total, rows })
}

/// How many keys match the filters of each query.
pub(super) fn counts(connection: &Connection, project_id: &str, queries: &[KeyQuery]) -> rusqlite::Result<Vec<usize>> {
    let (sql, values) = listing::counts::<Sqlite>(project_id, queries);
    connection.prepare(&sql)?.query_row(params_from_iter(&values), |row| {
        (0..queries.len()).map(|column| row.get::<_, i64>(column).map(|count| usize::try_from(count).unwrap_or_default())).collect()
    })
}
