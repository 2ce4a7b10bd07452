//! The toolbar: search, layout and filters.

use leptos::prelude::*;

use super::{
    icons::{self, Icon},
    inputs::Picker,
    state::{Layout, counted},
};

#[component]
pub(super) fn Toolbar(picker: Picker) -> impl IntoView {
    let total = Memo::new(move |_| picker.offered.with(|offered| offered.iter().filter(|scope| !scope.deprecated).count()));
    let chosen = Memo::new(move |_| picker.inputs.scopes.with(Vec::len));
    let shown = move || picker.offered.with(|offered| offered.iter().filter(|scope| picker.shows(scope)).count());
    let found = move || {
        let searching = picker.view.with(|view| !view.search.trim().is_empty());
        searching.then(|| format!("{} found", counted(shown(), "scope")))
    };
    view! {
        <div class="picker-bar">
            <div class="search">
                <Icon path=icons::SEARCH />
                <input
                    type="search"
                    class="input"
                    aria-label="Search scopes"
                    placeholder="Search scopes, services and descriptions"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || picker.view.with(|view| view.search.clone())
                    on:input:target=move |event| picker.view.update(|view| view.search = event.target().value())
                    on:keydown=move |event| {
                        // The picker can be part of a form; Enter in the search must not submit it.
                        if event.key() == "Enter" {
                            event.prevent_default();
                        }
                    }
                />
            </div>
            <LayoutChoice picker />
            <span class="visually-hidden" role="status">{found}</span>
        </div>
        <div class="picker-bar picker-filters">
            <p class="picker-count">
                <strong>{move || chosen.get()}</strong>
                {move || format!(" of {} selected", total.get())}
            </p>
            <button
                type="button"
                class="button picker-clear"
                data-kind="quiet"
                disabled=move || chosen.get() == 0 || picker.inputs.read_only.get()
                on:click=move |_| picker.inputs.scopes.set(Vec::new())
            >
                "Clear selection"
            </button>
            <label class="toggle">
                <input
                    type="checkbox"
                    class="box"
                    prop:checked=move || picker.view.with(|view| view.only.is_some())
                    on:change:target=move |event| {
                        let only = event.target().checked();
                        let selection = picker.inputs.scopes.get_untracked();
                        picker.view.update(|view| view.show_only_chosen(only, &selection));
                    }
                />
                "Selected only"
            </label>
            <label class="toggle">
                <input
                    type="checkbox"
                    class="box"
                    prop:checked=move || picker.view.with(|view| view.deprecated)
                    on:change:target=move |event| picker.view.update(|view| view.deprecated = event.target().checked())
                />
                "Show deprecated"
            </label>
            <FoldAll picker />
        </div>
    }
}

#[component]
fn LayoutChoice(picker: Picker) -> impl IntoView {
    let choice = move |layout: Layout, label: &'static str| {
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name="picker-layout"
                    prop:checked=move || picker.view.with(|view| view.layout == layout)
                    on:change=move |_| picker.view.update(|view| view.layout = layout)
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segments">
            <legend class="visually-hidden">"Layout"</legend>
            {choice(Layout::Services, "By service")}
            {choice(Layout::Matrix, "Read and write")}
        </fieldset>
    }
}

/// Expands or collapses all services.
#[component]
fn FoldAll(picker: Picker) -> impl IntoView {
    let all_open = Memo::new(move |_| {
        picker.view.with(|view| picker.offered.with(|offered| offered.iter().all(|scope| view.open.contains(&scope.service))))
    });
    let toggle = move |_| {
        let open = !all_open.get_untracked();
        let catalog = picker.inputs.catalog();
        picker.view.update(|view| {
            view.open = if open { catalog.services.iter().map(|service| service.id.clone()).collect() } else { Default::default() };
        });
    };
    view! {
        <button
            type="button"
            class="button"
            data-kind="quiet"
            disabled=move || picker.view.with(|view| view.is_narrowed() || view.layout == Layout::Matrix)
            on:click=toggle
        >
            {move || if all_open.get() { "Collapse all" } else { "Expand all" }}
        </button>
    }
}
