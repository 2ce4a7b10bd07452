//! How high the rows of lists are: the person's choice, kept in the browser.

use leptos::prelude::*;

use super::{state::Density, storage};

const STORED: &str = "scopewise-density";

/// The stored choice; each change is stored.
pub(super) fn start() -> RwSignal<Density> {
    let is_compact = storage::read(STORED).as_deref() == Some(Density::Compact.word());
    let density = RwSignal::new(if is_compact { Density::Compact } else { Density::Normal });
    effect(move |before: Option<Density>| {
        let density = density.get();
        if before.is_some_and(|before| before != density) {
            storage::write(STORED, density.word());
        }
        density
    });
    density
}
