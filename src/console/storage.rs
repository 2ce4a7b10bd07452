//! What the browser keeps between visits: the theme, the density of lists, whether shortcuts are on, and presets of scopes. Nothing
//! secret.

use leptos::prelude::*;

fn local() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// What is stored under a name.
pub(super) fn read(name: &str) -> Option<String> {
    local()?.get_item(name).ok().flatten()
}

/// Stores a text; false if the browser refuses.
pub(super) fn write(name: &str, text: &str) -> bool {
    local().is_some_and(|storage| storage.set_item(name, text).is_ok())
}
