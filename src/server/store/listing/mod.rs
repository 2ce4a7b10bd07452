//! How a list of keys is asked for in SQL: one translation of a [`KeyQuery`], and a [`Dialect`] for what the databases say in
//! words of their own. What was sent reaches a database as bound values only.
//!
//! The answer is exactly that of [`query::page`](crate::server::query::page): texts are compared by their bytes, case is folded by
//! this program alone (`name_folded`), nothing comes before everything, and equal keys keep the order of their creation.

mod filter;
mod order;

use std::marker::PhantomData;

use super::{KeyAttribute, KeyQuery};
use crate::{scope::ScopeName, server::query::MAX_ROWS};

/// A value to bind.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Bytes(Vec<u8>),
    Texts(Vec<String>),
    Integers(Vec<i64>),
}

/// What each database says in its own words. Every answer is a piece of SQL; a `mark` stands for a bound value.
pub(super) trait Dialect {
    /// Whether texts can hold a zero character.
    const HOLDS_ZERO: bool;

    /// The bound value of this number, from 1.
    fn mark(number: usize) -> String;

    /// Whether the column is one of the bound list.
    fn is_one_of(column: &str, mark: &str) -> String;

    /// Whether the text has the bound part.
    fn has_part(column: &str, mark: &str) -> String;

    /// Whether the text has any part of the bound list.
    fn has_any_part(column: &str, mark: &str) -> String;

    /// Whether the text has all parts of the bound list.
    fn has_all_parts(column: &str, mark: &str) -> String;

    /// Whether the text ends with this part, which is not empty.
    fn ends_with(column: &str, part: &str, bind: impl FnMut(Value) -> String) -> String;

    /// Whether the column, a list, has any text of the bound list.
    fn lists_any(column: &str, mark: &str) -> String;

    /// Whether the column, a list, has all texts of the bound list.
    fn lists_all(column: &str, mark: &str) -> String;

    /// What to order by, so that a column of lists is ordered by their first difference.
    fn list_order(column: &str) -> String;

    /// The value that [`Dialect::list_order`] has for this list.
    fn list_order_of(list: &[ScopeName]) -> Value;
}

/// The statements that answer a query.
pub(super) struct Listing {
    /// Asks for the sequences of the page's keys, in the order of the page, or backwards. With all `values`.
    pub page: String,
    /// Counts what the filters pick, up to [`MAX_ROWS`]. With the first `count_values` of the values.
    pub count: String,
    pub values: Vec<Value>,
    pub count_values: usize,
    /// Whether the page comes backwards.
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
        let count = format!("SELECT count(*) FROM (SELECT 1 FROM keys WHERE {picked} LIMIT {MAX_ROWS}) AS picked");
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

/// The total, where the length of the page tells it.
pub(super) fn known_total(query: &KeyQuery, rows: usize) -> Option<usize> {
    if !query.with_total {
        return Some(0);
    }
    if rows >= MAX_ROWS {
        return Some(MAX_ROWS);
    }
    // A page that is not full is the last one.
    let is_last = query.cursor.is_none() && rows < query.limit && (rows > 0 || query.offset == 0);
    is_last.then(|| query.offset.saturating_add(rows).min(MAX_ROWS))
}

struct Builder<D> {
    values: Vec<Value>,
    dialect: PhantomData<D>,
}

impl<D: Dialect> Builder<D> {
    /// Keeps a value; the answer stands for it, as often as it is used.
    fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        D::mark(self.values.len())
    }
}

/// Joined in halves: a chain of a thousand options would be nested a thousand deep.
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

/// The column of an attribute, with its table: SQLite's `json_each` has an `id` too.
fn column(attribute: KeyAttribute) -> &'static str {
    match attribute {
        KeyAttribute::Expire => "keys.expires_at",
        KeyAttribute::AccessedAt => "keys.accessed_at",
        KeyAttribute::Name => "keys.name",
        KeyAttribute::Scopes => "keys.scopes",
        KeyAttribute::Id => "keys.id",
        KeyAttribute::CreatedAt => "keys.created_at",
        KeyAttribute::UpdatedAt => "keys.updated_at",
        KeyAttribute::Sequence => "keys.sequence",
    }
}

/// A text as it is found and ordered in any case. Ids are ASCII, which every database folds alike.
fn folded_column(attribute: KeyAttribute) -> Option<&'static str> {
    match attribute {
        KeyAttribute::Name => Some("keys.name_folded"),
        KeyAttribute::Id => Some("lower(keys.id)"),
        _ => None,
    }
}

fn is_nullable(attribute: KeyAttribute) -> bool {
    matches!(attribute, KeyAttribute::Expire | KeyAttribute::AccessedAt)
}
