//! How the scopes of a new key are found: by what the code calls, one by one, from a preset, or from another key.

use std::time::Duration;

use leptos::prelude::*;

use super::key_form::KeyForm;
use crate::{
    api::KeyDetails,
    console::{
        client,
        components::{Failure, Loading},
        load::{LoadState, load},
        state::{ListView, read_presets, shown, with_preset, write_presets},
        storage,
    },
    key::MAX_NAME_CHARACTERS,
    picker::{
        Picker, PickerList, Preset,
        state::{Layout, Strings, presets, sorted, visible},
    },
    scope::{Catalog, counted},
};

/// Where the scopes of a new key come from.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Source {
    Operations,
    Scopes,
    Presets,
    Key,
}

const SOURCES: &[(Source, &str)] =
    &[(Source::Operations, "Operations"), (Source::Scopes, "Scopes"), (Source::Presets, "Presets"), (Source::Key, "From a key")];

#[component]
pub(super) fn Sources(picker: Picker, form: KeyForm, source: RwSignal<Source>, project: String) -> impl IntoView {
    // The layout of the scopes stays while the operations are shown.
    let layout = StoredValue::new(Layout::Services);
    effect(move |_| {
        let wanted = source.get();
        let current = picker.view.with_untracked(|view| view.layout);
        if current != Layout::Calls {
            layout.set_value(current);
        }
        let next = if wanted == Source::Operations { Layout::Calls } else { layout.get_value() };
        if next != current {
            picker.view.update(|view| view.layout = next);
        }
    });
    let choices = SOURCES
        .iter()
        .copied()
        .map(|(own, label)| {
            view! {
                <label class="segment">
                    <input type="radio" name="source" prop:checked=move || source.get() == own on:change=move |_| source.set(own) />
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    let list = memo(move || matches!(source.get(), Source::Operations | Source::Scopes));
    let of_presets = project.clone();
    let other = dynamic(move || match source.get() {
        Source::Presets => view! { <PresetCards picker project=of_presets.clone() /> }.into_any(),
        Source::Key => view! { <CopyScopes picker form project=project.clone() /> }.into_any(),
        _ => ().into_any(),
    });
    view! {
        <section class="picker-main" aria-labelledby="section-scopes">
            <h2 class="visually-hidden" id="section-scopes">"Scopes"</h2>
            <fieldset class="segments sources">
                <legend class="visually-hidden">"Select scopes by"</legend>
                {choices}
            </fieldset>
            <p class="field-hint" hidden=move || source.get() != Source::Scopes>{about_scopes(&picker.catalog())}</p>
            <div class="picker-main" hidden=move || !list.get()><PickerList picker /></div>
            {other}
        </section>
    }
    .into_any()
}

/// What a person must know to choose scopes.
fn about_scopes(catalog: &Catalog) -> &'static str {
    if catalog.scopes().iter().all(|scope| scope.includes.is_empty()) {
        "What the key can do. A write scope does not include read: select both if the key needs both."
    } else {
        "What the key can do. A key also holds the scopes that its scopes include: each scope says which."
    }
}

/// These scopes instead of the chosen ones. Scopes that the catalog does not know survive.
fn replace(picker: Picker, scopes: &[String]) {
    let catalog = picker.catalog();
    let mut all = scopes.to_vec();
    let unknown = |name: &String| catalog.scope(name).is_none() && !scopes.contains(name);
    all.extend(picker.inputs.scopes.get_untracked().into_iter().filter(unknown));
    picker.change_all(sorted(&catalog, all));
}

/// The presets of the console, and those that the person has saved for this project.
#[component]
fn PresetCards(picker: Picker, project: String) -> impl IntoView {
    let place = format!("scopewise-presets:{project}");
    let saved = RwSignal::new(storage::read(&place).map(|text| read_presets(&text)).unwrap_or_default());
    let message = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let place = StoredValue::new(place);
    let store = move |presets: Vec<Preset>, success: String| {
        let done = place.with_value(|place| storage::write(place, &write_presets(&presets)));
        message.set(if done { success } else { "The browser refused to save it. The preset lasts until you leave this page.".to_owned() });
        saved.set(presets);
    };
    let card = move |preset: Preset, is_own: bool| {
        let Preset { name, description, scopes } = preset;
        let about =
            description.map_or_else(|| counted(scopes.len(), "scope"), |about| format!("{about} · {}", counted(scopes.len(), "scope")));
        let (own, delete) = (scopes.clone(), name.clone());
        let is_chosen =
            memo(move || picker.inputs.scopes.with(|chosen| chosen.len() == own.len() && own.iter().all(|scope| chosen.contains(scope))));
        let delete = is_own.then(|| {
            let remove = move |_| {
                let mut rest = saved.get_untracked();
                rest.retain(|preset| preset.name != delete);
                store(rest, "The preset is deleted.".to_owned());
            };
            view! { <button type="button" class="button" data-kind="quiet" aria-label=format!("Delete the preset {}", shown(&name)) on:click=remove>"Delete"</button> }
        });
        view! {
            <li class="preset-card">
                <button
                    type="button"
                    class="preset-use"
                    aria-pressed=move || is_chosen.get().to_string()
                    on:click=move |_| replace(picker, &scopes)
                >
                    <strong><bdi>{visible(&name)}</bdi></strong>
                    <span>{visible(&about)}</span>
                </button>
                {delete}
            </li>
        }
    };
    let built_in = dynamic(move || {
        let catalog = picker.catalog();
        let known =
            picker.offered.with(|offered| presets(&catalog, offered, picker.inputs.edition.get().as_deref(), &Strings::default(), None));
        known.into_iter().map(|preset| card(preset, false)).collect_view()
    });
    let own = dynamic(move || saved.get().into_iter().map(|preset| card(preset, true)).collect_view());
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let scopes = picker.inputs.scopes.get_untracked();
        match with_preset(&saved.get_untracked(), &name.get_untracked(), &scopes) {
            Ok(presets) => {
                store(presets, format!("The preset is saved with {}.", counted(scopes.len(), "scope")));
                name.set(String::new());
            }
            Err(problem) => message.set(problem.to_string()),
        }
    };
    view! {
        <ul class="preset-cards" aria-label="Presets">{built_in}{own}</ul>
        <form class="preset-save" on:submit=save novalidate>
            <label class="field-label" for="preset-name">"Save the selected scopes as a preset of this project"</label>
            <div class="row">
                <input
                    id="preset-name"
                    class="input"
                    type="text"
                    maxlength="60"
                    placeholder="Name of the preset"
                    autocomplete="off"
                    aria-describedby="preset-about preset-message"
                    prop:value=move || name.get()
                    on:input:target=move |event| name.set(event.target().value())
                />
                <button type="submit" class="button">"Save preset"</button>
            </div>
            <p class="field-hint" id="preset-about">"Saved in this browser only."</p>
            <p class="field-hint" id="preset-message" role="status">{move || message.get()}</p>
        </form>
    }
    .into_any()
}

/// Takes the scopes of another key of the project.
#[component]
fn CopyScopes(picker: Picker, form: KeyForm, project: String) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let message = RwSignal::new(String::new());
    let found = load(move || {
        let (project, query) = (project.clone(), ListView { search: search.get_untracked(), ..ListView::default() }.request(0));
        async move { client::search_keys(&project, &query).await }
    });
    let type_in = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        search.set(text.clone());
        let ask = move || {
            if search.try_get_untracked().is_some_and(|now| now == text) {
                found.reload.run(());
            }
        };
        set_timeout(ask, Duration::from_millis(250));
    };
    let line = move |details: KeyDetails| {
        let key = details.key;
        let (label, count) = (shown(&key.name), counted(key.scopes.len(), "scope"));
        let success = format!("Copied {count} of {label}.");
        let take = move |_| {
            replace(picker, &key.scopes);
            if form.name.with_untracked(|name| name.trim().is_empty()) {
                form.name.set(format!("Copy of {}", key.name).chars().take(MAX_NAME_CHARACTERS).collect());
            }
            message.set(success.clone());
        };
        view! { <li><button type="button" class="preset-use" on:click=take><strong><bdi>{label}</bdi></strong><span>{count}</span></button></li> }
    };
    let body = dynamic(move || match found.value.get() {
        LoadState::Loading => view! { <Loading what="the keys" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=found.reload /> }.into_any(),
        LoadState::Ready(found) if found.keys.is_empty() => view! { <p class="picker-nothing">"No key matches."</p> }.into_any(),
        LoadState::Ready(found) => {
            let more = found.total.checked_sub(found.keys.len()).filter(|more| *more > 0);
            let more = more.map(|_| view! { <p class="field-hint">"More keys match. Type more of the name."</p> });
            view! { <ul class="preset-cards" aria-label="Keys to copy from">{found.keys.into_iter().map(line).collect_view()}</ul>{more} }
                .into_any()
        }
    });
    view! {
        <label class="field-label" for="copy-search">"Copy the scopes of another key"</label>
        <input
            id="copy-search"
            class="input"
            type="search"
            placeholder="Search keys by name, ID or scope"
            autocomplete="off"
            maxlength="256"
            prop:value=move || search.get()
            on:input=type_in
        />
        <p class="field-hint" role="status">{move || message.get()}</p>
        {body}
    }
    .into_any()
}
