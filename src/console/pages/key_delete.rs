//! Deletes a key after a confirmation.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::Key,
    console::{
        client::{self, ClientError},
        clock,
        components::{ConfirmDialog, Failure, Section},
        load::set_if_alive,
        route::Page,
        router::use_router,
        state::ago_to_the_day,
    },
};

#[component]
pub(super) fn DeleteSection(project: String, key: Key) -> impl IntoView {
    let router = use_router();
    let now = clock::use_now();
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let id = key.id.clone();
    let delete = Callback::new(move |()| {
        let (project, id) = (project.clone(), id.clone());
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match client::delete_key(&project, &id).await {
                Ok(()) => router.replace(Page::Keys { project }),
                Err(problem) => set_if_alive(error, Some(problem)),
            }
            set_if_alive(busy, false);
        });
    });
    let used = key.accessed_at.0;
    let last_used = dynamic(move || match used {
        Some(at) => format!("It was last used {}.", ago_to_the_day(at, now.get())),
        None => "It was never used.".to_owned(),
    });
    view! {
        <Section id="section-delete" title="Delete" about="A deleted key stops working immediately. You cannot undo this.">
            <p><button type="button" class="button" data-kind="danger" on:click=move |_| open.set(true)>"Delete this key"</button></p>
        </Section>
        <ConfirmDialog
            id="delete-key"
            open
            title=Signal::stored("Delete this key?".to_owned())
            confirm=Signal::derive(move || if busy.get() { "Deleting…" } else { "Delete key" }.to_owned())
            cancel="Keep it"
            busy
            on_cancel=Callback::new(move |()| open.set(false))
            on_confirm=delete
        >
            <p><bdi>{key.name}</bdi>" stops working immediately. You cannot undo this. "{last_used}</p>
            {move || error.get().map(|error| view! { <Failure error /> })}
        </ConfirmDialog>
    }
}
