//! The index of the search: made when it is needed, or before, while nothing else is to be done.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    later::{Later, LaterState},
    paint::{after_paint, when_idle},
    picker::{Picker, SearchIndex},
    state::{Found, Index, Query},
};
use crate::scope::Catalog;

impl Picker {
    /// Prepares the search once the picker is painted, while nothing else is to be done.
    pub(super) fn prepare_search(self) {
        effect(move |_| {
            if let LaterState::Ready(later) = self.inputs.later.get() {
                after_paint(move || self.prepare(later));
            }
        });
    }

    /// First the index, then what the catalog needs to read spellings, which a search like this one makes.
    fn prepare(self, later: &'static Later) {
        when_idle(move || match self.index.try_get_value().map(|index| index.is_some()) {
            Some(false) => {
                drop((later.index)(self));
                self.prepare(later);
            }
            Some(true) => drop(Query::of("a.b").map(|query| (later.find)(self.index, &self.catalog(), &query))),
            // The picker is gone.
            None => {}
        });
    }

    /// The index of the catalog, which is made at the first time.
    pub(super) fn index(self) -> Arc<Index> {
        index_of(self.index, &self.catalog())
    }
}

/// Everything that a query finds.
pub(super) fn find(index: SearchIndex, catalog: &Catalog, query: &Query) -> Found {
    index_of(index, catalog).find(catalog, query)
}

/// The index of the catalog, which is made at the first time.
fn index_of(index: SearchIndex, catalog: &Catalog) -> Arc<Index> {
    index.get_value().unwrap_or_else(|| {
        let made = Arc::new(Index::new(catalog));
        index.set_value(Some(made.clone()));
        made
    })
}
