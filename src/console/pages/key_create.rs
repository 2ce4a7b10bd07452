//! Creates an API key: how scopes are found on the left, the key on the right.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{
    key_created::KeyCreated,
    key_form::{FormBar, KeyForm, LimitedNotice, TextFields, policy_of},
    key_link::{LinkNotice, form_link, prefill},
    key_sources::{Source, Sources},
    keys::endpoint,
    project_names::crumbs_to_keys,
};
use crate::{
    api::Key,
    console::{
        app::focus_heading,
        catalog::use_catalog,
        client::{self, ClientError},
        clock,
        components::{
            ChosenScopes, ConfirmDialog, ContextField, CopyButton, Crumb, Crumbs, ExpiryField, Notice, Recipes, TextField, opens_words,
        },
        load::set_if_alive,
        route::Page,
        router::{Guard, use_router},
        state::{ExpiryChoice, Prefill, ReachMap},
    },
    picker::{Picker, PickerFrame, PickerInputs, PickerResults, paint::painted_first},
    scope::Runtime,
};

const UNSAVED: Guard = Guard { title: "Leave without creating the key?", text: "Your entries on this page will be lost.", leave: "Leave" };

#[component]
pub(in crate::console) fn KeyCreatePage(project: String) -> impl IntoView {
    let created = RwSignal::new(None::<Key>);
    dynamic(move || match created.get() {
        Some(key) => view! { <KeyCreated project=project.clone() key /> }.into_any(),
        None => view! { <CreateForm project=project.clone() created /> }.into_any(),
    })
}

#[component]
fn CreateForm(project: String, created: RwSignal<Option<Key>>) -> impl IntoView {
    let (router, catalog) = (use_router(), use_catalog());
    let form = KeyForm::new(None, policy_of(&project));
    effect(move |_| {
        if let Some(rule) = form.rule.get() {
            form.expiry.update(|draft| rule.fit(draft, clock::now()));
        }
    });
    let filled = Prefill::read(&router.query.get_untracked());
    let source = RwSignal::new(if filled.operations.is_empty() { Source::Scopes } else { Source::Operations });
    prefill(form, catalog, &filled);
    let picker = Picker::new(PickerInputs { calls_apart: true, presets: Signal::stored(Some(Vec::new())), ..form.inputs });
    let busy = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let touched = memo(move || {
        let written = |field: RwSignal<String>| field.with(|text| !text.trim().is_empty());
        !form.scopes.with(Vec::is_empty) || written(form.name) || written(form.description)
    });
    effect(move |_| router.set_guard(touched.get().then_some(UNSAVED)));
    on_cleanup(move || router.set_guard(None));
    let page = Page::KeyCreate { project: project.clone() };
    let link = Signal::derive(move || form_link(&page, form));
    let mut crumbs = crumbs_to_keys(&project, false);
    crumbs.push(Crumb::here(Signal::stored("Create".to_owned())));
    let (of_sources, of_recipes) = (project.clone(), project.clone());
    let send = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        let body = form.draft().create(&form.scopes.get_untracked(), clock::now(), clock::parse_local);
        let Some(body) = form.accept(body) else { return };
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
    let submit = Callback::new(move |()| {
        error.set(None);
        let body = form.draft().create(&form.scopes.get_untracked(), clock::now(), clock::parse_local);
        if form.accept(body).is_none() || form.is_blocked() {
            return;
        }
        if form.scopes.with_untracked(Vec::is_empty) {
            asking.set(true);
        } else {
            send.run(());
        }
    });
    let side = painted_first(move || {
        let (filled, project) = (filled.clone(), of_recipes.clone());
        view! { <MakerSide form picker filled project busy error submit /> }.into_any()
    });
    view! {
        <Crumbs steps=crumbs />
        <div class="maker-head">
            <h1 class="title" tabindex="-1">"Create API key"</h1>
            <span class="maker-link">"Link to this form"<CopyButton text=link what="link to this form" /></span>
        </div>
        <PickerFrame picker>
            <div class="maker">
                <Sources picker form source project=of_sources />
                {side}
            </div>
        </PickerFrame>
        <ConfirmDialog
            id="no-scopes"
            open=asking
            title=Signal::stored("Create a key without scopes?".to_owned())
            confirm=Signal::stored("Create without scopes".to_owned())
            cancel="Select scopes"
            on_cancel=Callback::new(move |()| asking.set(false))
            on_confirm=Callback::new(move |()| {
                asking.set(false);
                send.run(());
            })
        >
            <p>"Without scopes, the key opens only operations that need none. You can add scopes later."</p>
        </ConfirmDialog>
    }
}

/// The key itself: name, expiry, where it runs, and what follows from its scopes.
#[component]
fn MakerSide(
    form: KeyForm,
    picker: Picker,
    filled: Prefill,
    project: String,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ClientError>>,
    submit: Callback<()>,
) -> impl IntoView {
    let keys = Page::Keys { project: project.clone() };
    let recipe = Signal::derive(move || form.draft().create(&form.scopes.get(), clock::now(), clock::parse_local).ok());
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        submit.run(());
    };
    view! {
        <div class="maker-side">
            <form id="key-form" class="maker-body" novalidate on:submit=on_submit>
                <LinkNotice filled />
                <TextField
                    id="key-name"
                    label="Name"
                    value=form.name
                    required=true
                    placeholder="For example: Nightly export, production"
                    problem=Signal::derive(move || form.problems.with(|problems| problems.name.clone()))
                />
                <ExpiryField draft=form.expiry choices=ExpiryChoice::FOR_NEW problem=form.expiry_problem() rule=form.rule />
                <ContextField runs_in=form.runs_in />
                <ClientNotice runs_in=form.runs_in />
                <More form />
                <ChosenScopes picker />
                <LimitedNotice form />
                <PickerResults picker report=form.report />
                <OpensSummary form />
                <Recipes endpoint=endpoint() project key=recipe />
            </form>
            <FormBar form error>
                <a class="button" href=keys.path()>"Cancel"</a>
                <button type="submit" form="key-form" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string()>
                    {move || if busy.get() { "Creating…" } else { "Create API key" }}
                </button>
            </FormBar>
        </div>
    }
}

/// Description and id, which most keys do without. Open where one of them is wrong.
#[component]
fn More(form: KeyForm) -> impl IntoView {
    let is_wrong = Memo::new(move |before: Option<&bool>| {
        before == Some(&true) || form.problems.with(|problems| problems.description.is_some() || problems.id.is_some())
    });
    view! {
        <details class="more" open=move || is_wrong.get() || form.description.with_untracked(|text| !text.is_empty())>
            <summary>"Description and key ID"</summary>
            <div class="stack">
                <TextFields form only_description=true />
                <TextField
                    id="key-id"
                    label="Key ID"
                    value=form.id
                    code=true
                    placeholder="unique()"
                    hint=Signal::stored("Generated if empty. 1 to 36 characters: a-z, A-Z, 0-9, period, hyphen, underscore.".to_owned())
                    problem=Signal::derive(move || form.problems.with(|problems| problems.id.clone()))
                />
            </div>
        </details>
    }
}

/// What to use instead of an API key where its secret would be public.
#[component]
fn ClientNotice(runs_in: RwSignal<Option<Runtime>>) -> impl IntoView {
    let place = memo(move || match runs_in.get() {
        Some(Runtime::Browser) => Some("in a web page"),
        Some(Runtime::Mobile) => Some("in a mobile app"),
        _ => None,
    });
    dynamic(move || {
        place.get().map(|place| {
            view! {
                <Notice>
                    <p>
                        <strong>{format!("Do not put an API key {place}: everyone who gets it can read the key.")}</strong>
                        " Sign people in instead: each request then has the permissions of that person's session. While you develop, \
                        use a dev key, which lifts rate limits and opens nothing. To use an API key, call your own server, and \
                        create a key for that server."
                    </p>
                </Notice>
            }
        })
    })
}

/// What the key opens, in a line and by service.
#[component]
fn OpensSummary(form: KeyForm) -> impl IntoView {
    let catalog = use_catalog();
    let scopes = settled(form.scopes);
    let map = memo(move || {
        let scopes = scopes.get();
        // Nothing that needs a scope is open, which needs no look at the whole catalog while the page is being made.
        if scopes.is_empty() { ReachMap::default() } else { ReachMap::of(catalog, &scopes, form.inputs.edition.get().as_deref()) }
    });
    let open = RwSignal::new(false);
    let services = move || {
        map.with(|map| {
            let open = map.services.iter().filter(|service| service.open > 0);
            open.map(|service| view! { <li><bdi>{service.name.clone()}</bdi>{format!(": {} of {}", service.open, service.total)}</li> })
                .collect_view()
        })
    };
    view! {
        <details class="more" hidden=move || map.with(|map| map.open == 0) on:toggle:target=move |event| open.set(event.target().open())>
            <summary>{move || map.with(opens_words)}</summary>
            <ul class="opens-services">{move || open.get().then(services)}</ul>
        </details>
    }
}

/// The scopes once they have not changed for a moment: a click is painted before its sum is made.
fn settled(scopes: RwSignal<Vec<String>>) -> RwSignal<Vec<String>> {
    const MOMENT: Duration = Duration::from_millis(120);
    let (result, latest) = (RwSignal::new(scopes.get_untracked()), StoredValue::new(0_u32));
    effect(move |before: Option<()>| {
        scopes.track();
        if before.is_none() {
            return;
        }
        let number = latest.get_value().wrapping_add(1);
        latest.set_value(number);
        let settle = move || {
            if latest.try_get_value() == Some(number)
                && let Some(scopes) = scopes.try_get_untracked()
            {
                set_if_alive(result, scopes);
            }
        };
        set_timeout(settle, MOMENT);
    });
    result
}
