//! Creates the first account with the one-time link that the server printed.

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    api::{ErrorType, SetupRequest},
    console::{
        client::{self, ClientError},
        components::{Failure, Loading, Notice, TextField},
        load::{LoadState, load, set_if_alive},
        route::Page,
        router::use_router,
        session::use_session,
    },
};

#[component]
pub(in crate::console) fn SetupPage() -> impl IntoView {
    // The token is removed from the address bar, the history and the screen.
    let router = use_router();
    let token = RwSignal::new(router.take_hash());
    // If the link is opened while this page is open, the browser only reports a new hash.
    let listening = window_event_listener(ev::hashchange, move |_| {
        let taken = router.take_hash();
        if !taken.is_empty() {
            token.set(taken);
        }
    });
    on_cleanup(move || listening.remove());
    let state = load(client::setup_state);
    view! {
        <div class="narrow">
            <h1 class="title" tabindex="-1">"Welcome to Scopewise"</h1>
            {move || match state.value.get() {
                LoadState::Failed(error) => view! { <Failure error on_retry=state.reload /> }.into_any(),
                LoadState::Ready(state) if !state.needed => view! { <SetupDone /> }.into_any(),
                LoadState::Ready(_) if token.with(String::is_empty) => view! { <LinkMissing /> }.into_any(),
                LoadState::Ready(_) => view! { <SetupForm token /> }.into_any(),
                LoadState::Loading => view! { <Loading what="Scopewise" /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn SetupDone() -> impl IntoView {
    view! {
        <p class="lead">"The first account already exists."</p>
        <p><a class="button" data-kind="primary" href=Page::SignIn.path()>"Sign in"</a></p>
    }
}

#[component]
fn LinkMissing() -> impl IntoView {
    view! {
        <Notice tone="warning">
            <p>"Open the set-up link that the server printed when it started. The link proves that you run this server, and it works once."</p>
        </Notice>
    }
}

#[component]
fn SetupForm(token: RwSignal<String>) -> impl IntoView {
    let (router, session) = (use_router(), use_session());
    let [name, email, password] = [(); 3].map(|()| RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let request = SetupRequest {
            token: token.get_untracked(),
            email: email.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
            name: name.get_untracked().trim().to_owned(),
        };
        spawn_local(async move {
            match client::set_up(&request).await {
                Ok(()) => {
                    session.refresh();
                    router.replace(Page::Projects);
                }
                Err(problem) if problem.is(ErrorType::SetupDone) => router.replace(Page::SignIn),
                Err(problem) => set_if_alive(error, Some(problem)),
            }
            set_if_alive(busy, false);
        });
    };
    view! {
        <p class="lead">"Create the first account. You can then create projects and API keys."</p>
        <form class="stack" on:submit=submit>
            <TextField id="name" label="Name" value=name autocomplete="name" hint=Signal::stored("Optional.".to_owned()) />
            <TextField id="email" label="Email" value=email kind="email" autocomplete="username" required=true />
            <TextField
                id="password"
                label="Password"
                value=password
                kind="password"
                autocomplete="new-password"
                required=true
                hint=Signal::stored("8 to 256 characters. A long passphrase is better than a short, complex password.".to_owned())
            />
            {move || error.get().map(|error| view! { <Failure error /> })}
            <button type="submit" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string()>
                {move || if busy.get() { "Creating…" } else { "Create account" }}
            </button>
        </form>
    }
}
