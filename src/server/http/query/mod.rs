//! Owns list queries (contract §5): how they are read, and what they pick. Pure: knows neither store nor HTTP.

mod filter;
mod page;
mod parse;

use crate::scope::DateTime;

pub(in crate::server) use page::{Page, page};
pub(in crate::server) use parse::{Schema, parse};

/// What kind of value an attribute has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Kind {
    Text,
    Date,
    Number,
    List,
}

/// The value of an attribute of one row.
#[derive(Clone, Copy, Debug)]
pub(in crate::server) enum Cell<'a> {
    Text(&'a str),
    /// `None` is "never".
    Date(Option<DateTime>),
    Number(i64),
    List(&'a [String]),
}

/// What can be listed. `cell` is asked for attributes of the row's [`Schema`] only.
pub(in crate::server) trait Row {
    fn id(&self) -> &str;
    fn sequence(&self) -> i64;
    fn cell(&self, attribute: &str) -> Cell<'_>;
}

/// What a list is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::server) struct Query {
    filters: Vec<filter::Filter>,
    order: Vec<Order>,
    limit: Option<usize>,
    offset: usize,
    cursor: Option<Cursor>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Order {
    By { attribute: String, descending: bool },
    Random,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cursor {
    id: String,
    before: bool,
}

/// Why a list cannot be given. The text of `Invalid` is read after "The parameter `queries` is not valid: it".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::server) enum QueryError {
    #[error("{0}")]
    Invalid(String),
    #[error("there is no entry `{0}` to begin at")]
    CursorMissing(String),
    #[error("the entry of the cursor has no `{0}`, by which the list is ordered")]
    CursorNull(String),
}

fn invalid<T>(problem: impl Into<String>) -> Result<T, QueryError> {
    Err(QueryError::Invalid(problem.into()))
}
