//! What can be done with a key without opening its page, and its exact expiry.

use std::sync::Arc;

use leptos::prelude::*;

use super::copy::CopyButton;
use crate::{
    api::KeyDetails,
    console::{clock, route::Page},
};

#[component]
pub(super) fn KeyMenu(
    project: String,
    key: Arc<KeyDetails>,
    /// Closes the menu.
    on_close: Callback<()>,
    on_switch: Callback<Arc<KeyDetails>>,
    on_delete: Callback<Arc<KeyDetails>>,
) -> impl IntoView {
    let id = key.key.id.clone();
    let path = Page::Key { project, key: id.clone() }.path();
    let expires = key.key.expire.0.map_or_else(|| "Never expires".to_owned(), |at| format!("Expires {}", clock::long(at)));
    let label = if key.enabled { "Disable key" } else { "Enable key" };
    let deleted = key.clone();
    let run = move |act: Callback<Arc<KeyDetails>>, key: &Arc<KeyDetails>| {
        let key = key.clone();
        on_close.run(());
        act.run(key);
    };
    view! {
        <div class="menu">
            <p>{expires}</p>
            <p class="row"><code>{id.clone()}</code><CopyButton text=Signal::stored(id) what="key ID" /></p>
            <a class="button" href=path.clone()>"Open"</a>
            <a class="button" href=format!("{path}?rotate")>"Rotate secret"</a>
            <button type="button" class="button" on:click=move |_| run(on_switch, &key)>{label}</button>
            <button type="button" class="button" data-kind="danger" on:click=move |_| run(on_delete, &deleted)>"Delete key"</button>
        </div>
    }
}
