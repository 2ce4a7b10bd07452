//! How high the rows of lists are: the person's choice, kept in the browser.

use leptos::prelude::*;

use super::state::Density;

const STORAGE_KEY: &str = "scopewise-density";

/// The stored choice; each change is stored.
pub(super) fn start() -> RwSignal<Density> {
    let storage = window().local_storage().ok().flatten();
    let stored = storage.as_ref().and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
    let density = RwSignal::new(if stored.as_deref() == Some(Density::Compact.word()) { Density::Compact } else { Density::Normal });
    Effect::new(move |before: Option<Density>| {
        let density = density.get();
        if before.is_some_and(|before| before != density)
            && let Some(storage) = window().local_storage().ok().flatten()
        {
            drop(storage.set_item(STORAGE_KEY, density.word()));
        }
        density
    });
    density
}
