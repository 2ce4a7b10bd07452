//! Creates an API key.

use leptos::{prelude::*, task::spawn_local};

use super::{
    key_created::KeyCreated,
    key_form::{FormBar, FormScopes, KeyForm, TextFields, policy_of},
    project_names::crumbs_to_keys,
};
use crate::{
    api::Key,
    console::{
        app::focus_heading,
        catalog::use_catalog,
        client::{self, ClientError},
        clock,
        components::{ContextField, Crumb, Crumbs, ExpiryField, Section, TextField},
        load::set_if_alive,
        route::Page,
        router::{Guard, use_router},
        state::ExpiryChoice,
    },
    scope::Catalog,
};

const UNSAVED: Guard = Guard { title: "Leave without creating the key?", text: "Your entries on this page will be lost.", leave: "Leave" };

#[component]
pub(in crate::console) fn KeyCreatePage(project: String) -> impl IntoView {
    let created = RwSignal::new(None::<Key>);
    move || match created.get() {
        Some(key) => view! { <KeyCreated project=project.clone() key /> }.into_any(),
        None => view! { <CreateForm project=project.clone() created /> }.into_any(),
    }
}

#[component]
fn CreateForm(project: String, created: RwSignal<Option<Key>>) -> impl IntoView {
    let router = use_router();
    let form = KeyForm::new(None, policy_of(&project));
    Effect::new(move |_| {
        if let Some(rule) = form.rule.get() {
            form.expiry.update(|draft| rule.fit(draft, clock::now()));
        }
    });
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let touched = Memo::new(move |_| {
        let written = |field: RwSignal<String>| field.with(|text| !text.trim().is_empty());
        !form.scopes.with(Vec::is_empty) || written(form.name) || written(form.description)
    });
    Effect::new(move |_| router.set_guard(touched.get().then_some(UNSAVED)));
    on_cleanup(move || router.set_guard(None));
    let keys = Page::Keys { project: project.clone() };
    let mut crumbs = crumbs_to_keys(&project, false);
    crumbs.push(Crumb::here(Signal::stored("Create".to_owned())));
    let submit = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        error.set(None);
        let body = form.draft().create(&form.scopes.get_untracked(), clock::now(), clock::parse_local);
        let Some(body) = form.accept(body) else { return };
        if form.is_blocked() {
            return;
        }
        busy.set(true);
        let project = project.clone();
        spawn_local(async move {
            match client::create_key(&project, &body).await {
                Ok(key) => {
                    router.set_guard(None);
                    set_if_alive(created, Some(key));
                    focus_heading();
                }
                Err(problem) => set_if_alive(error, Some(problem)),
            }
            set_if_alive(busy, false);
        });
    });
    view! {
        <Crumbs steps=crumbs />
        <h1 class="title" tabindex="-1">"Create API key"</h1>
        <p class="lead">"Grant only the scopes this key needs, and set an expiry. The check next to the scopes shows their risks."</p>
        <form
            on:submit=move |event| {
                event.prevent_default();
                submit.run(());
            }
            novalidate
            id="key-form"
        >
            <Section id="section-key" title="Key" about="The name shows where the key is used. You can change it at any time.">
                <TextFields form />
                <details class="more">
                    <summary>"Set a custom key ID"</summary>
                    <TextField
                        id="key-id"
                        label="Key ID"
                        value=form.id
                        code=true
                        placeholder="unique()"
                        hint=Signal::stored("Generated if empty. 1 to 36 characters: a-z, A-Z, 0-9, period, hyphen, underscore.".to_owned())
                        problem=Signal::derive(move || form.problems.with(|problems| problems.id.clone()))
                    />
                </details>
            </Section>
            <Section
                id="section-life"
                title="Expiry and environment"
                about="A forgotten or leaked key that expires stops working without any action from you."
            >
                <ExpiryField draft=form.expiry choices=ExpiryChoice::FOR_NEW problem=form.expiry_problem() rule=form.rule />
                <ContextField runs_in=form.runs_in />
            </Section>
        </form>
        <Section id="section-scopes" title="Scopes" about=about_scopes(use_catalog()) wide=true>
            <FormScopes form />
        </Section>
        <FormBar form error>
            <a class="button" href=keys.path()>"Cancel"</a>
            <button type="submit" form="key-form" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string()>
                {move || if busy.get() { "Creating…" } else { "Create API key" }}
            </button>
        </FormBar>
    }
}

/// What a person must know to choose scopes.
fn about_scopes(catalog: &Catalog) -> &'static str {
    if catalog.scopes().iter().all(|scope| scope.includes.is_empty()) {
        "What the key can do. A write scope does not include read: select both if the key needs both."
    } else {
        "What the key can do. A key also holds the scopes that its scopes include: each scope says which."
    }
}
