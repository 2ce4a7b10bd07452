//! The API keys of a project.

use leptos::prelude::*;

use super::project_names::crumbs_to_keys;
use crate::{
    api::KeyDetails,
    console::{
        catalog::use_catalog,
        client, clock,
        components::{CopyLine, Crumbs, Failure, KeyTable, Loading, ProjectNav},
        load::{LoadState, load},
        route::Page,
        state::{Filter, ListView, Sort},
    },
    picker::{icons, state::counted},
};

/// How many keys are rendered at a time.
const ROWS: usize = 200;

#[component]
pub(in crate::console) fn KeysPage(project: String) -> impl IntoView {
    let keys = {
        let project = project.clone();
        load(move || {
            let project = project.clone();
            async move { client::keys(&project).await }
        })
    };
    let create = Page::KeyCreate { project: project.clone() };
    let crumbs = crumbs_to_keys(&project, true);
    let connect = project.clone();
    let nav = project.clone();
    let body = {
        let create = create.clone();
        move || match keys.value.get() {
            LoadState::Loading => view! { <Loading what="API keys" /> }.into_any(),
            LoadState::Failed(error) => view! { <Failure error on_retry=keys.reload /> }.into_any(),
            LoadState::Ready(list) if list.keys.is_empty() => view! { <NoKeys create=create.clone() /> }.into_any(),
            LoadState::Ready(list) => view! { <KeyList project=project.clone() keys=list.keys /> }.into_any(),
        }
    };
    view! {
        <Crumbs steps=crumbs />
        <div class="page-head">
            <h1 class="title" tabindex="-1">"API keys"</h1>
            <a class="button" data-kind="primary" href=create.path()>"Create API key"</a>
        </div>
        <ProjectNav here=Page::Keys { project: nav.clone() } project=nav />
        <div class="connect">
            <CopyLine label="Endpoint" text=Signal::stored(endpoint()) what="endpoint" />
            <CopyLine label="Project ID" text=Signal::stored(connect) what="project ID" />
        </div>
        {body}
    }
}

/// The endpoint to set in an SDK.
pub(super) fn endpoint() -> String {
    format!("{}/v1", window().location().origin().unwrap_or_default())
}

/// Uses of one scope, for who has not made a key yet. Only those whose scope the catalog has are shown.
const EXAMPLES: [(&str, &str); 3] = [
    ("A job that reads rows: ", "rows.read"),
    ("Sign-in on a server-rendered page: ", "sessions.write"),
    ("A CI pipeline that deploys a site: ", "sites.write"),
];

#[component]
fn NoKeys(create: Page) -> impl IntoView {
    let catalog = use_catalog();
    let examples: Vec<_> = EXAMPLES
        .into_iter()
        .filter(|(_, scope)| catalog.scope(scope).is_some())
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

#[component]
fn KeyList(project: String, keys: Vec<KeyDetails>) -> impl IntoView {
    let (catalog, now) = (use_catalog(), clock::use_now());
    let list = RwSignal::new(ListView::default());
    let total = keys.len();
    let shown = Memo::new(move |_| list.get().apply(&keys, catalog, now.get()));
    let found = move || {
        let count = shown.with(Vec::len);
        if count == total { counted(total, "key") } else { format!("{count} of {}", counted(total, "key")) }
    };
    // Each row has about forty elements, so a page renders only as many as a person looks through, and more on request.
    let limit = RwSignal::new(ROWS);
    Effect::new(move |_| {
        list.track();
        limit.set(ROWS);
    });
    let more = move || {
        let hidden = shown.with(Vec::len).saturating_sub(limit.get());
        (hidden > 0).then(|| {
            let next = hidden.min(ROWS);
            view! {
                <p class="list-more">
                    <button type="button" class="button" on:click=move |_| limit.update(|limit| *limit += ROWS)>
                        {format!("Show {next} more of {}", counted(hidden, "key"))}
                    </button>
                </p>
            }
        })
    };
    let missing = (total >= client::MAX_LISTED).then(|| {
        view! {
            <div class="notice" role="status">
                <p>
                    {format!("Only the first {} are shown. To find other keys, call listKeys in an SDK, then open a key by its ID.", counted(total, "key"))}
                </p>
            </div>
        }
    });
    let table = move || {
        let mut keys = shown.get();
        keys.truncate(limit.get());
        if keys.is_empty() {
            view! {
                <div class="empty">
                    <p class="empty-text">"No keys match the search and the filter."</p>
                    <p><button type="button" class="button" on:click=move |_| list.set(ListView::default())>"Show all keys"</button></p>
                </div>
            }
            .into_any()
        } else {
            view! { <KeyTable catalog project=project.clone() keys /> }.into_any()
        }
    };
    view! {
        <div class="list-bar">
            <div class="search">
                <icons::Icon path=icons::SEARCH />
                <input
                    type="search"
                    class="input"
                    aria-label="Search keys"
                    placeholder="Search by name, ID, scope, or end of secret"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || list.with(|list| list.search.clone())
                    on:input:target=move |event| list.update(|list| list.search = event.target().value())
                />
            </div>
            <Choice
                label="Filter"
                options=Filter::ALL.iter().map(|filter| filter.label()).collect()
                chosen=Signal::derive(move || list.with(|list| list.filter.label()))
                on_choose=Callback::new(move |label: String| list.update(|list| list.filter = Filter::of(&label)))
            />
            <Choice
                label="Sort by"
                options=Sort::ALL.iter().map(|sort| sort.label()).collect()
                chosen=Signal::derive(move || list.with(|list| list.sort.label()))
                on_choose=Callback::new(move |label: String| list.update(|list| list.sort = Sort::of(&label)))
            />
            <p class="list-count" role="status">{found}</p>
        </div>
        {missing}
        {table}
        {more}
    }
}

#[component]
fn Choice(label: &'static str, options: Vec<&'static str>, chosen: Signal<&'static str>, on_choose: Callback<String>) -> impl IntoView {
    view! {
        <label class="choice">
            <span>{label}</span>
            <select class="input select" on:change=move |event| on_choose.run(event_target_value(&event))>
                {options
                    .into_iter()
                    .map(|option| view! { <option value=option selected=move || chosen.get() == option>{option}</option> })
                    .collect_view()}
            </select>
        </label>
    }
}
