//! Translates a [`KeyQuery`] to SQL. A [`Dialect`] covers the differences between the databases. Values from the request reach a
//! database only as bound parameters.

// INVARIANT: the result equals `query::page` (crate::server::query::page). Texts are compared byte by byte, only this program folds
// case (`name_folded`), a missing value sorts before all others, and equal keys stay in creation order.

mod filter;
mod order;

use std::marker::PhantomData;

use super::{KeyAttribute, KeyQuery};
use crate::scope::ScopeName;

/// A value to bind.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Bytes(Vec<u8>),
    Texts(Vec<String>),
    Integers(Vec<i64>),
}

/// The SQL that differs between the databases. Every answer is a piece of SQL; a `mark` is the placeholder of a bound value.
pub(super) trait Dialect {
    /// Whether the database can store a zero character in a text.
    const HOLDS_ZERO: bool;

    /// The placeholder of the bound value with this number, from 1.
    fn mark(number: usize) -> String;

    /// Whether the column is in the bound list.
    fn is_one_of(column: &str, mark: &str) -> String;

    /// Whether the text contains the bound part.
    fn has_part(column: &str, mark: &str) -> String;

    /// Whether the text contains any part of the bound list.
    fn has_any_part(column: &str, mark: &str) -> String;

    /// Whether the text contains all parts of the bound list.
    fn has_all_parts(column: &str, mark: &str) -> String;

    /// Whether the text ends with this part, which is not empty.
    fn ends_with(column: &str, part: &str, bind: impl FnMut(Value) -> String) -> String;

    /// Whether the column, a list, contains any of these texts.
    fn lists_any(column: &str, texts: Vec<String>, bind: impl FnMut(Value) -> String) -> String;

    /// Whether an entry of the column, a list, has this part in any case. It has no white space.
    fn list_has_part(column: &str, part: &str, bind: impl FnMut(Value) -> String) -> String;

    /// Whether the column, a list, contains all texts of the bound list.
    fn lists_all(column: &str, mark: &str) -> String;

    /// The sort expression that orders a column of lists by their first difference.
    fn list_order(column: &str) -> String;

    /// The number of entries of a column of lists.
    const SCOPE_COUNT: &'static str;

    /// Whether a key is enabled, as 1 or 0.
    const ENABLED: &'static str;

    /// After a table whose rows are all read anyway: reads them in the order in which they are stored. Empty if the database does so.
    const IN_ORDER: &'static str;

    /// The value of [`Dialect::list_order`] for this list.
    fn list_order_of(list: &[ScopeName]) -> Value;
}

/// The SQL statements for a query.
pub(super) struct Listing {
    /// Selects the sequences of the page's keys, in page order or reversed. Binds all `values`.
    pub page: String,
    /// Counts the keys that match the filters, up to [`KeyQuery::max_total`]. Binds the first `count_values` of the values.
    pub count: String,
    pub values: Vec<Value>,
    pub count_values: usize,
    /// Whether the page is in reverse order.
    pub backwards: bool,
}

impl Listing {
    pub fn new<D: Dialect>(project_id: &str, query: &KeyQuery) -> Self {
        let mut builder = Builder::<D> { values: Vec::new(), dialect: PhantomData };
        let project = builder.bind(Value::Text(project_id.to_owned()));
        let filters: Vec<String> = query.filters.iter().map(|filter| builder.filter(filter)).collect();
        let mut picked = format!("keys.project_id = {project}");
        if !filters.is_empty() {
            picked = format!("{picked} AND {}", joined(&filters, "AND"));
        }
        let in_order = if query.scans { D::IN_ORDER } else { "" };
        let limit = i64::try_from(query.max_total).unwrap_or(i64::MAX);
        let count = format!("SELECT count(*) FROM (SELECT 1 FROM keys {in_order} WHERE {picked} LIMIT {limit}) AS picked");
        let count_values = builder.values.len();
        let backwards = query.cursor.as_ref().is_some_and(|cursor| cursor.before);
        let options = builder.options(query);
        if query.cursor.is_some() {
            picked = format!("{picked} AND {}", builder.beyond(&options, backwards));
        }
        let order = order::by(&options, backwards);
        let number = |number: usize| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
        let (limit, offset) = (builder.bind(number(query.limit)), builder.bind(number(query.offset)));
        let page = format!("SELECT keys.sequence FROM keys WHERE {picked} ORDER BY {order} LIMIT {limit} OFFSET {offset}");
        Self { page, count, values: builder.values, count_values, backwards }
    }
}

/// The statement that counts the keys that match the filters of each query, and its values.
pub(super) fn counts<D: Dialect>(project_id: &str, queries: &[KeyQuery]) -> (String, Vec<Value>) {
    let mut builder = Builder::<D> { values: Vec::new(), dialect: PhantomData };
    let project = builder.bind(Value::Text(project_id.to_owned()));
    let mut columns = Vec::new();
    for query in queries {
        let filters: Vec<String> = query.filters.iter().map(|filter| builder.filter(filter)).collect();
        columns.push(format!("count(*) FILTER (WHERE {})", joined(&filters, "AND")));
    }
    (format!("SELECT {} FROM keys WHERE keys.project_id = {project}", columns.join(", ")), builder.values)
}

/// The total, if it follows from the length of the page.
pub(super) fn known_total(query: &KeyQuery, rows: usize) -> Option<usize> {
    if !query.with_total {
        return Some(0);
    }
    if rows >= query.max_total {
        return Some(query.max_total);
    }
    // A page that is not full is the last one.
    let is_last = query.cursor.is_none() && rows < query.limit && (rows > 0 || query.offset == 0);
    is_last.then(|| query.offset.saturating_add(rows).min(query.max_total))
}

struct Builder<D> {
    values: Vec<Value>,
    dialect: PhantomData<D>,
}

impl<D: Dialect> Builder<D> {
    /// Stores a value and returns its placeholder, which can be used several times.
    fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        D::mark(self.values.len())
    }
}

/// Joins in halves: a plain chain of a thousand options would be nested a thousand levels deep.
fn joined(parts: &[String], word: &str) -> String {
    match parts {
        [] => (if word == "AND" { "TRUE" } else { "FALSE" }).to_owned(),
        [only] => only.clone(),
        _ => {
            let (left, right) = parts.split_at(parts.len() / 2);
            format!("({} {word} {})", joined(left, word), joined(right, word))
        }
    }
}

/// The column of an attribute, with its table, because SQLite's `json_each` also has an `id`.
fn column<D: Dialect>(attribute: KeyAttribute) -> &'static str {
    match attribute {
        KeyAttribute::Expire => "keys.expires_at",
        KeyAttribute::AccessedAt => "keys.accessed_at",
        KeyAttribute::Name => "keys.name",
        KeyAttribute::Scopes => "keys.scopes",
        KeyAttribute::Id => "keys.id",
        KeyAttribute::CreatedAt => "keys.created_at",
        KeyAttribute::UpdatedAt => "keys.updated_at",
        KeyAttribute::Sequence => "keys.sequence",
        KeyAttribute::Hint => "keys.hint",
        KeyAttribute::Enabled => D::ENABLED,
        KeyAttribute::ExposedAt => "keys.exposed_at",
        KeyAttribute::End => "coalesce(keys.expires_at, 9223372036854775807)",
        KeyAttribute::ScopeCount => D::SCOPE_COUNT,
    }
}

/// The column for searching and sorting a text without regard to case. Ids and the letters of hints are ASCII, which every database folds in the same way.
fn folded_column(attribute: KeyAttribute) -> Option<&'static str> {
    match attribute {
        KeyAttribute::Name => Some("keys.name_folded"),
        KeyAttribute::Id => Some("lower(keys.id)"),
        KeyAttribute::Hint => Some("lower(keys.hint)"),
        _ => None,
    }
}

fn is_nullable(attribute: KeyAttribute) -> bool {
    matches!(attribute, KeyAttribute::Expire | KeyAttribute::AccessedAt | KeyAttribute::ExposedAt)
}
