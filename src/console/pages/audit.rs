//! The audit log of a project: what happened to its keys, newest first.

use std::collections::{HashMap, HashSet};

use leptos::{prelude::*, task::spawn_local};

use super::project_names::crumbs_to_project;
use crate::{
    api::{AuditEntry, AuditList},
    console::{
        client::{self, ClientError},
        components::{
            AuditTable, Crumb, Crumbs, Failure, KnownKey, Loading,
            icons::{Icon, SEARCH},
        },
        download,
        load::{LoadState, load, set_if_alive},
        route::Page,
        state::{AuditFilter, deleted_name, is_about_a_key, number, shown},
    },
};

/// How many entries are loaded at a time.
const PAGE: u32 = 50;
/// How many are loaded at a time while a filter leaves some out.
const PAGE_TO_FILTER: u32 = 1000;
/// How many entries a file contains: the most that the server returns at once.
const FILE: u32 = 5000;

#[component]
pub(in crate::console) fn AuditPage(project: String) -> impl IntoView {
    let first = {
        let project = project.clone();
        load(move || {
            let project = project.clone();
            async move { client::audit(&project, PAGE, "").await }
        })
    };
    let here = Page::Audit { project: project.clone() };
    let mut crumbs = crumbs_to_project(&project);
    crumbs.push(Crumb::here(Signal::stored(here.title().to_owned())));
    let log = project.clone();
    let body = move || match first.value.get() {
        LoadState::Loading => view! { <Loading what="the audit log" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=first.reload /> }.into_any(),
        LoadState::Ready(list) if list.entries.is_empty() => view! { <p class="empty">"No entries yet."</p> }.into_any(),
        LoadState::Ready(first) => view! { <AuditLog project=log.clone() first /> }.into_any(),
    };
    view! {
        <Crumbs steps=crumbs />
        <h1 class="title" tabindex="-1">"Audit log"</h1>
        <p class="lead">"Who changed this project and its keys, when, and from which IP address. Refused attempts are listed too. Entries cannot be changed or deleted."</p>
        {body}
    }
}

#[component]
fn AuditLog(project: String, first: AuditList) -> impl IntoView {
    let entries = RwSignal::new(first.entries);
    let next = RwSignal::new(first.next_cursor);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    // Until the names are loaded, and if that fails, the ids are shown.
    let names = RwSignal::new(HashMap::<String, KnownKey>::new());
    let asked = StoredValue::new(HashSet::<String>::new());
    let of_project = project.clone();
    Effect::new(move |_| {
        let ids: Vec<String> = entries.with(|entries| {
            let about = entries.iter().filter(|entry| is_about_a_key(entry)).map(|entry| entry.target_id.clone());
            about.filter(|id| asked.try_update_value(|asked| asked.insert(id.clone())) == Some(true)).collect()
        });
        entries.with(|entries| {
            let deleted = entries.iter().filter_map(|entry| Some((entry.target_id.clone(), (shown(deleted_name(entry)?), false))));
            names.update(|names| names.extend(deleted));
        });
        let project = of_project.clone();
        spawn_local(async move {
            for some in ids.chunks(PAGE as usize) {
                if let Ok(list) = client::keys(&project, some).await {
                    let _: Option<()> =
                        names.try_update(|names| names.extend(list.keys.into_iter().map(|key| (key.id, (shown(&key.name), true)))));
                }
            }
        });
    });
    let filter = RwSignal::new(AuditFilter::default());
    let visible = Memo::new(move |_| {
        let name = |entry: &AuditEntry| names.with(|names| names.get(&entry.target_id).map(|(name, _)| name.clone()));
        filter.with(|filter| {
            entries.with(|entries| entries.iter().filter(|entry| filter.shows(entry, name(entry).as_deref())).cloned().collect::<Vec<_>>())
        })
    });
    let ended = move || next.with(String::is_empty);
    let more = {
        let project = project.clone();
        move |_| {
            if busy.get_untracked() || next.with_untracked(String::is_empty) {
                return;
            }
            busy.set(true);
            error.set(None);
            let project = project.clone();
            let limit = if filter.with_untracked(AuditFilter::is_whole) { PAGE } else { PAGE_TO_FILTER };
            spawn_local(async move {
                match client::audit(&project, limit, &next.get_untracked()).await {
                    Ok(list) => {
                        let _: Option<()> = entries.try_update(|entries| entries.extend(list.entries));
                        set_if_alive(next, list.next_cursor);
                    }
                    Err(problem) => set_if_alive(error, Some(problem)),
                }
                set_if_alive(busy, false);
            });
        }
    };
    let count = move || {
        let loaded = match (entries.with(Vec::len), ended()) {
            (1, true) => "1 entry".to_owned(),
            (count, true) => format!("{} entries", number(count)),
            (count, false) => format!("the newest {} entries", number(count)),
        };
        if filter.with(AuditFilter::is_whole) { loaded } else { format!("{} of {loaded}", number(visible.with(Vec::len))) }
    };
    let choice = move |label: &'static str, choices: &'static [(&'static str, &'static str)], set: fn(&mut AuditFilter, String)| {
        let options = choices.iter().map(|(value, text)| view! { <option value=*value>{*text}</option> }).collect_view();
        view! {
            <select class="input select list-choice" aria-label=label on:change=move |event| filter.update(|filter| set(filter, event_target_value(&event)))>
                {options}
            </select>
        }
    };
    view! {
        <div class="list-bar">
            <div class="search">
                <Icon path=SEARCH />
                <input
                    type="search"
                    class="input"
                    aria-label="Search the audit log"
                    placeholder="Search actors, keys, details and IP addresses"
                    autocomplete="off"
                    spellcheck="false"
                    on:input:target=move |event| filter.update(|filter| filter.words = event.target().value())
                />
            </div>
            {choice("Action", AuditFilter::ABOUT, |filter, about| filter.about = about)}
            {choice("Outcome", AuditFilter::OUTCOMES, |filter, outcome| filter.outcome = outcome)}
            <Export project=project.clone() error />
            <p class="list-count" role="status">{count}</p>
        </div>
        {move || error.get().map(|error| view! { <Failure error /> })}
        <AuditTable project entries=visible names />
        // The button stays at the end, so that it keeps the focus.
        <p class="audit-more">
            <button type="button" class="button" aria-disabled=move || (busy.get() || ended()).to_string() on:click=more>
                {move || if busy.get() { "Loading…" } else if ended() { "No more entries" } else { "Load more" }}
            </button>
        </p>
    }
}

#[component]
fn Export(project: String, error: RwSignal<Option<ClientError>>) -> impl IntoView {
    let status = RwSignal::new("");
    let buttons = [("csv", "Export CSV", "text/csv"), ("json", "Export JSON", "application/json")]
        .into_iter()
        .map(|(format, label, kind)| {
            let project = project.clone();
            let export = move |_| {
                error.set(None);
                status.set("");
                let project = project.clone();
                spawn_local(async move {
                    match client::audit_file(&project, FILE, format).await {
                        Ok(text) => {
                            let done = download::save(&format!("audit-{project}.{format}"), kind, &text);
                            set_if_alive(status, if done { "The file is being downloaded." } else { "The browser blocked the download." });
                        }
                        Err(problem) => set_if_alive(error, Some(problem)),
                    }
                });
            };
            view! { <button type="button" class="button" on:click=export>{label}</button> }
        })
        .collect_view();
    view! {
        {buttons}
        <span class="field-hint">"A file contains the newest 5,000 entries."</span>
        <span class="visually-hidden" role="status">{move || status.get()}</span>
    }
}
