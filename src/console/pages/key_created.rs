//! A new key: its secret, shown once, and how to use it. Only this page holds the secret, and it is gone when the page is left.

use leptos::prelude::*;

use super::{keys::endpoint, project_names::crumbs_to_keys};
use crate::{
    api::Key,
    console::{
        catalog::use_catalog,
        components::{Crumb, Crumbs, SecretPanel, Snippets},
        route::Page,
        router::{Guard, use_router},
    },
    key::hint,
};

const NOT_COPIED: Guard = Guard {
    title: "Leave without the secret?",
    text: "You have not copied the secret, and you cannot see it again. Without it, the key cannot be used.",
    leave: "Leave without it",
};

#[component]
pub(super) fn KeyCreated(project: String, key: Key) -> impl IntoView {
    let router = use_router();
    router.set_guard(Some(NOT_COPIED));
    on_cleanup(move || router.set_guard(None));
    let on_copied = Callback::new(move |()| router.set_guard(None));
    let mut crumbs = crumbs_to_keys(&project, false);
    crumbs.push(Crumb::here(Signal::stored("Create".to_owned())));
    let hint = hint(&key.secret);
    let page = Page::Key { project: project.clone(), key: key.id };
    let done = move |_| {
        // The back button then leads to the list, not to an empty form.
        router.replace(page.clone());
    };
    view! {
        <Crumbs steps=crumbs />
        <h1 class="title" tabindex="-1">"API key created"</h1>
        <p class="lead"><bdi>{key.name}</bdi>" is ready to use."</p>
        <div class="created">
            <SecretPanel secret=key.secret.clone() hint=hint.clone() on_copied />
            <Snippets catalog=use_catalog() endpoint=endpoint() project secret=key.secret hint on_stored=on_copied />
            <p><button type="button" class="button" data-kind="primary" on:click=done>"I have stored the secret"</button></p>
        </div>
    }
}
