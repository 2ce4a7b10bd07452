//! The sign-in page. It has its own path, and is shown instead of every page that needs an account.

use leptos::{prelude::*, task::spawn_local};

use super::focus;
use crate::{
    api::{CreateEmailSession, CreateSecondFactorSession, ErrorType},
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
    let [email, password, code] = [(); 3].map(|()| RwSignal::new(String::new()));
    // What the server returns for the right password of an account with a second factor.
    let challenge = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let restart = move || {
        set_if_alive(challenge, None);
        set_if_alive(password, String::new());
        set_if_alive(code, String::new());
        focus("password");
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let first = CreateEmailSession { email: email.get_untracked().trim().to_owned(), password: password.get_untracked() };
        let (known, entered) = (challenge.get_untracked(), code.get_untracked());
        spawn_local(async move {
            let answer = match known {
                Some(challenge) => client::sign_in_with_code(&CreateSecondFactorSession { challenge, code: entered }).await.map(|()| None),
                None => client::sign_in(&first).await,
            };
            match answer {
                Ok(Some(asked)) => {
                    set_if_alive(challenge, Some(asked.challenge));
                    focus("code");
                }
                Ok(None) => {
                    session.refresh();
                    tabs::notify(tabs::Message::Session);
                }
                // Another tab has signed in in the meantime.
                Err(problem) if problem.is(ErrorType::SessionAlreadyExists) => session.refresh(),
                Err(problem) => {
                    if problem.is(ErrorType::CodeInvalid) {
                        set_if_alive(code, String::new());
                        focus("code");
                    } else {
                        restart();
                    }
                    set_if_alive(error, Some(problem));
                }
            }
            set_if_alive(busy, false);
        });
    };
    let asks_code = memo(move || challenge.with(Option::is_some));
    let fields = move || {
        if asks_code.get() {
            let hint = Signal::stored("The 6 digits that your authenticator app shows, or a recovery code.".to_owned());
            view! { <TextField id="code" label="Code" value=code autocomplete="one-time-code" code=true required=true hint /> }.into_any()
        } else {
            view! {
                <TextField id="email" label="Email" value=email kind="email" autocomplete="username" required=true />
                <TextField id="password" label="Password" value=password kind="password" autocomplete="current-password" required=true />
            }
            .into_any()
        }
    };
    let again = move |_| {
        error.set(None);
        restart();
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
                {fields}
                {move || error.get().map(|error| view! { <Failure error /> })}
                <button type="submit" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string()>
                    {move || if busy.get() { "Signing in…" } else { "Sign in" }}
                </button>
                <button type="button" class="button" hidden=move || !asks_code.get() on:click=again>"Start again"</button>
            </form>
        </div>
    }
}
