//! One API key: its status and actions, and tabs that say what it opens, how it is used, and what became of it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{
    conflict::ConflictDialog,
    key_delete::DeleteSection,
    key_edit::{Edit, SaveBar},
    key_facts::KeyFacts,
    key_form::{KeyForm, LimitedNotice, TextFields, policy_of},
    key_history::KeyHistory,
    key_scopes::ScopeLines,
    key_secret::{Exposed, FreshSecret, KeyActions, Secrets},
    key_use::KeyUse,
    project_names::crumbs_to_keys,
};
use crate::{
    api::{Key, KeyDetails},
    console::{
        catalog::use_catalog,
        client::{self, Tagged},
        components::{ContextField, Crumb, Crumbs, ExpiryField, Failure, Loading, OpensMap, Section, Tab, Tabs, open_tab},
        load::{LoadState, load},
        route::Page,
        router::{Guard, use_router},
        state::{ExpiryChoice, shown},
    },
    picker::ScopePicker,
};

const UNSAVED: Guard =
    Guard { title: "Leave without saving?", text: "Your changes to this key will be lost.", leave: "Leave without saving" };

const TABS: &[Tab] = &[("opens", "Opens"), ("scopes", "Scopes"), ("use", "Use"), ("history", "History"), ("settings", "Settings")];

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
    let name = memo(move || match (latest.get(), saved.value.get()) {
        (Some(key), _) => shown(&key.name),
        (None, LoadState::Ready(found)) => shown(&found.value.key.name),
        _ => String::new(),
    });
    effect(move |_| router.subject.set(name.get()));
    let title = Signal::derive(move || name.with(|name| if name.is_empty() { "API key".to_owned() } else { name.clone() }));
    let mut crumbs = crumbs_to_keys(&project, false);
    crumbs.push(Crumb::here(title));
    let body = dynamic(move || match saved.value.get() {
        LoadState::Loading => view! { <Loading what="the key" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=saved.reload /> }.into_any(),
        LoadState::Ready(found) => {
            let on_saved = Callback::new(move |key| latest.set(Some(key)));
            view! { <KeyEditor project=project.clone() found on_saved /> }.into_any()
        }
    });
    view! {
        <Crumbs steps=crumbs />
        <h1 class="title" tabindex="-1" dir="auto">{move || title.get()}</h1>
        {body}
    }
}

#[component]
fn KeyEditor(project: String, found: Tagged<KeyDetails>, on_saved: Callback<Key>) -> impl IntoView {
    let (router, catalog) = (use_router(), use_catalog());
    let policy = policy_of(&project);
    let saved = RwSignal::new(found.value);
    let form = KeyForm::new(Some(saved), policy);
    let edit = Edit::new(project.clone(), form, saved, found.tag, on_saved);
    let secrets = Secrets::new(project.clone(), saved, edit.receive);
    effect(move |_| {
        let unsaved = edit.changed.get().then_some(UNSAVED);
        router.set_guard(secrets.guard().or(unsaved));
    });
    on_cleanup(move || router.set_guard(None));
    let path = Page::Key { project: project.clone(), key: saved.with_untracked(|saved| saved.key.id.clone()) }.path();
    let open = open_tab(TABS);
    let scopes = memo(move || saved.with(|saved| saved.key.scopes.clone()));
    // Once the picker is there, it stays: what is expanded and searched for is kept.
    let editing = RwSignal::new(false);
    let (of_history, of_use) = (project.clone(), project.clone());
    let scopes_tab = dynamic(move || {
        if editing.get() {
            view! { <ScopePicker inputs=form.inputs report=form.report /> }.into_any()
        } else {
            let on_edit = Callback::new(move |()| {
                editing.set(true);
                focus_search();
            });
            view! { <ScopeLines catalog scopes edition=form.inputs.edition on_edit /> }.into_any()
        }
    });
    let heading = dynamic(move || TABS.iter().find(|(word, _)| *word == open.get()).map_or("", |(_, label)| label));
    let other_tab = dynamic(move || match open.get() {
        "opens" => view! { <OpensMap catalog scopes edition=form.inputs.edition /> }.into_any(),
        "use" => view! {
            <KeyUse project=of_use.clone() saved form />
            <KeyFacts details=saved.get() />
        }
        .into_any(),
        "history" => view! { <KeyHistory project=of_history.clone() saved /> }.into_any(),
        _ => ().into_any(),
    });
    let settings = view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                edit.submit.run(());
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
    }
    .into_any();
    view! {
        <KeyActions secrets policy />
        <FreshSecret secrets />
        <Exposed secrets />
        <Tabs label="Key" tabs=TABS open path />
        <h2 class="visually-hidden">{heading}</h2>
        {other_tab}
        <section hidden=move || open.get() != "scopes" aria-label="Scopes">
            <LimitedNotice form />
            {scopes_tab}
        </section>
        <div hidden=move || open.get() != "settings">
            {settings}
            {move || view! { <DeleteSection project=project.clone() key=saved.get().key /> }}
        </div>
        <SaveBar edit tabs=TABS />
        <ConflictDialog
            changes=Signal::derive(move || edit.conflict.with(|found| found.as_ref().map(|found| found.changes.clone())))
            on_choose=edit.resolve
            on_close=Callback::new(move |()| edit.conflict.set(None))
        />
    }
}

/// The button that opened the picker is gone: its search gets the focus after the next render.
fn focus_search() {
    request_animation_frame(|| {
        let search = document().query_selector("main .picker input[type=search]").ok().flatten();
        if let Some(search) = search.and_then(|search| search.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(search.focus());
        }
    });
}
