//! The catalog of a picker.

use std::{ops::Deref, sync::Arc};

use crate::scope::Catalog;

/// A catalog that belongs to the program, or that pickers share and the last of them frees.
#[derive(Clone, Debug)]
pub enum PickerCatalog {
    /// Part of the program.
    Fixed(&'static Catalog),
    /// Freed with its last user.
    Shared(Arc<Catalog>),
}

impl Deref for PickerCatalog {
    type Target = Catalog;

    fn deref(&self) -> &Catalog {
        match self {
            Self::Fixed(catalog) => catalog,
            Self::Shared(catalog) => catalog,
        }
    }
}

impl From<&'static Catalog> for PickerCatalog {
    fn from(catalog: &'static Catalog) -> Self {
        Self::Fixed(catalog)
    }
}

impl From<Catalog> for PickerCatalog {
    fn from(catalog: Catalog) -> Self {
        Self::Shared(Arc::new(catalog))
    }
}
