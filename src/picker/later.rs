//! What a person cannot need as soon as the picker is shown. An embedder can fetch it afterwards: nothing but [`LATER`] leads there from what
//! is shown first, and it holds functions behind pointers.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    calls, matrix, opens, paste,
    picker::{Picker, SearchIndex},
    search_index::find,
    service, share,
    state::{Found, Index, Query, Text},
};
use crate::scope::{Catalog, CatalogError, CheckRequest, Report, check};

/// What is not shown first.
pub struct Later {
    /// Reads a catalog.
    pub read_catalog: fn(&str) -> Result<Catalog, Vec<CatalogError>>,
    /// Checks a request that says what the code will call.
    pub(super) check: fn(&Catalog, &CheckRequest) -> Report,
    /// The index of the catalog, which is made at the first time.
    pub(super) index: fn(Picker) -> Arc<Index>,
    /// Searches.
    pub(super) find: fn(SearchIndex, &Catalog, &Query) -> Found,
    /// Why a scope is found.
    pub(super) opened: fn(Picker, usize, usize) -> AnyView,
    pub(super) matrix: fn(Picker) -> AnyView,
    pub(super) calls: fn(Picker) -> AnyView,
    pub(super) planned: fn(Picker) -> AnyView,
    pub(super) paste: fn(Picker) -> AnyView,
    pub(super) share: fn(Picker) -> AnyView,
    pub(super) opens: fn(Picker, &[usize]) -> AnyView,
}

/// All of it.
pub static LATER: Later = Later {
    read_catalog: Catalog::from_json,
    check,
    index: Picker::index,
    find,
    opened: service::opened,
    matrix: matrix::view,
    calls: calls::view,
    planned: calls::planned,
    paste: paste::view,
    share: share::view,
    opens: opens::view,
};

/// How far that is.
#[derive(Clone, Copy)]
pub enum LaterState {
    /// Not here yet.
    Waiting,
    /// Here.
    Ready(&'static Later),
    /// It cannot be fetched. The embedder fetches it again when a person asks for it, with a button that has the attribute `data-again`.
    Failed,
}

impl Picker {
    /// A view of it, once it is here.
    pub(super) fn later(self, view: impl Fn(&'static Later) -> AnyView + Send + 'static) -> AnyView {
        shown(self, Box::new(view))
    }
}

fn shown(picker: Picker, view: Box<dyn Fn(&'static Later) -> AnyView + Send>) -> AnyView {
    let shown = move || match picker.inputs.later.get() {
        LaterState::Ready(later) => untrack(|| view(later)),
        LaterState::Waiting => ().into_any(),
        LaterState::Failed => view! {
            <p class="picker-hidden" part="note" role="status">
                {picker.text(Text::NotLoaded)}
                <button type="button" class="button" part="button" data-kind="quiet" data-again="">{picker.text(Text::LoadAgain)}</button>
            </p>
        }
        .into_any(),
    };
    shown.into_any()
}
