//! The scope model: what a set of scopes allows, risks and lacks.
//!
//! Pure: no clock, no randomness, no I/O, no `cfg`. Everything is a function of a [`Catalog`] and a request; time comes in as an
//! argument. This room imports nothing else of the crate. Its folders, of which each imports only those before it:
//!
//! | folder | what it holds |
//! |---|---|
//! | `support` | dates, bit sets, sorting, nearest names, the hitting set, texts |
//! | `json` | reading, decoding and encoding JSON; the macros that declare a type of the wire |
//! | `catalog` | services, scopes, operations and editions, and how they are found |
//! | `access` | what scopes open, and which to grant |
//! | `check` | the report: context, rules, diagnostics |
//! | `query` | the questions, and their one dispatch from JSON to JSON |

mod access;
pub mod catalog;
mod check;
mod json;
mod query;
mod support;

pub use access::{Grant, Prefer};
pub use catalog::{
    Alternative, Catalog, CatalogError, Edition, MAX_SCOPE_NAME_LENGTH, Open, Operation, Scope, ScopeName, ScopeNameError, Tier,
    TrailingSlash,
};
pub use check::{
    CheckRequest, Code, Diagnostic, EXPIRES_SOON_DAYS, Edit, Enforcement, Expiry, Explanation, Fix, Level, Report, Runtime, apply_edits,
    check, check_scopes,
};
pub use json::to_json;
pub use query::{
    Action, AllowsRequest, CatalogRequest, CompareRequest, Comparison, EscalationPath, MAX_REQUEST_BYTES, MAX_REQUEST_ITEMS,
    MigrateRequest, Migration, Opened, Query, Reach, ReachRequest, RequestError, RequestErrorCode, Step, SuggestRequest, Suggestion,
    Verdict, allows, answer, compare, migrate, reach, suggest, verdicts,
};
#[cfg(test)]
pub(crate) use support::dice::Dice;
pub use support::{DateTime, DateTimeError, Keeper, counted, nearest_word, quoted};
