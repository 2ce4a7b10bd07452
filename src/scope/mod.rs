//! The scope model: what a set of scopes allows, risks and lacks.
//!
//! Pure: no clock, no randomness, no I/O, no `cfg`. Everything is a function of a [`Catalog`] and a request;
//! time comes in as an argument. This room imports nothing else of the crate.

mod allows;
mod ask;
mod bits;
mod call;
pub mod catalog;
mod check;
mod compare;
mod cover;
mod date;
mod explain;
mod finding;
mod grant;
mod json;
mod migrate;
mod moves;
mod name;
mod nearest;
mod operation;
mod order;
mod plan;
mod reach;
mod read;
mod report;
mod request;
mod request_error;
mod rules;
mod suggest;
mod text;
mod write;

pub use allows::{Verdict, allows};
pub use ask::{AllowsRequest, CatalogRequest, CompareRequest, ReachRequest};
pub use call::{Call, MAX_REQUEST_BYTES, MAX_REQUEST_ITEMS, answer, texts};
pub use catalog::{Catalog, CatalogError, Edition, Operation, Scope, Tier};
pub use check::check;
pub use compare::{Comparison, compare};
pub use date::{DateTime, DateTimeError};
pub use explain::Explanation;
pub use grant::Grant;
pub use migrate::{Action, MigrateRequest, Migration, Step, migrate};
pub use name::{MAX_LENGTH as MAX_SCOPE_NAME_LENGTH, ScopeName, ScopeNameError};
pub use nearest::nearest_word;
pub use reach::{Reach, Way, reach};
pub use report::{Code, Diagnostic, Edit, Fix, Level, Report, apply_edits};
pub use request::{CheckRequest, Context, Expiry, Strictness};
pub use request_error::{RequestError, RequestErrorCode};
pub use rules::EXPIRES_SOON_DAYS;
pub use suggest::{Opened, SuggestRequest, Suggestion, suggest};
pub use text::quoted;
pub use write::to_json;

#[cfg(test)]
mod dice;
