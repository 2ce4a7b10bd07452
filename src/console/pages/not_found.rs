//! Nowhere.

use leptos::prelude::*;

use crate::console::route::Page;

#[component]
pub(in crate::console) fn NotFoundPage() -> impl IntoView {
    view! {
        <div class="narrow">
            <h1 class="title" tabindex="-1">"There is nothing here"</h1>
            <p class="lead">"The address may be misspelled, or what stood here was deleted."</p>
            <p><a class="button" data-kind="primary" href=Page::Projects.path()>"Go to your projects"</a></p>
        </div>
    }
}
