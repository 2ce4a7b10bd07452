//! Which services, scopes, operations and editions exist, as data.

mod alternative;
mod entries;
mod includes;
mod index;
mod links;
mod lookup;
mod misspelt;
pub(super) mod name;
mod parse;
mod path_faults;
mod reading;
pub(super) mod recognize;
mod route;
mod spelling;
mod table;
mod usual;
mod verbs;

use alloc::boxed::Box;

use once_cell::race::OnceBox;

pub use alternative::Alternative;
pub use entries::{Edition, Escalation, Open, Operation, Scope, Sensitivity, Service, Tier, TrailingSlash};
pub use lookup::Catalog;
pub(super) use misspelt::nearest_scope;
pub use name::{MAX_LENGTH as MAX_SCOPE_NAME_LENGTH, ScopeName, ScopeNameError};
pub use parse::CatalogError;
pub(super) use recognize::Meaning;
pub use verbs::alike;

impl Catalog {
    /// The built-in catalog: every scope and operation of Appwrite, read at the first call.
    pub fn appwrite() -> &'static Self {
        static CATALOG: OnceBox<Catalog> = OnceBox::new();
        CATALOG.get_or_init(|| Box::new(Self::built_in()))
    }

    /// The built-in catalog, once more.
    pub fn built_in() -> Self {
        table::catalog()
    }
}
