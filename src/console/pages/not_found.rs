//! The page for unknown paths.

use leptos::prelude::*;

use crate::console::route::Page;

#[component]
pub(in crate::console) fn NotFoundPage() -> impl IntoView {
    view! {
        <div class="narrow">
            <h1 class="title" tabindex="-1">"Page not found"</h1>
            <p class="lead">"The address may be wrong, or the page may have been deleted."</p>
            <p><a class="button" data-kind="primary" href=Page::Projects.path()>"Go to your projects"</a></p>
        </div>
    }
}
