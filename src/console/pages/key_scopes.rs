//! The scopes of a key, to read.

use leptos::prelude::*;

use crate::{
    picker::state::{Strings, can_pile, sensitive_reason, visible},
    scope::Catalog,
};

/// One line for each scope, in the order of the catalog, and the button that opens the picker.
#[component]
pub(super) fn ScopeLines(
    catalog: &'static Catalog,
    #[prop(into)] scopes: Signal<Vec<String>>,
    /// The edition that the key is for.
    edition: Signal<Option<String>>,
    on_edit: Callback<()>,
) -> impl IntoView {
    let line = move |name: &String| {
        let known = catalog.scope(name);
        let about = known.map_or_else(|| "Not in the catalog.".to_owned(), |scope| scope.description.clone());
        let marks =
            known.is_some_and(|scope| scope.deprecated).then(|| view! { <span class="tag" data-tone="warning">"Deprecated"</span> });
        let reason = known
            .and_then(|scope| edition.with(|edition| sensitive_reason(&Strings::default(), catalog, scope, edition.as_deref())))
            .map(|reason| view! { <span class="scope-why">{reason}</span> });
        view! {
            <li class="scope-line-read">
                <span class="scope-line" data-piles=can_pile(name).then_some("")><code class="scope-name" dir="auto">{visible(name)}</code>{marks}</span>
                <span class="scope-about">{visible(&about)}{reason}</span>
            </li>
        }
    };
    let lines = move || scopes.with(|scopes| scopes.iter().map(line).collect_view());
    view! {
        <div class="page-head">
            <h3 class="section-title">{move || scopes.with(|scopes| crate::scope::counted(scopes.len(), "scope"))}</h3>
            <button type="button" class="button" on:click=move |_| on_edit.run(())>"Edit scopes"</button>
        </div>
        <p class="empty-text" hidden=move || !scopes.with(Vec::is_empty)>
            "The key has no scopes: it opens only operations that need none."
        </p>
        <ul class="scope-lines">{lines}</ul>
    }
    .into_any()
}
