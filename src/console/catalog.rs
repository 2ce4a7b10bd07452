//! The catalog that the console was started with. Pages and components take it from here and never choose one.

use leptos::prelude::*;

use crate::scope::Catalog;

/// The catalog, as a context for all pages.
#[derive(Clone, Copy)]
struct Started(&'static Catalog);

/// Makes the catalog known to all pages.
pub(super) fn provide_catalog(catalog: &'static Catalog) {
    provide_context(Started(catalog));
}

/// The catalog that the console was started with.
pub(super) fn use_catalog() -> &'static Catalog {
    expect_context::<Started>().0
}
