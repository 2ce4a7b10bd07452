//! The scope model: what a set of scopes allows, risks and lacks.
//!
//! Pure: no clock, no randomness, no I/O, no `cfg`. Everything is a function of a [`Catalog`] and a request;
//! time comes in as an argument. This room imports nothing else of the crate.

pub mod catalog;
mod check;
mod date;
mod name;
mod nearest;
mod report;
mod request;
mod rules;

pub use catalog::{Catalog, CatalogError, Operation, Scope, Tier};
pub use check::check;
pub use date::{DateTime, DateTimeError};
pub use name::{MAX_LENGTH as MAX_SCOPE_NAME_LENGTH, ScopeName, ScopeNameError};
pub use report::{Code, Diagnostic, Edit, Fix, Level, Report, apply_edits};
pub use request::{CheckRequest, Context, Expiry};
