//! The tabs of a page. Each is a link: the address bar says which one is open.

use leptos::prelude::*;

use crate::console::router::use_router;

/// A tab: the word of the address, and its label. The first has no word in the address.
pub(in crate::console) type Tab = (&'static str, &'static str);

/// The word of the open tab, from the address.
pub(in crate::console) fn open_tab(tabs: &'static [Tab]) -> Memo<&'static str> {
    let router = use_router();
    let first = tabs.first().map_or("", |(word, _)| word);
    memo(move || {
        router.query.with(|query| {
            let said = query.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("tab="));
            tabs.iter().map(|(word, _)| *word).find(|word| Some(*word) == said).unwrap_or(first)
        })
    })
}

/// Opens a tab: a step that Back reverts, unless there is unsaved work.
pub(in crate::console) fn show_tab(tabs: &'static [Tab], word: &'static str) {
    let router = use_router();
    let is_first = tabs.first().is_some_and(|(first, _)| *first == word);
    let query = if is_first { String::new() } else { format!("?tab={word}") };
    router.write_query(query, !router.has_guard());
}

/// The links to the tabs.
#[component]
pub(in crate::console) fn Tabs(label: &'static str, tabs: &'static [Tab], open: Memo<&'static str>, path: String) -> impl IntoView {
    let router = use_router();
    let link = |(word, label): &'static Tab| {
        let is_first = tabs.first().is_some_and(|(first, _)| first == word);
        let query = if is_first { String::new() } else { format!("?tab={word}") };
        let href = format!("{path}{query}");
        let follow = move |event: web_sys::MouseEvent| {
            if event.button() == 0 && !event.meta_key() && !event.ctrl_key() && !event.shift_key() && !event.alt_key() {
                event.prevent_default();
                router.write_query(query.clone(), !router.has_guard());
            }
        };
        view! { <li><a class="tab" href=href aria-current=move || (open.get() == *word).then_some("page") on:click=follow>{*label}</a></li> }
    };
    let links = tabs.iter().map(link).collect_view();
    view! { <nav class="tabs" aria-label=label><ul>{links}</ul></nav> }.into_any()
}
