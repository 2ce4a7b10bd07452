//! What the console's table of keys asks for, as a list query.

use super::{KeyAttribute, KeyQuery};
use crate::{
    api::{KeyFilter, KeySort},
    scope::DateTime,
    server::query::{Filter, Operand, Order, Test, folded},
};

/// A part of the table.
#[derive(Clone, Debug)]
pub struct KeySearch<'a> {
    /// Every word of it is in the name, the id, the hint or a scope of a key.
    pub text: &'a str,
    /// Which keys are listed.
    pub filter: KeyFilter,
    /// What they are sorted by.
    pub sort: KeySort,
    /// Whether the last comes first.
    pub descending: bool,
    /// How many keys come before the part.
    pub offset: usize,
    /// How many keys the part has at the most.
    pub limit: usize,
    /// The sensitive scopes of the catalog.
    pub sensitive: &'a [String],
    /// The current time.
    pub now: DateTime,
}

/// A search, and the filter for sensitive scopes, read every key; they stop counting here.
const MAX_COUNTED: usize = 10_000;

/// More words than this narrow no search further.
const MAX_WORDS: usize = 8;

impl KeySearch<'_> {
    /// The query.
    pub fn query(&self) -> KeyQuery {
        let mut filters: Vec<Filter<KeyAttribute>> = self.text.split_whitespace().take(MAX_WORDS).map(found).collect();
        let scans = !filters.is_empty() || self.filter == KeyFilter::Sensitive;
        filters.extend(picked(self.filter, self.sensitive, self.now));
        let by = |attribute| Order::By { attribute, descending: self.descending };
        let sorted = match self.sort {
            KeySort::Created => KeyAttribute::CreatedAt,
            KeySort::Name => KeyAttribute::Name,
            KeySort::Scopes => KeyAttribute::ScopeCount,
            KeySort::Expires => KeyAttribute::End,
            KeySort::Used => KeyAttribute::AccessedAt,
        };
        KeyQuery {
            filters,
            order: vec![by(sorted), by(KeyAttribute::Sequence)],
            limit: self.limit,
            offset: self.offset,
            cursor: None,
            with_total: true,
            max_total: if scans { MAX_COUNTED } else { usize::MAX },
            seed: 0,
            scans,
        }
    }
}

/// A query whose filters find the keys of one filter.
pub fn filtered(filter: KeyFilter, now: DateTime) -> KeyQuery {
    let (text, sensitive, sort) = ("", &[], KeySort::Created);
    KeySearch { text, filter, sort, descending: false, offset: 0, limit: 0, sensitive, now }.query()
}

/// Whether a word is in a key.
fn found(word: &str) -> Filter<KeyAttribute> {
    let word = folded(word);
    let contains = |attribute| Filter::Test { attribute, test: Test::Contains { parts: vec![word.clone()], negated: false } };
    Filter::Or(vec![
        contains(KeyAttribute::Name),
        contains(KeyAttribute::Id),
        contains(KeyAttribute::Hint),
        Filter::Test { attribute: KeyAttribute::Scopes, test: Test::AnyHasPart(word.clone()) },
    ])
}

/// The rules of a filter, as in [`KeyStatus::of`](crate::key::KeyStatus::of). All of them must pick a key.
fn picked(filter: KeyFilter, sensitive: &[String], now: DateTime) -> Vec<Filter<KeyAttribute>> {
    let test = |attribute, test| Filter::Test { attribute, test };
    let enabled = || test(KeyAttribute::Enabled, Test::Greater(Operand::Number(0)));
    let until = |days: i64| Operand::Number(now.plus_milliseconds(days * 86_400_000).unix_milliseconds());
    match filter {
        KeyFilter::All => vec![],
        KeyFilter::Active => vec![enabled(), test(KeyAttribute::End, Test::Greater(until(0)))],
        KeyFilter::Expiring => vec![
            enabled(),
            test(KeyAttribute::End, Test::Greater(until(0))),
            test(KeyAttribute::End, Test::Less(until(crate::key::EXPIRES_SOON_DAYS))),
        ],
        KeyFilter::Expired => vec![enabled(), test(KeyAttribute::End, Test::LessEqual(until(0)))],
        KeyFilter::Disabled => vec![test(KeyAttribute::Enabled, Test::Less(Operand::Number(1)))],
        KeyFilter::Exposed => vec![test(KeyAttribute::ExposedAt, Test::Null(false))],
        KeyFilter::NeverUsed => vec![test(KeyAttribute::AccessedAt, Test::Null(true))],
        KeyFilter::NeverExpires => vec![test(KeyAttribute::Expire, Test::Null(true))],
        KeyFilter::Sensitive => {
            vec![test(KeyAttribute::Scopes, Test::Contains { parts: sensitive.to_vec(), negated: false })]
        }
    }
}
