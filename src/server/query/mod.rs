//! List queries (contract §5): how they are read, what they mean, and how a list in memory answers them. Pure: knows neither
//! store nor HTTP.
//!
//! What [`page`] answers is what a list means. Stores that answer in SQL must answer the same; a test compares them with it.

mod filter;
mod page;
mod parse;

use std::{borrow::Cow, fmt};

use crate::scope::{DateTime, ScopeName};

pub(in crate::server) use filter::{Filter, Operand, Test};
pub use page::page;
pub(in crate::server) use page::{PRIME, Shuffle};
pub use parse::parse;

/// The largest page, and the largest total in an answer (contract §5).
pub const MAX_ROWS: usize = 5000;

/// What kind of value an attribute has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A point in time, or never.
    Date,
    /// A whole number.
    Number,
    /// Texts.
    List,
}

/// The value of an attribute of one row.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// A text.
    Text(&'a str),
    /// A point in time; `None` is "never".
    Date(Option<DateTime>),
    /// A whole number.
    Number(i64),
    /// Scopes, in their order.
    List(&'a [ScopeName]),
}

/// What the rows of one kind can be filtered and ordered by.
pub trait Attribute: Copy + Eq + fmt::Debug + Send + Sync + 'static {
    /// All of them, with their names in queries. `$sequence` is one of them.
    const ALL: &'static [(&'static str, Self, Kind)];
    /// Whether `select` is passed over rather than refused.
    const TAKES_SELECT: bool;

    /// Its name in queries.
    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, attribute, _)| *attribute == self).map_or("", |(name, _, _)| name)
    }
}

/// What can be listed.
pub trait Row {
    /// What it can be filtered and ordered by.
    type Attribute: Attribute;

    /// Its id.
    fn id(&self) -> &str;

    /// Its place in the order of creation; no two rows share one.
    fn sequence(&self) -> i64;

    /// The value of an attribute, of the kind that [`Attribute::ALL`] says.
    fn cell(&self, attribute: Self::Attribute) -> Cell<'_>;
}

/// What was asked for, as it was read. See [`parse`].
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedQuery<A> {
    filters: Vec<Filter<A>>,
    order: Vec<Order<A>>,
    limit: Option<usize>,
    offset: usize,
    cursor: Option<CursorId>,
}

/// What the one who answers adds.
#[derive(Clone, Copy, Debug)]
pub struct PageOptions {
    /// The size of a page where none was asked for.
    pub default_limit: usize,
    /// Whether the total is wanted.
    pub with_total: bool,
    /// Decides a random order.
    pub seed: u64,
}

/// A list that is asked for: which rows, in which order, and which part of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Query<R: Row> {
    /// All of them must pick a row.
    pub(in crate::server) filters: Vec<Filter<R::Attribute>>,
    /// The first that differs between two rows counts; where none does, the older row comes first.
    pub(in crate::server) order: Vec<Order<R::Attribute>>,
    /// At most [`MAX_ROWS`].
    pub(in crate::server) limit: usize,
    pub(in crate::server) offset: usize,
    pub(in crate::server) cursor: Option<Cursor<R>>,
    pub(in crate::server) with_total: bool,
    /// The total stops here.
    pub(in crate::server) max_total: usize,
    pub(in crate::server) seed: u64,
    /// Whether no index helps the filters.
    pub(in crate::server) scans: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Order<A> {
    By {
        attribute: A,
        descending: bool,
    },
    /// Counts after all others, wherever it stands.
    Random,
}

/// The row that a page begins behind, or ends in front of. It need not be one that the filters pick.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::server) struct Cursor<R> {
    pub row: R,
    pub before: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct CursorId {
    id: String,
    before: bool,
}

/// What a list answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<R> {
    /// How many rows the filters pick, at most [`MAX_ROWS`]; 0 where that was not asked for.
    pub total: usize,
    /// Those of this page.
    pub rows: Vec<R>,
}

/// Why a list cannot be given. The text of `Invalid` is read after "The parameter `queries` is not valid: it".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// It is not a query of such a list.
    #[error("{0}")]
    Invalid(String),
    /// There is no row with the id of the cursor.
    #[error("there is no entry `{0}` to begin at")]
    CursorMissing(String),
    /// Nothing stands before or after "never".
    #[error("the entry of the cursor has no `{0}`, by which the list is ordered")]
    CursorNull(&'static str),
}

fn invalid<T>(problem: impl Into<String>) -> Result<T, QueryError> {
    Err(QueryError::Invalid(problem.into()))
}

/// A text as it is found and ordered in any case.
pub fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// The text of a date with the `+` of its offset, which becomes a space where a query string or a form holds it as it is.
pub(in crate::server) fn with_plus(text: &str) -> Cow<'_, str> {
    let lost = || {
        let (time, offset) = text.rsplit_once(' ')?;
        let restored = format!("{time}+{offset}");
        restored.parse::<DateTime>().is_ok().then_some(restored)
    };
    if text.parse::<DateTime>().is_ok() { Cow::Borrowed(text) } else { lost().map_or(Cow::Borrowed(text), Cow::Owned) }
}

impl<A: Attribute> ParsedQuery<A> {
    /// The id of the row that the page begins or ends at.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_ref().map(|cursor| cursor.id.as_str())
    }

    /// The query, with the row of its [`ParsedQuery::cursor`], where that is one.
    ///
    /// # Errors
    /// [`QueryError::CursorMissing`] without that row, [`QueryError::CursorNull`] where the row has no value to begin at.
    pub fn resolve<R: Row<Attribute = A>>(self, row: Option<R>, options: PageOptions) -> Result<Query<R>, QueryError> {
        let cursor = match (self.cursor, row) {
            (None, _) => None,
            (Some(cursor), None) => return Err(QueryError::CursorMissing(cursor.id)),
            (Some(cursor), Some(row)) => {
                if let Some(null) = self.order.iter().find_map(|order| order.null_of(&row)) {
                    return Err(QueryError::CursorNull(null.name()));
                }
                Some(Cursor { row, before: cursor.before })
            }
        };
        Ok(Query {
            filters: self.filters,
            order: self.order,
            limit: self.limit.unwrap_or(options.default_limit).min(MAX_ROWS),
            offset: self.offset,
            cursor,
            with_total: options.with_total,
            max_total: MAX_ROWS,
            seed: options.seed,
            scans: false,
        })
    }
}

impl<A: Attribute> Order<A> {
    /// The attribute, where the row has no value for it.
    fn null_of<R: Row<Attribute = A>>(&self, row: &R) -> Option<A> {
        match self {
            Self::By { attribute, .. } if matches!(row.cell(*attribute), Cell::Date(None)) => Some(*attribute),
            Self::By { .. } | Self::Random => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_that_became_a_space_is_put_back() {
        for (text, expected) in [
            ("2030-12-31T23:59:59 00:00", "2030-12-31T23:59:59+00:00"),
            ("2030-12-31 23:59:59 0100", "2030-12-31 23:59:59+0100"),
            ("2030-12-31 23:59:59  0000", "2030-12-31 23:59:59 +0000"),
            ("Tue, 31 Dec 2030 23:59:59  0000", "Tue, 31 Dec 2030 23:59:59 +0000"),
            ("Tue Dec 31 23:59:59 2030", "Tue Dec 31 23:59:59 2030"),
            ("2030-12-31 23:59", "2030-12-31 23:59"),
            ("2030-12-31", "2030-12-31"),
            ("tomorrow 00:00", "tomorrow 00:00"),
            ("", ""),
        ] {
            assert_eq!(with_plus(text), expected, "{text}");
        }
    }
}
