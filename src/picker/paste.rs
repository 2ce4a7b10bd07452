//! Adds scopes from a pasted list: from code, a ticket, or another key.

use leptos::{ev::MouseEvent, prelude::*};

use super::{
    inputs::Picker,
    state::{counted, from_text},
};

#[component]
pub(super) fn Paste(picker: Picker) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let told = RwSignal::new(String::new());
    let add = move |_: MouseEvent| {
        let names = from_text(&text.get_untracked());
        let before = picker.inputs.scopes.with_untracked(Vec::len);
        picker.choose_all(&names.iter().map(String::as_str).collect::<Vec<_>>(), true);
        let added = picker.inputs.scopes.with_untracked(Vec::len).saturating_sub(before);
        told.set(if added == 0 { "No new scopes in that list.".to_owned() } else { format!("{} added.", counted(added, "scope")) });
        text.set(String::new());
    };
    view! {
        <details class="paste" hidden=move || picker.inputs.read_only.get()>
            <summary>"Add from a list"</summary>
            <div class="paste-body">
                <label class="field-label" for="picker-paste">"Scope names"</label>
                <textarea
                    id="picker-paste"
                    class="input mono"
                    rows="3"
                    spellcheck="false"
                    aria-describedby="picker-paste-hint"
                    prop:value=move || text.get()
                    on:input:target=move |event| text.set(event.target().value())
                ></textarea>
                <p class="field-hint" id="picker-paste-hint">
                    "Separate names with spaces, commas or line breaks. Quotes and brackets are ignored. Scopes that are not in the catalog are kept and reported."
                </p>
                <div class="row">
                    <button type="button" class="button" disabled=move || text.with(|text| text.trim().is_empty()) on:click=add>
                        "Add scopes"
                    </button>
                    <span class="field-hint" role="status">{move || told.get()}</span>
                </div>
            </div>
        </details>
    }
}
