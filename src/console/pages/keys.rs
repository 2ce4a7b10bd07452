//! The API keys of a project.

use leptos::prelude::*;

use super::{key_list::KeyList, project_names::crumbs_to_keys};
use crate::console::{
    components::{CopyLine, Crumbs},
    route::Page,
};

#[component]
pub(in crate::console) fn KeysPage(project: String) -> impl IntoView {
    let create = Page::KeyCreate { project: project.clone() };
    let crumbs = crumbs_to_keys(&project, true);
    let connect = project.clone();
    view! {
        <Crumbs steps=crumbs />
        <div class="page-head">
            <h1 class="title" tabindex="-1">"API keys"</h1>
            <details class="connect">
                <summary class="button">"Connection"</summary>
                <div class="menu">
                    <CopyLine label="Endpoint" text=Signal::stored(endpoint()) what="endpoint" />
                    <CopyLine label="Project ID" text=Signal::stored(connect) what="project ID" />
                </div>
            </details>
            <a class="button" data-kind="primary" href=create.path()>"Create API key"</a>
        </div>
        <KeyList project />
    }
}

/// The endpoint to set in an SDK.
pub(super) fn endpoint() -> String {
    format!("{}/v1", window().location().origin().unwrap_or_default())
}
