//! Accepts an invitation: the invited person sets a password with the one-time link.

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    api::AcceptInvitation,
    console::{
        client::{self, ClientError},
        components::{Failure, Notice, TextField, focus_first_problem},
        load::set_if_alive,
        route::Page,
        router::use_router,
        session::use_session,
        state::{name_problem, password_problem, password_rule},
    },
};

#[component]
pub(in crate::console) fn InvitationPage() -> impl IntoView {
    // The token is removed from the address bar, the history and the screen.
    let (router, session) = (use_router(), use_session());
    let token = RwSignal::new(router.take_hash());
    // If the link is opened while this page is open, the browser only reports a new hash.
    let listening = window_event_listener(ev::hashchange, move |_| {
        let taken = router.take_hash();
        if !taken.is_empty() {
            token.set(taken);
        }
    });
    on_cleanup(move || listening.remove());
    view! {
        <div class="narrow">
            <h1 class="title" tabindex="-1">"Welcome to Scopewise"</h1>
            {move || {
                if token.with(String::is_empty) {
                    view! {
                        <Notice tone="warning">
                            <p>"Open the invitation link that you received. It works once, and for seven days."</p>
                        </Notice>
                    }
                    .into_any()
                } else if session.is_in() {
                    view! {
                        <Notice tone="warning">
                            <p>"You are signed in to another account. Sign out on the page \"Account\", then open the invitation link again."</p>
                        </Notice>
                    }
                    .into_any()
                } else {
                    view! { <JoinForm token /> }.into_any()
                }
            }}
        </div>
    }
}

#[component]
fn JoinForm(token: RwSignal<String>) -> impl IntoView {
    let (router, session) = (use_router(), use_session());
    let [name, password] = [(); 2].map(|()| RwSignal::new(String::new()));
    let [name_fault, password_fault] = [(); 2].map(|()| RwSignal::new(None::<String>));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let request = AcceptInvitation {
            token: token.get_untracked(),
            password: password.get_untracked(),
            name: name.get_untracked().trim().to_owned(),
        };
        error.set(None);
        name_fault.set(name_problem(&request.name));
        password_fault.set(password_problem(&request.password));
        if name_fault.with_untracked(Option::is_some) || password_fault.with_untracked(Option::is_some) {
            return focus_first_problem();
        }
        busy.set(true);
        spawn_local(async move {
            match client::people::accept_invitation(&request).await {
                Ok(()) => {
                    // First the page: this one would say that somebody is signed in.
                    router.replace(Page::Projects);
                    session.refresh();
                }
                Err(problem) => set_if_alive(error, Some(problem)),
            }
            set_if_alive(busy, false);
        });
    };
    view! {
        <p class="lead">"You were invited to this server. Set a password. You then sign in with your email address."</p>
        <form class="stack" on:submit=submit novalidate>
            <TextField id="name" label="Name" value=name autocomplete="name" hint=Signal::stored("Optional.".to_owned()) problem=name_fault />
            <TextField
                id="password"
                label="Password"
                value=password
                kind="password"
                autocomplete="new-password"
                required=true
                hint=Signal::stored(password_rule())
                problem=password_fault
            />
            {move || error.get().map(|error| view! { <Failure error /> })}
            <button type="submit" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string()>
                {move || if busy.get() { "Setting…" } else { "Set password and sign in" }}
            </button>
        </form>
    }
}
