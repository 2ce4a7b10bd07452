//! Scopes by service: a group with a checkbox for all of it, and one row per scope.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    icons::{self, Icon},
    inputs::Picker,
    prose::Prose,
    state::{TriState, includes, sensitive_reason},
    tristate::Tristate,
};
use crate::scope::Scope;

#[component]
pub(super) fn ServiceGroup(picker: Picker, id: String, name: String, scopes: Vec<Arc<Scope>>) -> impl IntoView {
    let total = scopes.iter().filter(|scope| !scope.deprecated).count();
    let shown = StoredValue::new(scopes.clone());
    let tally = Memo::new(move |_| shown.with_value(|scopes| picker.tally(scopes)));
    let chosen = Memo::new(move |_| shown.with_value(|scopes| scopes.iter().filter(|scope| picker.is_chosen(scope.id.as_str())).count()));
    let on_set = Callback::new(move |all: bool| shown.with_value(|scopes| picker.choose_shown(scopes, all)));
    let title = format!("service-{id}");
    let body = format!("service-{id}-scopes");
    let id = StoredValue::new(id);
    let open = Memo::new(move |_| picker.view.with(|view| id.with_value(|id| view.is_open(id))));
    view! {
        <div class="service" role="group" aria-labelledby=title.clone() hidden=move || tally.get().total == 0>
            <div class="service-head">
                <Tristate label=format!("All of {name}") state=Signal::derive(move || tally.get().tri()) locked=picker.inputs.read_only on_set />
                <button
                    type="button"
                    class="service-fold"
                    aria-expanded=move || open.get().to_string()
                    aria-controls=body.clone()
                    on:click=move |_| picker.view.update(|view| id.with_value(|id| view.toggle(id)))
                >
                    <span class="service-name" id=title.clone()>{name}</span>
                    <span class="service-count" data-some=move || (chosen.get() > 0).to_string()>
                        {move || format!("{} of {total}", chosen.get())}
                        <span class="visually-hidden">" selected"</span>
                    </span>
                    <Icon path=icons::CHEVRON />
                </button>
            </div>
            <ul
                class="scopes"
                id=body.clone()
                hidden=move || !open.get()
                data-pairs=move || (!picker.view.with(|view| view.is_narrowed())).to_string()
            >
                {scopes.into_iter().map(|scope| view! { <ScopeRow picker scope /> }).collect_view()}
            </ul>
        </div>
    }
}

#[component]
fn ScopeRow(picker: Picker, scope: Arc<Scope>) -> impl IntoView {
    let (name, catalog) = (scope.id.as_str(), picker.inputs.catalog());
    let (title, described) = (format!("scope-{name}"), format!("scope-{name}-about"));
    let successor = scope.successor.as_ref().map(|successor| {
        let text = format!("Deprecated: use {successor}");
        view! { <span class="tag" data-tone="quiet">{text}</span> }
    });
    let deprecated =
        (scope.deprecated && scope.successor.is_none()).then(|| view! { <span class="tag" data-tone="quiet">"Deprecated"</span> });
    let sensitive = sensitive_reason(&catalog, &scope).map(|reason| {
        view! {
            <span class="scope-why">
                <Icon path=icons::WARNING />
                <span>
                    <strong>"Sensitive. "</strong>
                    <Prose text=reason />
                </span>
            </span>
        }
    });
    let includes = includes(&catalog, &scope).map(|text| view! { <span><Prose text /></span> });
    let held = {
        let scope = scope.clone();
        move || {
            let through = picker.held_through(scope.id.as_str())?;
            Some(
                view! { <span class="scope-held"><Icon path=icons::FINE /><span><Prose text=format!("Held through `{through}`.") /></span></span> },
            )
        }
    };
    let refused = {
        let scope = scope.clone();
        move || {
            let reason = picker.refusal(scope.id.as_str())?;
            Some(view! { <span class="scope-refused"><Icon path=icons::HINT /><span><Prose text=reason /></span></span> })
        }
    };
    let is_locked = picker.is_locked(scope.clone());
    let (shown, chosen, chooses) = (scope.clone(), scope.clone(), scope.clone());
    view! {
        <li class="scope" data-action=scope.id.action().map(str::to_owned) hidden=move || !picker.shows(&shown)>
            <label class="scope-choice">
                <input
                    type="checkbox"
                    class="box"
                    aria-labelledby=title.clone()
                    aria-describedby=described.clone()
                    disabled=is_locked
                    prop:checked=move || picker.is_chosen(chosen.id.as_str())
                    on:change:target=move |event| picker.choose(chooses.id.as_str(), event.target().checked())
                />
                <span class="scope-text">
                    <span class="scope-line">
                        <ScopeTitle scope=scope.clone() title=title.clone() />
                        {deprecated}
                        {successor}
                    </span>
                    <span class="scope-about" id=described.clone()>
                        <span>{scope.description.clone()}</span>
                        {includes}
                        {held}
                        {refused}
                        {sensitive}
                    </span>
                </span>
            </label>
        </li>
    }
}

/// What a scope is called: its name with its id, or the id alone. `title` is the id of the element.
#[component]
fn ScopeTitle(scope: Arc<Scope>, title: String) -> impl IntoView {
    let id = scope.id.as_str().to_owned();
    match &scope.name {
        Some(name) => view! {
            <span class="scope-title" id=title dir="auto">{name.clone()}" "<span class="scope-id">{id}</span></span>
        }
        .into_any(),
        None => view! { <span class="scope-name" id=title>{id}</span> }.into_any(),
    }
}

/// Chosen or saved scopes that are not offered, from an older or newer server. They are shown, and only the person removes them.
#[component]
pub(super) fn OtherScopes(picker: Picker) -> impl IntoView {
    let others = Memo::new(move |_| picker.others());
    let state = Signal::derive(move || {
        let chosen = others.get().iter().filter(|name| picker.is_chosen(name)).count();
        if chosen == 0 {
            TriState::None
        } else if chosen == others.get().len() {
            TriState::All
        } else {
            TriState::Some
        }
    });
    let on_set = Callback::new(move |all: bool| {
        let names = others.get_untracked();
        picker.choose_all(&names.iter().map(String::as_str).collect::<Vec<_>>(), all);
    });
    view! {
        <div class="service" role="group" aria-labelledby="service-others" hidden=move || others.get().is_empty()>
            <div class="service-head">
                <Tristate label="All scopes that are not in this catalog" state locked=picker.inputs.read_only on_set />
                <span class="service-fold">
                    <span class="service-name" id="service-others">"Not in this catalog"</span>
                </span>
            </div>
            <ul class="scopes">
                <For each=move || others.get() key=String::clone let(name)>
                    <OtherRow picker name />
                </For>
            </ul>
        </div>
    }
}

#[component]
fn OtherRow(picker: Picker, name: String) -> impl IntoView {
    let text = name.clone();
    let shown = name.clone();
    let name = StoredValue::new(name);
    view! {
        <li class="scope" hidden=move || !picker.view.with(|view| view.shows_unknown(&shown))>
            <label class="scope-choice">
                <input
                    type="checkbox"
                    class="box"
                    disabled=move || picker.inputs.read_only.get()
                    prop:checked=move || name.with_value(|name| picker.is_chosen(name))
                    on:change:target=move |event| {
                        let chosen = event.target().checked();
                        name.with_value(|name| picker.choose(name, chosen));
                    }
                />
                <span class="scope-text">
                    <span class="scope-name" dir="auto">{text}</span>
                </span>
            </label>
        </li>
    }
}
