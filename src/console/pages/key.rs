//! One API key: its facts, and one form for everything that can change.

use leptos::{prelude::*, task::spawn_local};

use super::{
    key_delete::DeleteSection,
    key_facts::KeyFacts,
    key_form::{FormBar, FormScopes, KeyForm, TextFields, policy_of},
    key_secret::{Exposed, FreshSecret, SecretSection, Secrets},
    project_names::crumbs_to_keys,
};
use crate::{
    api::{Key, KeyDetails},
    console::{
        catalog::use_catalog,
        client::{self, ClientError},
        clock,
        components::{ContextField, Crumb, Crumbs, ExpiryField, Failure, Loading, SaveActions, Section},
        load::{LoadState, load, set_if_alive},
        router::{Guard, use_router},
        state::ExpiryChoice,
    },
};

const UNSAVED: Guard =
    Guard { title: "Leave without saving?", text: "Your changes to this key will be lost.", leave: "Leave without saving" };

#[component]
pub(in crate::console) fn KeyPage(project: String, key: String) -> impl IntoView {
    let saved = {
        let (project, key) = (project.clone(), key.clone());
        load(move || {
            let (project, key) = (project.clone(), key.clone());
            async move { client::key(&project, &key).await }
        })
    };
    // The form is kept after saving, so that the focus and expanded services stay.
    let latest = RwSignal::new(None::<Key>);
    let name = Signal::derive(move || match (latest.get(), saved.value.get()) {
        (Some(key), _) => key.name,
        (None, LoadState::Ready(details)) => details.key.name,
        _ => "API key".to_owned(),
    });
    let mut crumbs = crumbs_to_keys(&project, false);
    crumbs.push(Crumb::here(name));
    let body = move || match saved.value.get() {
        LoadState::Loading => view! { <Loading what="the key" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=saved.reload /> }.into_any(),
        LoadState::Ready(details) => {
            let on_saved = Callback::new(move |key| latest.set(Some(key)));
            view! { <KeyEditor project=project.clone() details on_saved /> }.into_any()
        }
    };
    view! {
        <Crumbs steps=crumbs />
        <h1 class="title" tabindex="-1" dir="auto">{move || name.get()}</h1>
        {body}
    }
}

#[component]
fn KeyEditor(project: String, details: KeyDetails, on_saved: Callback<Key>) -> impl IntoView {
    let (router, catalog) = (use_router(), use_catalog());
    let policy = policy_of(&project);
    let saved = RwSignal::new(details);
    let form = KeyForm::new(Some(saved), policy);
    // A rotation can change the expiry; "Keep" then means the new one.
    Effect::new(move |_| {
        let expire = saved.with(|saved| saved.key.expire.0);
        if form.expiry.with_untracked(|draft| draft.saved != expire) {
            form.expiry.update(|draft| draft.saved = expire);
        }
    });
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let secrets = Secrets::new(project.clone(), saved);
    let changed = Memo::new(move |_| saved.with(|saved| form.scopes.with(|scopes| form.draft().changes(&saved.key, scopes, catalog))));
    Effect::new(move |_| {
        let unsaved = changed.get().then_some(UNSAVED);
        router.set_guard(secrets.guard().or(unsaved));
    });
    on_cleanup(move || router.set_guard(None));
    let submit = {
        let project = project.clone();
        Callback::new(move |()| {
            if busy.get_untracked() || !changed.get_untracked() {
                return;
            }
            error.set(None);
            let body = form.draft().update(&form.scopes.get_untracked(), clock::now(), clock::parse_local);
            let Some(body) = form.accept(body) else { return };
            if form.is_blocked() {
                return;
            }
            busy.set(true);
            let project = project.clone();
            spawn_local(async move {
                match client::update_key(&project, &saved.with_untracked(|saved| saved.key.id.clone()), &body).await {
                    // If the page was left in the meantime, there is nothing to update.
                    Ok(key) if on_saved.try_run(key.clone()).is_some() => {
                        form.reset(&key);
                        let _: Option<()> = saved.try_update(|saved| saved.key = key);
                    }
                    Ok(_) => {}
                    Err(problem) => set_if_alive(error, Some(problem)),
                }
                set_if_alive(busy, false);
            });
        })
    };
    let discard = Callback::new(move |()| form.reset(&saved.get_untracked().key));
    view! {
        <FreshSecret secrets />
        <Exposed secrets />
        {move || view! { <KeyFacts details=saved.get() /> }}
        <form
            on:submit=move |event| {
                event.prevent_default();
                submit.run(());
            }
            novalidate
            id="key-form"
        >
            <Section id="section-key" title="Key" about="The name shows where the key is used.">
                <TextFields form />
            </Section>
            <Section id="section-life" title="Expiry and environment" about="A new expiry counts from the time that you save.">
                <ExpiryField draft=form.expiry choices=ExpiryChoice::FOR_SAVED problem=form.expiry_problem() rule=form.rule />
                <ContextField runs_in=form.runs_in />
            </Section>
        </form>
        <Section id="section-scopes" title="Scopes" about="What the key can do. A revoked scope stops working immediately." wide=true>
            <FormScopes form />
        </Section>
        {move || error.get().map(|error| view! { <Failure error /> })}
        <FormBar form>
            <SaveActions changed busy label="Save changes" form="key-form" on_discard=discard />
        </FormBar>
        <SecretSection secrets policy />
        {move || view! { <DeleteSection project=project.clone() key=saved.get().key /> }}
    }
}
