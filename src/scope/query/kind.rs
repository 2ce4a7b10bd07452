//! What can be asked, and how much of it at once.

use alloc::vec::Vec;
use core::str::FromStr;

use super::error::{RequestError, RequestErrorCode};
use crate::scope::support::text::{self, fill};

/// The longest request, in bytes.
pub const MAX_REQUEST_BYTES: usize = 1 << 20;
/// The longest list in a request. A key has at most 200 scopes; a longer list still gets a report that says so.
pub const MAX_REQUEST_ITEMS: usize = 1_000;

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Query {
    /// [`check()`](crate::scope::check()): a [`CheckRequest`](crate::scope::CheckRequest) gives a [`Report`](crate::scope::Report).
    Check,
    /// [`allows()`](crate::scope::allows()): an [`AllowsRequest`](crate::scope::AllowsRequest) gives a [`Verdict`](crate::scope::Verdict).
    Allows,
    /// [`suggest()`](crate::scope::suggest()): a [`SuggestRequest`](crate::scope::SuggestRequest) gives a [`Suggestion`](crate::scope::Suggestion).
    Suggest,
    /// [`reach()`](crate::scope::reach()): a [`ReachRequest`](crate::scope::ReachRequest) gives a [`Reach`](crate::scope::Reach).
    Reach,
    /// [`compare()`](crate::scope::compare()): a [`CompareRequest`](crate::scope::CompareRequest) gives a [`Comparison`](crate::scope::Comparison).
    Compare,
    /// [`migrate()`](crate::scope::migrate()): a [`MigrateRequest`](crate::scope::MigrateRequest) gives a [`Migration`](crate::scope::Migration).
    Migrate,
    /// The catalog, or a part of it: a [`CatalogRequest`](crate::scope::CatalogRequest) gives services, scopes, operations and editions.
    Catalog,
}

impl Query {
    /// Every call.
    pub const ALL: &[Self] = &[Self::Check, Self::Allows, Self::Suggest, Self::Reach, Self::Compare, Self::Migrate, Self::Catalog];

    /// The word for it in paths, commands and functions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Allows => "allows",
            Self::Suggest => "suggest",
            Self::Reach => "reach",
            Self::Compare => "compare",
            Self::Migrate => "migrate",
            Self::Catalog => "catalog",
        }
    }

    /// A small request, to show the form.
    pub fn example(self) -> &'static str {
        match self {
            Self::Check => r#"{"scopes":["rows.read"],"runsIn":"server"}"#,
            Self::Allows => r#"{"scopes":["rows.read"],"operation":"tablesDB.listRows"}"#,
            Self::Suggest => r#"{"operations":["tablesDB.listRows"]}"#,
            Self::Reach => r#"{"scopes":["rows.read"]}"#,
            Self::Compare => r#"{"before":["rows.read"],"after":["rows.read","rows.write"]}"#,
            Self::Migrate => r#"{"scopes":["execution.read"]}"#,
            Self::Catalog => r#"{"tier":"project"}"#,
        }
    }
}

impl FromStr for Query {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        Self::ALL.iter().find(|query| query.as_str() == text).copied().ok_or_else(|| {
            let calls = text::join(&Self::ALL.iter().map(|query| fill("`{}`", &[query.as_str()])).collect::<Vec<_>>(), ", ");
            RequestError::new(
                RequestErrorCode::UnknownCall,
                fill("there is no call {}", &[&text::quoted(text)]),
                fill("use one of {}", &[&calls]),
            )
        })
    }
}
