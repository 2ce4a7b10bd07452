//! What happened to a key, from the audit log.

use std::collections::HashMap;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{AuditList, KeyDetails},
    console::{
        client::{self, ClientError},
        components::{AuditTable, Failure, Loading},
        load::{LoadState, load, set_if_alive},
    },
};

/// How many entries are loaded at a time.
const PAGE: u32 = 50;

#[component]
pub(super) fn KeyHistory(
    project: String,
    /// The key; when it changes, the history is loaded again.
    saved: RwSignal<KeyDetails>,
) -> impl IntoView {
    let key = saved.with_untracked(|saved| saved.key.id.clone());
    let first = {
        let (project, key) = (project.clone(), key.clone());
        load(move || {
            let (project, key) = (project.clone(), key.clone());
            async move { client::audit::of_key(&project, &key, PAGE, "").await }
        })
    };
    effect(move |before: Option<()>| {
        saved.track();
        if before.is_some() {
            first.reload.run(());
        }
    });
    dynamic(move || match first.value.get() {
        LoadState::Loading => view! { <Loading what="the history" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=first.reload /> }.into_any(),
        LoadState::Ready(list) if list.entries.is_empty() => {
            view! { <p class="empty-text">"The audit log has no entries about this key."</p> }.into_any()
        }
        LoadState::Ready(first) => view! { <Entries project=project.clone() key=key.clone() first /> }.into_any(),
    })
}

#[component]
fn Entries(project: String, key: String, first: AuditList) -> impl IntoView {
    let entries = RwSignal::new(first.entries);
    let next = RwSignal::new(first.next_cursor);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    // Each entry is about this key: its name would only repeat the title.
    let names = Signal::stored(HashMap::new());
    let ended = move || next.with(String::is_empty);
    let of_table = project.clone();
    let more = move |_| {
        if busy.get_untracked() || next.with_untracked(String::is_empty) {
            return;
        }
        busy.set(true);
        error.set(None);
        let (project, key) = (project.clone(), key.clone());
        spawn_local(async move {
            match client::audit::of_key(&project, &key, PAGE, &next.get_untracked()).await {
                Ok(list) => {
                    let _: Option<()> = entries.try_update(|entries| entries.extend(list.entries));
                    set_if_alive(next, list.next_cursor);
                }
                Err(problem) => set_if_alive(error, Some(problem)),
            }
            set_if_alive(busy, false);
        });
    };
    view! {
        <AuditTable project=Some(of_table) entries names />
        {move || error.get().map(|error| view! { <Failure error /> })}
        <p class="audit-more">
            <button type="button" class="button" aria-disabled=move || (busy.get() || ended()).to_string() on:click=more>
                {move || if busy.get() { "Loading…" } else if ended() { "No more entries" } else { "Load more" }}
            </button>
        </p>
    }
    .into_any()
}
