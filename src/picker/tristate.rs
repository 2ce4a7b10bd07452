//! A checkbox for a group.

use leptos::prelude::*;

use super::state::TriState;

#[component]
pub(super) fn Tristate(
    #[prop(into)] label: String,
    #[prop(into)] state: Signal<TriState>,
    /// Whether nobody can change it.
    #[prop(into)]
    locked: Signal<bool>,
    /// Called with whether to choose all or none.
    on_set: Callback<bool>,
) -> impl IntoView {
    view! {
        <input
            type="checkbox"
            class="box"
            aria-label=label
            disabled=move || locked.get()
            prop:checked=move || state.get() == TriState::All
            prop:indeterminate=move || state.get() == TriState::Some
            on:change:target=move |event| on_set.run(event.target().checked())
        />
    }
}
