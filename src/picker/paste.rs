//! Adds scopes from a pasted text: code, a ticket, an `.env` file, or another key.

use leptos::{ev::MouseEvent, prelude::*};

use super::{
    picker::Picker,
    state::{Format, Text, read},
};

#[component]
pub(super) fn Paste(picker: Picker) -> impl IntoView {
    view! {
        <details class="paste" part="paste" hidden=move || picker.is_read_only()>
            <summary>{picker.text(Text::AddFromList)}</summary>
            <div class="paste-body">{picker.later(move |later| (later.paste)(picker))}</div>
        </details>
    }
}

/// What is in it.
pub(super) fn view(picker: Picker) -> AnyView {
    let text = RwSignal::new(String::new());
    let status = RwSignal::new(String::new());
    let add = move |_: MouseEvent| {
        let pasted = text.with_untracked(|text| read(&picker.catalog(), text));
        let before = picker.inputs.scopes.with_untracked(Vec::len);
        let scopes = picker.inputs.scopes.get_untracked();
        let names: Vec<&str> = pasted.names.iter().map(String::as_str).collect();
        picker.change(super::state::set_all(&picker.catalog(), &scopes, names.into_iter(), true));
        let added = picker.inputs.scopes.with_untracked(Vec::len).saturating_sub(before);
        let format = match pasted.format {
            Format::List => None,
            Format::Json => Some("JSON"),
            Format::Yaml => Some("YAML"),
            Format::Env => Some(".env"),
        };
        let count = picker.counted(added, Text::AddedOne, Text::AddedMany);
        let result = if added == 0 { picker.text(Text::NothingAdded) } else { count };
        status.set(match format {
            Some(format) => format!("{} {result}", picker.fill(Text::ReadAs, &[("format", format)])),
            None => result,
        });
        if added > 0 {
            text.set(String::new());
        }
    };
    view! {
        <label class="field-label" for="picker-paste">{picker.text(Text::PasteLabel)}</label>
        <textarea
            id="picker-paste"
            class="input mono"
            part="field"
            rows="4"
            spellcheck="false"
            aria-describedby="picker-paste-hint"
            prop:value=move || text.get()
            on:input:target=move |event| text.set(event.target().value())
        ></textarea>
        <p class="field-hint" id="picker-paste-hint">{picker.text(Text::PasteHint)}</p>
        <div class="row">
            <button type="button" class="button" part="button" disabled=move || text.with(|text| text.trim().is_empty()) on:click=add>
                {picker.text(Text::AddScopes)}
            </button>
            <span class="field-hint" role="status">{move || status.get()}</span>
        </div>
    }
    .into_any()
}
