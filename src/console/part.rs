//! The part of the console that is not in the first download: every page but those to sign in, the projects and the list of keys, and all
//! that judges scopes. The build puts what only [`Later`] leads to into a file of its own. It is
//! fetched once the first page is shown, or as soon as a page needs it.

use std::{future::Future, pin::Pin, time::Duration};

use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};

use super::{client::ClientError, route::Page};
use crate::scope::Catalog;

/// The first page has so long to be shown, and to ask for its data, before the part is fetched.
const REST: Duration = Duration::from_millis(250);

/// What the part has. Functions behind pointers, so that nothing else leads to their code.
#[derive(Clone, Copy)]
pub struct Later {
    /// The catalog of a server that names no other.
    pub(super) built_in: &'static Catalog,
    /// Reads the catalog that a server sends.
    pub(super) read_catalog: fn(&str) -> Result<Catalog, ClientError>,
    /// Any page that is in the part.
    pub(super) page: fn(Page) -> AnyView,
    /// What is done with the selected keys of the list, which provides them.
    pub(super) bulk: fn() -> AnyView,
}

/// The part cannot be fetched.
#[derive(Clone, Copy, Debug)]
pub struct PartError;

impl From<SplitLoaderError> for PartError {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// Fetches the part; once it is here, it is not fetched again.
pub type FetchPart = fn() -> Pin<Box<dyn Future<Output = Result<Later, PartError>>>>;

/// How far the part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartState {
    /// Not here yet.
    Waiting,
    /// Here.
    Ready,
    /// It cannot be fetched.
    Failed,
}

/// The part, and how far it is.
#[derive(Clone, Copy)]
pub(super) struct Part {
    fetch: FetchPart,
    pub state: RwSignal<PartState>,
    later: StoredValue<Option<Later>>,
}

impl Part {
    /// Fetches it once the first page is shown.
    pub fn start(fetch: FetchPart) -> Self {
        let part = Self { fetch, state: RwSignal::new(PartState::Waiting), later: StoredValue::new(None) };
        set_timeout(move || part.load(), REST);
        part
    }

    /// Fetches it now, unless it is here.
    pub fn load(self) {
        if self.state.get_untracked() == PartState::Ready {
            return;
        }
        self.state.set(PartState::Waiting);
        spawn_local(async move {
            let found = (self.fetch)().await;
            if self.state.get_untracked() == PartState::Ready {
                return;
            }
            self.later.set_value(found.ok());
            self.state.set(if found.is_ok() { PartState::Ready } else { PartState::Failed });
        });
    }

    /// What it has, if it is here.
    pub fn get(self) -> Option<Later> {
        self.state.track();
        self.later.get_value()
    }
}

/// The part that the application provides.
pub(super) fn use_part() -> Part {
    expect_context()
}
