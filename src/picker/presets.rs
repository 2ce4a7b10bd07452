//! Presets: sets of scopes that a person chooses with one click.

use leptos::prelude::*;

use super::{
    inputs::Preset,
    picker::Picker,
    state::{Text, sorted, visible},
};

#[component]
pub(super) fn Presets(picker: Picker) -> impl IntoView {
    let presets = memo(move || picker.presets());
    let choice = move |preset: Preset| {
        let Preset { name, description, scopes } = preset;
        let own = scopes.clone();
        let is_chosen =
            memo(move || picker.inputs.scopes.with(|chosen| chosen.len() == own.len() && own.iter().all(|scope| chosen.contains(scope))));
        view! {
            <button
                type="button"
                class="button preset"
                part="button preset"
                title=description.map(|description| visible(&description))
                aria-pressed=move || is_chosen.get().to_string()
                on:click=move |_| picker.change_all(chosen_with(picker, &scopes))
            >
                <bdi>{visible(&name)}</bdi>
                <span class="preset-count">{scopes.len()}</span>
            </button>
        }
    };
    view! {
        <div class="presets" part="presets" role="group" aria-label=picker.text(Text::Presets) hidden=move || picker.is_read_only() || presets.with(Vec::is_empty)>
            <span class="presets-title" aria-hidden="true">{picker.text(Text::Presets)}</span>
            {move || presets.get().into_iter().map(choice).collect_view()}
        </div>
    }
}

/// A preset instead of what is chosen. Scopes that the catalog does not know survive.
fn chosen_with(picker: Picker, preset: &[String]) -> Vec<String> {
    let catalog = picker.catalog();
    let mut all = preset.to_vec();
    all.extend(picker.inputs.scopes.get_untracked().into_iter().filter(|name| catalog.scope(name).is_none()));
    sorted(&catalog, all)
}
