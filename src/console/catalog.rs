//! The catalog of the server. Pages and components take it from here and never choose one.
//!
//! The console has the built-in catalog inside. The first answer that it asks for (`GET /v1/setup`) names a custom catalog by its tag; only
//! then the console fetches that one, and the pages that judge scopes wait for it.

use leptos::{prelude::*, task::spawn_local};

use super::client::{self, ClientError};
use crate::scope::Catalog;

/// A catalog that pages judge by. Two are equal if they are the same value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Served(&'static Catalog);

impl PartialEq for Served {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// What is known about the server's catalog.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum CatalogState {
    /// Not here yet.
    Waiting,
    /// This is the one.
    Ready(Served),
    /// It cannot be fetched or read.
    Failed(ClientError),
}

/// The catalog of the server.
#[derive(Clone, Copy)]
pub(super) struct ServerCatalog {
    built_in: &'static Catalog,
    pub state: RwSignal<CatalogState>,
    /// What the server named last: the tag of a custom catalog, or the built-in one. `None` before its first answer.
    named: RwSignal<Option<Option<String>>>,
}

impl ServerCatalog {
    /// Waits for the server to name its catalog.
    pub fn new(built_in: &'static Catalog) -> Self {
        Self { built_in, state: RwSignal::new(CatalogState::Waiting), named: RwSignal::new(None) }
    }

    /// The server has named its catalog: the built-in one, or a custom one by its tag. A custom one that is not here is fetched.
    pub fn follow(self, tag: Option<String>) {
        let is_here = self.state.with_untracked(|state| !matches!(state, CatalogState::Failed(_)));
        let named = Some(tag);
        if is_here && self.named.with_untracked(|known| *known == named) {
            return;
        }
        let is_built_in = named == Some(None);
        self.named.set(named.clone());
        if is_built_in {
            self.state.set(CatalogState::Ready(Served(self.built_in)));
            return;
        }
        self.state.set(CatalogState::Waiting);
        spawn_local(async move {
            let found = client::catalog().await;
            // The server may have named another one in the meantime.
            if self.named.with_untracked(|known| *known == named) {
                self.state.set(match found {
                    Ok(catalog) => CatalogState::Ready(Served(Box::leak(Box::new(catalog)))),
                    Err(error) => CatalogState::Failed(error),
                });
            }
        });
    }
}

/// Makes the catalog known to a page.
pub(super) fn provide_catalog(catalog: Served) {
    provide_context(catalog);
}

/// The catalog of the server, on a page that waits for it ([`Page::needs_catalog`](super::route::Page::needs_catalog)).
pub(super) fn use_catalog() -> &'static Catalog {
    expect_context::<Served>().0
}
