//! Shows whether a form has unsaved changes, and saves or discards them.

use leptos::prelude::*;

/// Whether there is something to save, and the buttons that discard and save it.
#[component]
pub(in crate::console) fn SaveActions(
    #[prop(into)] changed: Signal<bool>,
    #[prop(into)] busy: Signal<bool>,
    /// The label of the save button.
    label: &'static str,
    /// The id of the form, if the button is outside of it.
    #[prop(optional)]
    form: Option<&'static str>,
    on_discard: Callback<()>,
) -> impl IntoView {
    view! {
        <span class="form-state" role="status">{move || if changed.get() { "Unsaved changes" } else { "Saved" }}</span>
        <button type="button" class="button" disabled=move || !changed.get() on:click=move |_| on_discard.run(())>"Discard"</button>
        <button
            type="submit"
            form=form
            class="button"
            data-kind="primary"
            aria-disabled=move || (busy.get() || !changed.get()).to_string()
        >
            {move || if busy.get() { "Saving…" } else { label }}
        </button>
    }
}
