//! Checkboxes of the list. One that cannot be changed can still have the focus, so that a person can read why.

use leptos::prelude::*;

use super::{picker::Picker, state::TriState};

/// A checkbox for a group.
#[component]
pub(super) fn Tristate(
    picker: Picker,
    #[prop(into)] label: String,
    #[prop(into)] state: Signal<TriState>,
    /// The state that the chosen scopes have, also where no frame shows it yet.
    now: Signal<TriState>,
    /// Its stop in the list.
    stop: String,
    /// What typing its name leads to.
    name: String,
    /// Whether its group is expanded, if it can be.
    #[prop(optional)]
    expanded: Option<Memo<bool>>,
    /// Called with whether to choose all or none.
    on_set: Callback<bool>,
) -> impl IntoView {
    view! {
        <input
            type="checkbox"
            class="box"
            part="checkbox"
            aria-label=label
            aria-expanded=move || expanded.map(|expanded| expanded.get().to_string())
            aria-disabled=move || picker.is_read_only().then_some("true")
            tabindex=tabindex(picker, &stop)
            data-stop=stop
            data-name=name
            prop:checked=move || state.get() == TriState::All
            prop:indeterminate=move || state.get() == TriState::Some
            on:change:target=move |event| {
                let chosen = event.target().checked();
                if !picker.inputs.read_only.get_untracked() {
                    on_set.run(chosen);
                }
                // Nothing may have come of it, or a question.
                let now = now.get_untracked();
                event.target().set_checked(now == TriState::All);
                event.target().set_indeterminate(now == TriState::Some);
            }
        />
    }
}

/// A checkbox for a scope. `label` and `labelled` are its name, or the id of the element that has it.
#[component]
pub(super) fn ScopeBox(
    picker: Picker,
    /// The name of the scope.
    #[prop(into)]
    name: String,
    #[prop(into)] chosen: Signal<bool>,
    #[prop(into)] locked: Signal<bool>,
    stop: String,
    #[prop(optional)] column: &'static str,
    #[prop(optional)] label: Option<Signal<String>>,
    #[prop(optional)] labelled: Option<String>,
    #[prop(optional)] described: Option<String>,
) -> impl IntoView {
    let scope = name.clone();
    view! {
        <input
            type="checkbox"
            class="box"
            part="checkbox"
            aria-label=move || label.map(|label| label.get())
            aria-labelledby=labelled
            aria-describedby=described
            aria-disabled=move || locked.get().then_some("true")
            tabindex=tabindex(picker, &stop)
            data-stop=stop
            data-name=name
            data-column=column
            prop:checked=move || chosen.get()
            on:change:target=move |event| {
                if !locked.get_untracked() {
                    picker.choose(&scope, event.target().checked());
                }
                event.target().set_checked(picker.has(&scope));
            }
        />
    }
}

/// Tab leads to one stop of the list. [`roving::move_stop`](super::roving::move_stop) changes it.
fn tabindex(picker: Picker, stop: &str) -> &'static str {
    if picker.stop.with_untracked(|at| at.as_deref() == Some(stop)) { "0" } else { "-1" }
}
