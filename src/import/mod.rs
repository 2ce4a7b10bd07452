//! Makes a catalog of another format: OpenAPI, Google's discovery documents, Microsoft Graph's permissions, GitHub's app permissions.
//!
//! Pure functions from texts to a catalog and a report. Each format becomes the same [`draft`], in which names are as the document has
//! them; [`assemble`] makes the catalog. Whatever is in doubt is read as closed and reported. [`lint()`] finds what is
//! doubtful in any catalog, [`diff()`] compares two, and [`export`] writes one in
//! other forms.

mod assemble;
mod diff;
mod document;
mod draft;
mod editions;
mod error;
mod export;
mod findings;
mod formats;
mod github;
mod google;
mod graph;
mod json;
mod lint;
mod names;
mod needs;
mod node;
mod openapi;
mod options;
mod overlay;
mod paths;
mod routes;
mod scopes;
mod text;
mod whole;
mod yaml;

pub use assemble::{Imported, import};
pub use diff::{Access, Change, Changed, Difference, Items, Who, diff};
pub use error::ImportError;
pub use export::{markdown, openapi as to_openapi};
pub use findings::{Code, Finding, ReadFrom, Report, Summary};
pub use lint::{Remark, Rule, Severity, lint};
pub use node::Place;
pub use options::{Format, Ids, Options, ScopeSource, Several, Source};
