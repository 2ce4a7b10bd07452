//! The audit log of a project or of the server, newest first.

use std::collections::{BTreeSet, HashMap, HashSet};

use leptos::{prelude::*, task::spawn_local};

use super::{
    audit_filters::{AuditFilters, request},
    project_names::crumbs_to_project,
};
use crate::{
    api::AuditList,
    console::{
        client::{self, ClientError},
        components::{AuditTable, Crumb, Crumbs, Failure, KnownKey, Loading},
        load::{LoadState, set_if_alive},
        route::Page,
        router::use_router,
        session::use_session,
        state::{AuditFilter, actor, deleted_name, is_about_a_key, number, shown},
    },
};

/// How many entries are loaded at a time.
const PAGE: u32 = 50;
const OF_PROJECT: &str = "Who changed this project and its keys, when, and from which IP address.";
const OF_SERVER: &str = "Who signed in, and who changed accounts, projects and keys of the organization, when, and from which IP address.";
/// How many suggestions a filter offers.
const OFFERED: usize = 200;

#[component]
pub(in crate::console) fn AuditPage(
    /// The project; `None` is the server.
    project: Option<String>,
) -> impl IntoView {
    let (router, session) = (use_router(), use_session());
    let filter = memo(move || AuditFilter::of_query(&router.query.get()));
    let first = RwSignal::new(LoadState::<AuditList>::Loading);
    let again = RwSignal::new(());
    let asked = project.clone();
    effect(move |_| {
        again.track();
        let wanted = filter.get();
        let project = asked.clone();
        first.set(LoadState::Loading);
        spawn_local(async move {
            let answer = client::audit::page(project.as_deref(), &request(&wanted), PAGE, "").await;
            if answer.as_ref().err() == Some(&ClientError::SignedOut) {
                session.end();
            }
            // The answer to an earlier filter is of no use.
            if filter.try_get_untracked().is_some_and(|filter| filter == wanted) {
                set_if_alive(first, answer.map_or_else(LoadState::Failed, LoadState::Ready));
            }
        });
    });
    let step = |page: Page| Crumb::to(Signal::stored(page.title().to_owned()), page);
    let (here, lead, mut crumbs) = match &project {
        Some(project) => (Page::Audit { project: project.clone() }, OF_PROJECT, crumbs_to_project(project)),
        None => (Page::ServerAudit, OF_SERVER, vec![step(Page::People)]),
    };
    crumbs.push(Crumb::here(Signal::stored(here.title().to_owned())));
    let (known, log) = (RwSignal::new(Vec::<(String, String)>::new()), project.clone());
    let people = RwSignal::new(BTreeSet::<String>::new());
    let body = move || match first.get() {
        LoadState::Loading => view! { <Loading what="the audit log" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=Callback::new(move |()| again.set(())) /> }.into_any(),
        LoadState::Ready(list) if list.entries.is_empty() => {
            let text = if filter.with_untracked(AuditFilter::is_whole) { "No entries yet." } else { "No entries match the filters." };
            view! { <p class="empty" role="status">{text}</p> }.into_any()
        }
        LoadState::Ready(first) => view! { <AuditLog project=log.clone() filter=filter.get_untracked() first known people /> }.into_any(),
    };
    view! {
        <Crumbs steps=crumbs />
        <h1 class="title" tabindex="-1">{here.title()}</h1>
        <p class="lead">{lead}" Refused attempts are listed too. Entries cannot be changed or deleted."</p>
        <AuditFilters project filter known people />
        {body}
    }
}

#[component]
fn AuditLog(
    project: Option<String>,
    filter: AuditFilter,
    first: AuditList,
    /// The keys whose names are known, for the filter.
    known: RwSignal<Vec<(String, String)>>,
    /// The names of actors, for the filter.
    people: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    let entries = RwSignal::new(first.entries);
    let next = RwSignal::new(first.next_cursor);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    // Until the names are loaded, and if that fails, the ids are shown.
    let names = RwSignal::new(HashMap::<String, KnownKey>::new());
    let asked = StoredValue::new(HashSet::<String>::new());
    let of_project = project.clone();
    effect(move |_| {
        let ids: Vec<String> = entries.with(|entries| {
            let about = entries.iter().filter(|entry| is_about_a_key(entry)).map(|entry| entry.target_id.clone());
            about.filter(|id| asked.try_update_value(|asked| asked.insert(id.clone())) == Some(true)).collect()
        });
        entries.with(|entries| {
            let deleted = entries.iter().filter_map(|entry| Some((entry.target_id.clone(), (shown(deleted_name(entry)?), false))));
            names.update(|names| names.extend(deleted));
        });
        let Some(project) = of_project.clone() else { return };
        spawn_local(async move {
            for some in ids.chunks(PAGE as usize) {
                if let Ok(list) = client::keys(&project, some).await {
                    let _: Option<()> =
                        names.try_update(|names| names.extend(list.keys.into_iter().map(|key| (key.id, (shown(&key.name), true)))));
                }
            }
        });
    });
    effect(move |_| {
        let found = entries.with(|entries| entries.iter().map(|entry| actor(entry).1).collect::<Vec<_>>());
        people.update(|people| {
            for name in found.into_iter().filter(|name| !name.is_empty()) {
                if people.len() < OFFERED {
                    people.insert(name);
                }
            }
        });
        let found = names.with(|names| names.iter().map(|(id, (name, _))| (id.clone(), name.clone())).collect::<Vec<_>>());
        known.update(|known| {
            for key in found {
                if known.len() < OFFERED && !known.contains(&key) {
                    known.push(key);
                }
            }
        });
    });
    let ended = move || next.with(String::is_empty);
    let is_whole = filter.is_whole();
    let wanted = StoredValue::new((project.clone(), request(&filter)));
    let more = move |_| {
        if busy.get_untracked() || next.with_untracked(String::is_empty) {
            return;
        }
        busy.set(true);
        error.set(None);
        let (project, filter) = wanted.get_value();
        spawn_local(async move {
            match client::audit::page(project.as_deref(), &filter, PAGE, &next.get_untracked()).await {
                Ok(list) => {
                    let _: Option<()> = entries.try_update(|entries| entries.extend(list.entries));
                    set_if_alive(next, list.next_cursor);
                }
                Err(problem) => set_if_alive(error, Some(problem)),
            }
            set_if_alive(busy, false);
        });
    };
    let count = move || {
        let (count, matching) = (entries.with(Vec::len), if is_whole { "" } else { "matching " });
        match (count, ended()) {
            (1, true) => format!("1 {matching}entry"),
            (count, true) => format!("{} {matching}entries", number(count)),
            (count, false) => format!("the newest {} {matching}entries", number(count)),
        }
    };
    view! {
        <p class="list-count" role="status">{count}</p>
        {move || error.get().map(|error| view! { <Failure error /> })}
        <AuditTable project entries names />
        // The button stays at the end, so that it keeps the focus.
        <p class="audit-more">
            <button type="button" class="button" aria-disabled=move || (busy.get() || ended()).to_string() on:click=more>
                {move || if busy.get() { "Loading…" } else if ended() { "No more entries" } else { "Load more" }}
            </button>
        </p>
    }
}
