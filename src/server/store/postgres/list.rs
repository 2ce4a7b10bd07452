//! Lists of keys in PostgreSQL.

use std::collections::HashMap;

use deadpool_postgres::Object;
use tokio_postgres::{
    Error, IsolationLevel,
    types::{ToSql, Type},
};

use super::{column::typed, keys::key};
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

/// The compared columns are declared with `COLLATE "C"`, so that texts are compared byte by byte.
struct Postgres;

impl Dialect for Postgres {
    const HOLDS_ZERO: bool = false;

    fn mark(number: usize) -> String {
        format!("${number}")
    }

    fn is_one_of(column: &str, mark: &str) -> String {
        format!("{column} = ANY ({mark})")
    }

    fn has_part(column: &str, mark: &str) -> String {
        format!("strpos({column}, {mark}) > 0")
    }

    fn has_any_part(column: &str, mark: &str) -> String {
        format!("EXISTS (SELECT 1 FROM unnest({mark}) AS part WHERE strpos({column}, part) > 0)")
    }

    fn has_all_parts(column: &str, mark: &str) -> String {
        format!("NOT EXISTS (SELECT 1 FROM unnest({mark}) AS part WHERE strpos({column}, part) = 0)")
    }

    fn ends_with(column: &str, part: &str, mut bind: impl FnMut(Value) -> String) -> String {
        let length = bind(Value::Integer(i64::try_from(part.chars().count()).unwrap_or(i64::MAX)));
        let part = bind(Value::Text(part.to_owned()));
        format!("right({column}, {length}::integer) = {part}")
    }

    fn lists_any(column: &str, texts: Vec<String>, mut bind: impl FnMut(Value) -> String) -> String {
        format!("{column} && {}", bind(Value::Texts(texts)))
    }

    fn list_has_part(column: &str, part: &str, mut bind: impl FnMut(Value) -> String) -> String {
        if part.contains('\0') {
            return "FALSE".to_owned();
        }
        format!("strpos(lower(array_to_string({column}, ' ')), {}) > 0", bind(Value::Text(part.to_owned())))
    }

    const SCOPE_COUNT: &'static str = "cardinality(keys.scopes)";
    const ENABLED: &'static str = "keys.enabled::integer";
    const IN_ORDER: &'static str = "";

    fn lists_all(column: &str, mark: &str) -> String {
        format!("{column} @> {mark}")
    }

    fn list_order(column: &str) -> String {
        format!("{column} COLLATE \"C\"")
    }

    fn list_order_of(list: &[ScopeName]) -> Value {
        Value::Texts(list.iter().map(ToString::to_string).collect())
    }
}

/// The maximum time of a statement of a list.
const TIME: &str = "SET LOCAL statement_timeout = '5s'";

/// The statements are not cached: there are too many different queries.
pub(super) async fn page(client: &mut Object, project_id: &str, query: &KeyQuery) -> Result<Page<KeyRecord>, Error> {
    let listing = Listing::new::<Postgres>(project_id, query);
    let values: Vec<(&(dyn ToSql + Sync), Type)> = listing.values.iter().map(typed).collect();
    // All statements see the same snapshot.
    let builder = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let transaction = builder.start().await?;
    // Without this limit, PostgreSQL would continue a statement after the client is gone.
    transaction.batch_execute(TIME).await?;
    let found = transaction.query_typed(&listing.page, &values).await?;
    let mut sequences: Vec<i64> = found.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    if listing.backwards {
        sequences.reverse();
    }
    let found = transaction.query_typed("SELECT * FROM keys WHERE sequence = ANY ($1)", &[(&sequences, Type::INT8_ARRAY)]).await?;
    let mut keys: HashMap<i64, KeyRecord> = found.iter().map(|row| key(row).map(|key| (key.sequence, key))).collect::<Result<_, _>>()?;
    let rows: Vec<KeyRecord> = sequences.iter().filter_map(|sequence| keys.remove(sequence)).collect();
    let total = match known_total(query, rows.len()) {
        Some(total) => total,
        None => {
            let values = values.get(..listing.count_values).unwrap_or_default();
            let count: i64 = transaction.query_typed_one(&listing.count, values).await?.try_get(0)?;
            usize::try_from(count).unwrap_or_default()
        }
    };
    transaction.commit().await?;
    Ok(Page { total, rows })
}

/// How many keys match the filters of each query.
pub(super) async fn counts(client: &mut Object, project_id: &str, queries: &[KeyQuery]) -> Result<Vec<usize>, Error> {
    let (sql, values) = listing::counts::<Postgres>(project_id, queries);
    let values: Vec<(&(dyn ToSql + Sync), Type)> = values.iter().map(typed).collect();
    let transaction = client.build_transaction().read_only(true).start().await?;
    transaction.batch_execute(TIME).await?;
    let row = transaction.query_typed_one(&sql, &values).await?;
    transaction.commit().await?;
    (0..queries.len()).map(|column| row.try_get::<_, i64>(column).map(|count| usize::try_from(count).unwrap_or_default())).collect()
}
