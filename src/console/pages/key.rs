//! One API key: what it is, and one form for everything that can be changed.

use leptos::{prelude::*, task::spawn_local};

use super::{
    key_delete::DeleteSection,
    key_form::{FormBar, KeyForm},
    project_names::crumbs_to_keys,
};
use crate::{
    api::Key,
    console::{
        client::{self, ClientError},
        clock,
        components::{
            ContextField, CopyButton, Crumb, Crumbs, ExpiryField, ExpiryTime, Failure, Loading, Section, StatusTag, TextField, Time,
            focus_first_problem,
        },
        remote::{Remote, load, put},
        router::{Guard, use_router},
        state::{ExpiryChoice, KeyDraft, ago_to_the_day, status},
    },
    picker::ScopePicker,
    scope::Catalog,
};

const UNSAVED: Guard =
    Guard { title: "Leave without saving?", text: "The changes to this key will be lost.", leave: "Leave without saving" };

#[component]
pub(in crate::console) fn KeyPage(project: String, key: String) -> impl IntoView {
    let saved = {
        let (project, key) = (project.clone(), key.clone());
        load(move || {
            let (project, key) = (project.clone(), key.clone());
            async move { client::key(&project, &key).await }
        })
    };
    // Saving goes on in the same form, so that the focus and what is unfolded stay.
    let latest = RwSignal::new(None::<Key>);
    let name = Signal::derive(move || match (latest.get(), saved.value.get()) {
        (Some(key), _) | (None, Remote::Ready(key)) => key.name,
        _ => "API key".to_owned(),
    });
    let mut crumbs = crumbs_to_keys(&project, false);
    crumbs.push(Crumb::here(name));
    let body = move || match saved.value.get() {
        Remote::Loading => view! { <Loading what="the key" /> }.into_any(),
        Remote::Failed(error) => view! { <Failure error on_retry=saved.reload /> }.into_any(),
        Remote::Ready(key) => {
            let on_saved = Callback::new(move |key| latest.set(Some(key)));
            view! { <KeyEditor project=project.clone() key on_saved /> }.into_any()
        }
    };
    view! {
        <Crumbs steps=crumbs />
        <h1 class="title" tabindex="-1" dir="auto">{move || name.get()}</h1>
        {body}
    }
}

#[component]
fn KeyEditor(project: String, key: Key, on_saved: Callback<Key>) -> impl IntoView {
    let router = use_router();
    let form = KeyForm::new(&KeyDraft::of(&key), key.scopes.clone(), Some(key.scopes.clone()));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let saved = RwSignal::new(key.clone());
    let changed = Memo::new(move |_| saved.with(|key| form.scopes.with(|scopes| form.draft().changes(key, scopes, Catalog::appwrite()))));
    Effect::new(move |_| router.set_guard(changed.get().then_some(UNSAVED)));
    on_cleanup(move || router.set_guard(None));
    let submit = {
        let project = project.clone();
        Callback::new(move |()| {
            if busy.get_untracked() || !changed.get_untracked() {
                return;
            }
            error.set(None);
            let body = match form.draft().update(&form.scopes.get_untracked(), clock::now(), clock::parse_local) {
                Ok(body) => body,
                Err(problems) => {
                    form.problems.set(problems);
                    focus_first_problem();
                    return;
                }
            };
            form.problems.set(Default::default());
            if form.is_blocked() {
                return;
            }
            busy.set(true);
            let project = project.clone();
            spawn_local(async move {
                match client::update_key(&project, &saved.with_untracked(|key| key.id.clone()), &body).await {
                    // Nobody listens where the page was left meanwhile.
                    Ok(key) if on_saved.try_run(key.clone()).is_some() => {
                        form.reset(&key);
                        put(saved, key);
                    }
                    Ok(_) => {}
                    Err(problem) => put(error, Some(problem)),
                }
                put(busy, false);
            });
        })
    };
    let discard = move |_| form.reset(&saved.get_untracked());
    view! {
        {move || view! { <KeyFacts key=saved.get() /> }}
        <form
            on:submit=move |event| {
                event.prevent_default();
                submit.run(());
            }
            novalidate
            id="key-form"
        >
            <Section id="section-key" title="Key" about="The name tells people where the key is used.">
                <TextField
                    id="key-name"
                    label="Name"
                    value=form.name
                    required=true
                    problem=Signal::derive(move || form.problems.with(|problems| problems.name.clone()))
                />
            </Section>
            <Section id="section-life" title="Life" about="A new end counts from the moment of saving.">
                <ExpiryField
                    draft=form.expiry
                    choices=ExpiryChoice::FOR_SAVED
                    problem=Signal::derive(move || form.problems.with(|problems| problems.expiry.clone()))
                />
                <ContextField runs_in=form.runs_in />
            </Section>
        </form>
        <Section id="section-scopes" title="Scopes" about="What the key may do. A revoked scope is refused from the next request on." wide=true>
            <ScopePicker inputs=form.inputs() report=form.report />
        </Section>
        {move || error.get().map(|error| view! { <Failure error /> })}
        <FormBar form>
            <span class="form-state" role="status">{move || if changed.get() { "Unsaved changes" } else { "Saved" }}</span>
            <button type="button" class="button" disabled=move || !changed.get() on:click=discard>"Discard"</button>
            <button
                type="submit"
                form="key-form"
                class="button"
                data-kind="primary"
                aria-disabled=move || (busy.get() || !changed.get()).to_string()
            >
                {move || if busy.get() { "Saving…" } else { "Save changes" }}
            </button>
        </FormBar>
        {move || view! { <DeleteSection project=project.clone() key=saved.get() /> }}
    }
}

/// What a key is, apart from what can be changed.
#[component]
fn KeyFacts(key: Key) -> impl IntoView {
    let now = clock::use_now();
    let used = key.accessed_at.0;
    let used = move || used.map_or_else(|| "Never".to_owned(), |at| format!("{} (known to the day)", ago_to_the_day(at, now.get())));
    let sdks = if key.sdks.is_empty() { "None that told its name".to_owned() } else { key.sdks.join(", ") };
    let expire = key.expire.0;
    let dated = key.clone();
    view! {
        <dl class="facts">
            <div>
                <dt>"Key ID"</dt>
                <dd class="row"><code>{key.id.clone()}</code><CopyButton text=Signal::stored(key.id) what="key ID" /></dd>
            </div>
            <div><dt>"Secret"</dt><dd><code>{key.secret}</code></dd></div>
            <div>
                <dt>"Expires"</dt>
                <dd class="keys-stack">
                    <ExpiryTime expire />
                    {move || view! { <StatusTag status=status(&dated, now.get()) /> }}
                </dd>
            </div>
            <div><dt>"Last used"</dt><dd>{used}</dd></div>
            <div><dt>"SDKs seen"</dt><dd>{sdks}</dd></div>
            <div><dt>"Created"</dt><dd>{key.created_at.0.map(|at| view! { <Time at /> })}</dd></div>
            <div><dt>"Updated"</dt><dd>{key.updated_at.0.map(|at| view! { <Time at /> })}</dd></div>
        </dl>
    }
}
