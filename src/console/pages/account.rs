//! The account page: name, password, sessions, signing out.

use leptos::{prelude::*, task::spawn_local};

use super::{
    account_forms::{NameForm, PasswordForm},
    second_factor::SecondFactorSection,
};
use crate::{
    api::Session,
    console::{
        client::{self, ClientError},
        components::{Failure, Loading, Time},
        load::{LoadState, load, set_if_alive},
        route::Page,
        router::use_router,
        session::{SessionState, use_session},
        state::client_label,
        toast::use_toasts,
    },
};

#[component]
pub(in crate::console) fn AccountPage() -> impl IntoView {
    let (router, session, toasts) = (use_router(), use_session(), use_toasts());
    let sessions = load(client::sessions);
    let error = RwSignal::new(None::<ClientError>);
    let end = Callback::new(move |(id, current): (String, bool)| {
        spawn_local(async move {
            error.set(None);
            match client::end_session(&id).await {
                Ok(()) if current => {
                    session.leave();
                    router.replace(Page::SignIn);
                }
                Ok(()) => sessions.reload.run(()),
                Err(problem) => set_if_alive(error, Some(problem)),
            }
        });
    });
    let end_others = move |_| {
        spawn_local(async move {
            error.set(None);
            match client::people::end_other_sessions().await {
                Ok(()) => {
                    toasts.say("All your other sessions have ended.".to_owned(), None);
                    sessions.reload.run(());
                }
                Err(problem) => set_if_alive(error, Some(problem)),
            }
        });
    };
    let others = move || matches!(sessions.value.get(), LoadState::Ready(list) if list.sessions.len() > 1);
    // The forms are not rebuilt when the name changes, so that entries in them stay.
    let who = dynamic(move || match session.state.get() {
        SessionState::In(account) => Some(view! {
            <dl class="facts">
                <div><dt>"Name"</dt><dd><bdi>{if account.name.is_empty() { "–".to_owned() } else { account.name }}</bdi></dd></div>
                <div><dt>"Email"</dt><dd><bdi>{account.email}</bdi></dd></div>
                <div><dt>"Created"</dt><dd>{account.created_at.0.map(|at| view! { <Time at /> })}</dd></div>
            </dl>
        }),
        _ => None,
    });
    let list = dynamic(move || match sessions.value.get() {
        LoadState::Loading => view! { <Loading what="sessions" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=sessions.reload /> }.into_any(),
        LoadState::Ready(list) => view! { <SessionTable sessions=list.sessions on_end=end /> }.into_any(),
    });
    view! {
        <div class="page-head">
            <h1 class="title" tabindex="-1">"Account"</h1>
            <button type="button" class="button" on:click=move |_| end.run(("current".to_owned(), true))>"Sign out"</button>
        </div>
        {who}
        <NameForm />
        <PasswordForm on_done=sessions.reload />
        <SecondFactorSection on_done=sessions.reload />
        <section class="block" aria-labelledby="sessions-title">
            <h2 class="section-title" id="sessions-title">"Sessions"</h2>
            <p class="section-text">"The browsers that are signed in to this account. If you do not recognize a session, end it, then check for API keys that you did not create."</p>
            {move || error.get().map(|error| view! { <Failure error /> })}
            {list}
            <p class="audit-more">
                <button type="button" class="button" hidden=move || !others() on:click=end_others>"End all other sessions"</button>
            </p>
        </section>
    }
}

#[component]
fn SessionTable(sessions: Vec<Session>, on_end: Callback<(String, bool)>) -> impl IntoView {
    let rows = sessions
        .into_iter()
        .map(|session| {
            let client = client_label(&session.client_name);
            let (id, current) = (session.id, session.current);
            let label = format!("End the session of {client} at {}", session.ip);
            let end = move |_| on_end.run((id.clone(), current));
            view! {
                <tr>
                    <th scope="row">
                        <span class="keys-stack">
                            <bdi>{client}</bdi>
                            {current.then(|| view! { <span class="tag" data-tone="fine">"This session"</span> })}
                        </span>
                    </th>
                    <td class="mono">{session.ip}</td>
                    <td data-wide="medium">{session.created_at.0.map(|at| view! { <Time at /> })}</td>
                    <td data-wide="medium">{session.updated_at.0.map(|at| view! { <Time at /> })}</td>
                    <td data-wide="large">{session.expire.0.map(|at| view! { <Time at /> })}</td>
                    <td class="table-action">
                        <button type="button" class="button" aria-label=label on:click=end>"End"</button>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table">
            <caption class="visually-hidden">"Sessions"</caption>
            <thead>
                <tr>
                    <th scope="col">"Client"</th>
                    <th scope="col">"IP address"</th>
                    <th scope="col" data-wide="medium">"Signed in"</th>
                    <th scope="col" data-wide="medium">"Last used"</th>
                    <th scope="col" data-wide="large">"Expires"</th>
                    <th scope="col"><span class="visually-hidden">"Action"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
