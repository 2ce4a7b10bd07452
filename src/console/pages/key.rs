//! One API key: status and actions, facts, and the form to change it.

use leptos::{prelude::*, task::spawn_local};

use super::{
    conflict::{Conflict, ConflictDialog},
    key_delete::DeleteSection,
    key_facts::KeyFacts,
    key_form::{FormBar, FormScopes, KeyForm, TextFields, policy_of},
    key_secret::{Exposed, FreshSecret, KeyActions, Secrets},
    project_names::crumbs_to_keys,
};
use crate::{
    api::{ErrorType, Key, KeyDetails},
    console::{
        catalog::use_catalog,
        client::{self, ClientError, Tagged},
        clock,
        components::{ContextField, Crumb, Crumbs, ExpiryField, Failure, Loading, SaveActions, Section},
        load::{LoadState, load, set_if_alive},
        router::{Guard, use_router},
        state::{ExpiryChoice, shown},
        toast::use_toasts,
    },
};

const UNSAVED: Guard =
    Guard { title: "Leave without saving?", text: "Your changes to this key will be lost.", leave: "Leave without saving" };

#[component]
pub(in crate::console) fn KeyPage(project: String, key: String) -> impl IntoView {
    let router = use_router();
    let saved = {
        let (project, key) = (project.clone(), key.clone());
        load(move || {
            let (project, key) = (project.clone(), key.clone());
            async move { client::key(&project, &key).await }
        })
    };
    // The form is kept after saving, so that the focus and expanded services stay.
    let latest = RwSignal::new(None::<Key>);
    let name = Memo::new(move |_| match (latest.get(), saved.value.get()) {
        (Some(key), _) => shown(&key.name),
        (None, LoadState::Ready(found)) => shown(&found.value.key.name),
        _ => String::new(),
    });
    Effect::new(move |_| router.subject.set(name.get()));
    let title = Signal::derive(move || name.with(|name| if name.is_empty() { "API key".to_owned() } else { name.clone() }));
    let mut crumbs = crumbs_to_keys(&project, false);
    crumbs.push(Crumb::here(title));
    let body = move || match saved.value.get() {
        LoadState::Loading => view! { <Loading what="the key" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=saved.reload /> }.into_any(),
        LoadState::Ready(found) => {
            let on_saved = Callback::new(move |key| latest.set(Some(key)));
            view! { <KeyEditor project=project.clone() found on_saved /> }.into_any()
        }
    };
    view! {
        <Crumbs steps=crumbs />
        <h1 class="title" tabindex="-1" dir="auto">{move || title.get()}</h1>
        {body}
    }
}

#[component]
fn KeyEditor(project: String, found: Tagged<KeyDetails>, on_saved: Callback<Key>) -> impl IntoView {
    let (router, toasts, catalog) = (use_router(), use_toasts(), use_catalog());
    let policy = policy_of(&project);
    let saved = RwSignal::new(found.value);
    let tag = StoredValue::new(found.tag);
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
    let conflict = RwSignal::new(None::<Conflict>);
    // What an action answers: it may have changes of other people, under the changes that are not saved yet.
    let receive = Callback::new(move |answer: Tagged<KeyDetails>| {
        form.rebase(&saved.get_untracked().key, &answer.value.key);
        on_saved.run(answer.value.key.clone());
        tag.set_value(answer.tag);
        saved.set(answer.value);
    });
    let secrets = Secrets::new(project.clone(), saved, receive);
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
                let id = saved.with_untracked(|saved| saved.key.id.clone());
                let mut answer = client::update_key(&project, &id, &body, &tag.get_value()).await;
                if answer.as_ref().is_err_and(|problem| problem.is(ErrorType::PreconditionFailed)) {
                    match client::key(&project, &id).await {
                        Ok(theirs) => {
                            let base = saved.with_untracked(|saved| saved.key.clone());
                            set_if_alive(conflict, Some(Conflict::of(&base, &body, theirs)));
                            set_if_alive(busy, false);
                            return;
                        }
                        Err(problem) => answer = Err(problem),
                    }
                }
                match answer {
                    // If the page was left in the meantime, there is nothing to update.
                    Ok(answer) if on_saved.try_run(answer.value.clone()).is_some() => {
                        form.reset(&answer.value);
                        tag.set_value(answer.tag);
                        let _: Option<()> = saved.try_update(|saved| saved.key = answer.value);
                        toasts.say("The key is saved. The changes apply from the next request on.".to_owned(), None);
                    }
                    Ok(_) => {}
                    Err(problem) => set_if_alive(error, Some(problem)),
                }
                set_if_alive(busy, false);
            });
        })
    };
    let discard = Callback::new(move |()| form.reset(&saved.get_untracked().key));
    // After a conflict: with or without the own changes, on top of theirs.
    let resolve = Callback::new(move |choice: super::conflict::Choice| {
        let Some(found) = conflict.get_untracked() else { return };
        conflict.set(None);
        match choice {
            super::conflict::Choice::Theirs => {
                receive.run(found.theirs);
                discard.run(());
            }
            super::conflict::Choice::Both => receive.run(found.theirs),
            super::conflict::Choice::Mine => {
                tag.set_value(found.theirs.tag);
                form.previous.set(Some(found.theirs.value.key.scopes.clone()));
                saved.set(found.theirs.value);
                submit.run(());
            }
        }
    });
    view! {
        <KeyActions secrets policy />
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
        <FormBar form error>
            <SaveActions changed busy label="Save changes" form="key-form" on_discard=discard />
        </FormBar>
        {move || view! { <DeleteSection project=project.clone() key=saved.get().key /> }}
        <ConflictDialog conflict on_choose=resolve />
    }
}
