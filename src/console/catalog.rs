//! The catalog of the server. Pages and components take it from here and never choose one.
//!
//! The console has the built-in catalog inside, in the part that is not in the first download. The first answer that it asks for
//! (`GET /v1/setup`) names a custom catalog by its tag; only then the console fetches that one, and the pages that judge scopes wait for it.

use leptos::{prelude::*, task::spawn_local};

use super::{
    client::{self, ClientError},
    part::{Part, PartState},
};
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
    pub state: RwSignal<CatalogState>,
    /// What the server named last: the tag of a custom catalog, or the built-in one. `None` before its first answer.
    named: RwSignal<Option<Option<String>>>,
    /// The custom catalog, once it is here.
    text: RwSignal<Option<Result<String, ClientError>>>,
}

impl ServerCatalog {
    /// Waits for the server to name its catalog, and for the part that has the built-in one and reads a custom one.
    pub fn new(part: Part) -> Self {
        let catalog = Self { state: RwSignal::new(CatalogState::Waiting), named: RwSignal::new(None), text: RwSignal::new(None) };
        Effect::new(move |_| {
            let (Some(named), text) = (catalog.named.get(), catalog.text.get()) else { return };
            let state = match (part.get(), text) {
                (_, Some(Err(error))) => CatalogState::Failed(error),
                (None, _) if part.state.get() == PartState::Failed => CatalogState::Failed(ClientError::Part),
                (Some(later), _) if named.is_none() => CatalogState::Ready(Served(later.built_in)),
                (Some(later), Some(Ok(text))) => match (later.read_catalog)(&text) {
                    Ok(read) => CatalogState::Ready(Served(Box::leak(Box::new(read)))),
                    Err(error) => CatalogState::Failed(error),
                },
                _ => CatalogState::Waiting,
            };
            if catalog.state.with_untracked(|known| *known != state) {
                catalog.state.set(state);
            }
        });
        catalog
    }

    /// The server has named its catalog: the built-in one, or a custom one by its tag. A custom one that is not here is fetched.
    pub fn follow(self, tag: Option<String>) {
        let is_here = self.state.with_untracked(|state| !matches!(state, CatalogState::Failed(_)));
        let named = Some(tag);
        if is_here && self.named.with_untracked(|known| *known == named) {
            return;
        }
        let is_custom = named != Some(None);
        self.state.set(CatalogState::Waiting);
        self.text.set(None);
        self.named.set(named.clone());
        if is_custom {
            spawn_local(async move {
                let found = client::catalog().await;
                // The server may have named another one in the meantime.
                if self.named.with_untracked(|known| *known == named) {
                    self.text.set(Some(found));
                }
            });
        }
    }

    /// The catalog, if it is here.
    pub fn get(self) -> Option<Served> {
        match self.state.get() {
            CatalogState::Ready(served) => Some(served),
            _ => None,
        }
    }
}

impl Served {
    /// The catalog itself.
    pub fn catalog(self) -> &'static Catalog {
        self.0
    }
}

/// Makes the catalog known to a page.
pub(super) fn provide_catalog(catalog: Served) {
    provide_context(catalog);
}

/// The catalog of the server, also on a page that does not wait for it.
pub(super) fn use_server_catalog() -> ServerCatalog {
    expect_context()
}

/// The catalog of the server, on a page that waits for it ([`Page::needs_catalog`](super::route::Page::needs_catalog)).
pub(super) fn use_catalog() -> &'static Catalog {
    expect_context::<Served>().0
}
