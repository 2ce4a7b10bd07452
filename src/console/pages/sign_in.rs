//! The sign-in page. It has its own path, and is shown instead of every page that needs an account.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::CreateEmailSession,
    console::{
        client::{self, ClientError},
        components::{Failure, Notice, TextField},
        load::{LoadState, load, set_if_alive},
        route::Page,
        router::use_router,
        session::{SessionState, use_session},
        tabs,
    },
};

#[component]
pub(in crate::console) fn SignInPage() -> impl IntoView {
    let (router, session) = (use_router(), use_session());
    effect(move |_| {
        if session.is_in() && router.page.get() == Page::SignIn {
            router.replace(Page::Projects);
        }
    });
    let setup = load(client::setup_state);
    let ended = move || session.state.with(|state| *state == SessionState::Out { ended: true });
    let needs_setup = move || matches!(setup.value.get(), LoadState::Ready(state) if state.needed);
    let [email, password] = [(); 2].map(|()| RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let request = CreateEmailSession { email: email.get_untracked().trim().to_owned(), password: password.get_untracked() };
        spawn_local(async move {
            match client::sign_in(&request).await {
                Ok(_) => {
                    session.refresh();
                    tabs::notify(tabs::Message::Session);
                }
                // Another tab has signed in in the meantime.
                Err(problem) if problem.is(crate::api::ErrorType::SessionAlreadyExists) => session.refresh(),
                Err(problem) => {
                    set_if_alive(error, Some(problem));
                    set_if_alive(password, String::new());
                }
            }
            set_if_alive(busy, false);
        });
    };
    view! {
        <div class="narrow">
            <h1 class="title" tabindex="-1">"Sign in"</h1>
            <p class="lead">"Issue API keys and see what their scopes allow."</p>
            {move || ended().then(|| view! { <Notice><p>"Your session has expired. Sign in again to continue where you left off."</p></Notice> })}
            {move || needs_setup().then(|| view! {
                <Notice tone="warning">
                    <p>"This server has no account yet. Open the set-up link that the server printed when it started."</p>
                </Notice>
            })}
            <form class="stack" on:submit=submit>
                <TextField id="email" label="Email" value=email kind="email" autocomplete="username" required=true />
                <TextField id="password" label="Password" value=password kind="password" autocomplete="current-password" required=true />
                {move || error.get().map(|error| view! { <Failure error /> })}
                <button type="submit" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string()>
                    {move || if busy.get() { "Signing in…" } else { "Sign in" }}
                </button>
            </form>
        </div>
    }
}
