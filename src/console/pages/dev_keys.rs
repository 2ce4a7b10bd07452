//! The dev keys of a project: listed, created, edited, and deleted.

use leptos::{prelude::*, task::spawn_local};

use super::{
    dev_key_form::{DevKeyDialog, DevKeyForm},
    project_names::crumbs_to_integration,
};
use crate::{
    api::DevKey,
    console::{
        app::focus_heading,
        client, clock,
        components::{ConfirmDialog, Failure, Loading, Moment, SecretPanel, StatusPill},
        load::{LoadState, load, set_if_alive},
        router::{Guard, use_router},
        state::{ago_to_the_day, relative, shown},
        toast::use_toasts,
    },
    key::{KeyStatus, hint},
    scope::DateTime,
};

const NOT_COPIED: Guard = Guard {
    title: "Leave without the secret?",
    text: "You have not copied the secret, and you cannot see it again.",
    leave: "Leave without it",
};

#[component]
pub(in crate::console) fn DevKeysPage(project: String) -> impl IntoView {
    let (router, toasts) = (use_router(), use_toasts());
    let keys = {
        let project = project.clone();
        load(move || {
            let project = project.clone();
            async move { client::dev_keys(&project).await }
        })
    };
    let form = RwSignal::new(None::<DevKeyForm>);
    let fresh = RwSignal::new(None::<String>);
    let copied = RwSignal::new(false);
    effect(move |_| router.set_guard((fresh.with(Option::is_some) && !copied.get()).then_some(NOT_COPIED)));
    on_cleanup(move || router.set_guard(None));
    let deleting = RwSignal::new(None::<(String, String)>);
    let busy = RwSignal::new(false);
    let held = StoredValue::new(project.clone());
    let delete = Callback::new(move |()| {
        let Some((id, name)) = deleting.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = client::delete_dev_key(&held.get_value(), &id).await;
            set_if_alive(busy, false);
            set_if_alive(deleting, None);
            match answer {
                Ok(()) => {
                    toasts.say(format!("{name} is deleted."), None);
                    keys.reload.try_run(());
                    focus_heading();
                }
                Err(problem) => toasts.say(problem.text(), None),
            }
        });
    });
    let on_created = Callback::new(move |secret: String| {
        copied.set(false);
        fresh.set(Some(secret));
        form.set(None);
        keys.reload.run(());
        super::focus("secret-title");
    });
    let on_saved = Callback::new(move |name: String| {
        form.set(None);
        toasts.say(format!("{} is saved.", shown(&name)), None);
        keys.reload.run(());
    });
    // As it is now, with its tag: another person may have changed it since the list was read.
    let edit = Callback::new(move |id: String| {
        spawn_local(async move {
            match client::dev_key(&held.get_value(), &id).await {
                Ok(key) => set_if_alive(form, Some(DevKeyForm::Edit(key))),
                Err(problem) => toasts.say(problem.text(), None),
            }
        });
    });
    let body = move || match keys.value.get() {
        LoadState::Loading => view! { <Loading what="dev keys" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=keys.reload /> }.into_any(),
        LoadState::Ready(list) if list.dev_keys.is_empty() => view! { <NoDevKeys /> }.into_any(),
        LoadState::Ready(list) => view! { <DevKeyTable keys=list.dev_keys edit deleting /> }.into_any(),
    };
    let secret = move || {
        fresh.get().map(|secret| {
            let hint = hint(&secret);
            view! { <SecretPanel secret hint on_copied=Callback::new(move |()| copied.set(true)) /> }
        })
    };
    view! {
        {crumbs_to_integration(&project, "Dev keys")}
        <div class="page-head">
            <h1 class="title" tabindex="-1">"Dev keys"</h1>
            <button type="button" class="button" data-kind="primary" on:click=move |_| form.set(Some(DevKeyForm::Create))>"Create dev key"</button>
        </div>
        <p class="lead">"A dev key lifts rate limits and CORS errors while you develop a web or mobile app. It has no scopes, and opens nothing that your app cannot already open. Keep it out of releases."</p>
        {secret}
        {body}
        <DevKeyDialog project form on_created on_saved />
        <ConfirmDialog
            id="delete-dev-key"
            open=Signal::derive(move || deleting.with(Option::is_some))
            title=Signal::derive(move || format!("Delete {}?", deleting.with(|key| key.as_ref().map(|(_, name)| name.clone()).unwrap_or_default())))
            confirm=Signal::stored("Delete dev key".to_owned())
            cancel="Keep it"
            busy
            on_cancel=Callback::new(move |()| deleting.set(None))
            on_confirm=delete
        >
            <p>"Apps that send this dev key get the usual rate limits again. You cannot undo this."</p>
        </ConfirmDialog>
    }
}

#[component]
fn NoDevKeys() -> impl IntoView {
    view! {
        <section class="empty" aria-labelledby="no-dev-keys">
            <h2 class="empty-title" id="no-dev-keys">"No dev keys yet"</h2>
            <p class="empty-text">"Create one for each developer or test environment. A dev key expires after at most 30 days."</p>
        </section>
    }
}

/// A dev key always expires soon, so that is not worth a word.
fn status(expire: Option<DateTime>, now: DateTime) -> KeyStatus {
    if expire.is_some_and(|at| at <= now) { KeyStatus::Expired } else { KeyStatus::Active }
}

#[component]
fn DevKeyTable(keys: Vec<DevKey>, edit: Callback<String>, deleting: RwSignal<Option<(String, String)>>) -> impl IntoView {
    let now = clock::use_now();
    let row = |key: DevKey| {
        let (name, expire) = (shown(&key.name), key.expire.0);
        let [edit_label, label] = ["Edit", "Delete"].map(|verb| format!("{verb} {name}"));
        let target = (key.id.clone(), name.clone());
        let edited = key.id.clone();
        let edit = move |_| edit.run(edited.clone());
        let delete = move |_| deleting.set(Some(target.clone()));
        view! {
            <tr>
                <td>{move || view! { <StatusPill status=status(expire, now.get()) exposed=false /> }}</td>
                <th scope="row"><span class="keys-stack"><bdi>{name}</bdi><span class="keys-hint mono">{key.secret}</span></span></th>
                <td><Moment at=expire text=relative /></td>
                <td data-wide="medium"><Moment at=key.accessed_at.0 text=ago_to_the_day /></td>
                <td data-wide="medium"><Moment at=key.created_at.0 text=relative /></td>
                <td class="table-action">
                    <div class="row">
                        <button type="button" class="button" aria-label=edit_label on:click=edit>"Edit"</button>
                        <button type="button" class="button" aria-label=label on:click=delete>"Delete"</button>
                    </div>
                </td>
            </tr>
        }
    };
    let rows = keys.into_iter().map(row).collect_view();
    view! {
        <table class="table plain-rows">
            <caption class="visually-hidden">"Dev keys"</caption>
            <thead>
                <tr>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Expires"</th>
                    <th scope="col" data-wide="medium">"Last used"</th>
                    <th scope="col" data-wide="medium">"Created"</th>
                    <td></td>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
