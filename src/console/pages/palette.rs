//! The command palette: finds a page, a project or a key, and goes there.

use std::time::Duration;

use leptos::{html, prelude::*, task::spawn_local};

use crate::{
    api::paths::percent_encode,
    console::{
        client,
        components::{
            icons::{self, Icon},
            if_closed, keep_open,
        },
        load::set_if_alive,
        route::Page,
        router::use_router,
        state::{Destination, Find, matching, pages, shown},
    },
};

/// How long the typing must rest before keys are searched for.
const REST: Duration = Duration::from_millis(200);

#[component]
pub(in crate::console) fn Palette(find: RwSignal<Option<Find>>, project: Signal<Option<String>>) -> impl IntoView {
    let router = use_router();
    let dialog = NodeRef::<html::Dialog>::new();
    let words = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let [projects, keys] = [(); 2].map(|()| RwSignal::new(Vec::<Destination>::new()));
    // Counts what was typed: the answer to something earlier is of no use.
    let typed = StoredValue::new(0_u32);
    keep_open(dialog, Signal::derive(move || find.get().is_some()), move || {
        words.set(String::new());
        chosen.set(0);
        keys.set(Vec::new());
        spawn_local(async move {
            // If this fails, the pages are still there.
            if let Ok(list) = client::first_projects().await {
                let found = list.into_iter().map(|project| Destination {
                    label: shown(&project.name),
                    kind: "Project",
                    page: Page::Keys { project: project.id },
                });
                set_if_alive(projects, found.collect());
            }
        });
    });
    let found = memo(move || {
        let Some(kind) = find.get() else { return Vec::new() };
        let mut all = Vec::new();
        if kind == Find::Everything {
            all = project.with(|project| pages(project.as_deref()));
        }
        all.extend(projects.get());
        if kind == Find::Projects {
            all.push(Destination::page("All projects", Page::Projects));
        }
        let mut found = words.with(|words| matching(&all, words));
        found.extend(keys.get());
        found
    });
    let search = move |text: String| {
        chosen.set(0);
        let number = typed.get_value().wrapping_add(1);
        typed.set_value(number);
        let of_project = project.get_untracked().filter(|_| find.get_untracked() == Some(Find::Everything));
        let query = text.trim().to_owned();
        words.set(text);
        let Some(project) = of_project.filter(|_| query.len() > 1) else { return keys.set(Vec::new()) };
        let ask = move || {
            // It may be gone by now.
            if typed.try_get_value() != Some(number) {
                return;
            }
            spawn_local(async move {
                let search = format!("search={}&limit=6", percent_encode(&query, ""));
                let Ok(answer) = client::search_keys(&project, &search).await else { return };
                if typed.try_get_value() == Some(number) {
                    let found = answer.keys.into_iter().map(|details| Destination {
                        label: shown(&details.key.name),
                        kind: "API key",
                        page: Page::Key { project: project.clone(), key: details.key.id },
                    });
                    keys.set(found.collect());
                }
            });
        };
        set_timeout(ask, REST);
    };
    let go = move |at: usize| {
        if let Some(destination) = found.with_untracked(|found| found.get(at).cloned()) {
            find.set(None);
            router.go(destination.page);
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let count = found.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" => chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            "Enter" => go(chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let options = dynamic(move || {
        let row = |(at, destination): (usize, &Destination)| {
            view! {
                <li
                    id=format!("palette-{at}")
                    class="palette-option"
                    role="option"
                    aria-selected=move || (chosen.get() == at).to_string()
                    on:click=move |_| go(at)
                >
                    <span dir="auto">{destination.label.clone()}</span>
                    <small>{destination.kind}</small>
                </li>
            }
        };
        found.with(|found| found.iter().enumerate().map(row).collect_view())
    });
    let is_empty = move || found.with(Vec::is_empty);
    let label = move || if find.get() == Some(Find::Projects) { "Switch project" } else { "Go to a page, project or key" };
    view! {
        <dialog class="dialog palette" aria-label=label node_ref=dialog on:close=move |event| if_closed(&event, || find.set(None))>
            <div class="search">
                <Icon path=icons::SEARCH />
                <input
                    type="text"
                    class="input"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=label
                    placeholder=label
                    aria-autocomplete="list"
                    aria-expanded=move || (!is_empty()).to_string()
                    aria-controls="palette-list"
                    aria-activedescendant=move || if is_empty() { String::new() } else { format!("palette-{}", chosen.get()) }
                    prop:value=move || words.get()
                    on:input:target=move |event| search(event.target().value())
                    on:keydown=on_key
                />
            </div>
            <ul id="palette-list" class="palette-list" role="listbox" aria-label="Results" hidden=is_empty>{options}</ul>
            <p class="field-hint" role="status">{move || is_empty().then_some("Nothing found.")}</p>
        </dialog>
    }
}
