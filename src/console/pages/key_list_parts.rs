//! Parts of the list of keys: its orders, its pages, and what is shown instead of it.

use leptos::prelude::*;

use crate::{
    api::KeySort,
    console::{
        route::Page,
        state::{PAGE_ROWS, Rows, number, visible},
    },
    scope::Catalog,
};

/// Orders, for windows that are too narrow for the head of each column.
pub(super) const SORTS: [(KeySort, &str); 5] = [
    (KeySort::Created, "Newest"),
    (KeySort::Name, "Name"),
    (KeySort::Expires, "Expiry"),
    (KeySort::Used, "Last use"),
    (KeySort::Scopes, "Number of scopes"),
];

/// In pixels.
pub(super) fn window_height() -> f64 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(1000.0)
}

/// So far below the top of the page is the first row, at least.
const FIRST_ROW_TOP: f64 = 200.0;

/// The rows that are shown with the first answer, before anything is measured: those that fit into the window.
pub(super) fn first_range(row: usize, row_height: usize) -> Rows {
    let top = if row == 0 { FIRST_ROW_TOP } else { 0.0 };
    let (_, count) = visible(0.0, window_height() - top, row_height, usize::MAX);
    (row, row + count)
}

/// Moves between pages; nothing for a list of one page.
#[component]
pub(super) fn Pager(total: Signal<usize>, page: Signal<usize>, on_page: Callback<usize>) -> impl IntoView {
    let last = move || total.get().saturating_sub(1) / PAGE_ROWS;
    let text = dynamic(move || {
        let first = page.get() * PAGE_ROWS;
        format!("Keys {} to {} of {}", number(first + 1), number((first + PAGE_ROWS).min(total.get())), number(total.get()))
    });
    let step = move |label: &'static str, to: &'static (dyn Fn(usize, usize) -> usize + Send + Sync)| {
        let target = move || to(page.get(), last());
        view! {
            <button
                type="button"
                class="button"
                aria-disabled=move || (target() == page.get()).to_string()
                on:click=move |_| if untrack(target) != page.get_untracked() { on_page.run(untrack(target)) }
            >
                {label}
            </button>
        }
    };
    view! {
        <nav class="pager" aria-label="Pages" hidden=move || last() == 0>
            {step("First", &|_, _| 0)}
            {step("Previous", &|page, _| page.saturating_sub(1))}
            <span>{text}</span>
            {step("Next", &|page, last| (page + 1).min(last))}
            {step("Last", &|_, last| last)}
        </nav>
    }
}

/// Uses of one scope, for who has not made a key yet. Only those whose scope the catalog has are shown.
const EXAMPLES: [(&str, &str); 3] = [
    ("A job that reads rows: ", "rows.read"),
    ("Sign-in on a server-rendered page: ", "sessions.write"),
    ("A CI pipeline that deploys a site: ", "sites.write"),
];

#[component]
pub(super) fn NoKeys(
    create: Page,
    /// `None` while it is on its way.
    catalog: Option<&'static Catalog>,
) -> impl IntoView {
    let examples: Vec<_> = EXAMPLES
        .into_iter()
        .filter(|(_, scope)| catalog.is_some_and(|catalog| catalog.scope(scope).is_some()))
        .map(|(about, scope)| view! { <li><strong>{about}</strong><code>{scope}</code></li> })
        .collect();
    view! {
        <section class="empty" aria-labelledby="no-keys">
            <h2 class="empty-title" id="no-keys">"No API keys yet"</h2>
            <p class="empty-text">
                "An API key lets a server access this project without a user. It can do only what its scopes allow. Create a separate key for each service, with only the scopes that the service needs, so that a leaked key does little harm."
            </p>
            {(!examples.is_empty()).then(|| view! { <ul class="empty-list">{examples}</ul> })}
            <p><a class="button" data-kind="primary" href=create.path()>"Create the first API key"</a></p>
        </section>
    }
}
