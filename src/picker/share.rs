//! Copies the chosen scopes for another program.

use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::{
    picker::Picker,
    state::{Form, Text, export},
};

/// The catalog whose scopes the official SDKs have as an enum.
const WITH_ENUM: &str = "appwrite";

#[component]
pub(super) fn Share(picker: Picker) -> impl IntoView {
    view! {
        <details class="paste" part="copy">
            <summary>{picker.text(Text::Copy)}</summary>
            <div class="paste-body">{picker.later(move |later| (later.share)(picker))}</div>
        </details>
    }
}

/// What is in it.
pub(super) fn view(picker: Picker) -> AnyView {
    let status = RwSignal::new(String::new());
    // What the browser refuses to copy is shown, selected, for the person to copy.
    let shown = RwSignal::new(None::<String>);
    let area = NodeRef::<html::Textarea>::new();
    let copy = move |form: Form, name: &'static str| {
        let catalog = picker.catalog();
        let is_known = |scope: &str| catalog.scope(scope).is_some();
        let text = picker.inputs.scopes.with_untracked(|scopes| export(form, scopes, is_known));
        spawn_local(async move {
            let copied = write_to_clipboard(&text).await;
            // The picker can be gone.
            if status.is_disposed() {
                return;
            }
            if copied {
                shown.set(None);
                status.set(picker.fill(Text::Copied, &[("format", name)]));
            } else {
                status.set(picker.text(Text::CopyRefused));
                shown.set(Some(text));
                request_animation_frame(move || {
                    if let Some(area) = area.try_get_untracked().flatten() {
                        drop(area.focus());
                        area.select();
                    }
                });
            }
        });
    };
    let button = move |form: Form, name: &'static str, label: String| {
        view! {
            <button
                type="button"
                class="button"
                part="button"
                disabled=move || picker.inputs.scopes.with(Vec::is_empty)
                on:click=move |_| copy(form, name)
            >
                {label}
            </button>
        }
    };
    let as_enum = (picker.catalog().id == WITH_ENUM).then(|| button(Form::SdkEnum, "SDK enum", picker.text(Text::SdkEnum)));
    view! {
        <div class="row">
            {button(Form::Json, "JSON", "JSON".to_owned())}
            {button(Form::Env, ".env", ".env".to_owned())}
            {as_enum}
            <span class="field-hint" role="status">{move || status.get()}</span>
        </div>
        <textarea
            class="input mono"
            part="field"
            rows="4"
            readonly
            aria-label=picker.text(Text::Copy)
            node_ref=area
            hidden=move || shown.with(Option::is_none)
            prop:value=move || shown.get().unwrap_or_default()
        ></textarea>
    }
    .into_any()
}

async fn write_to_clipboard(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // Undefined on insecure origins, although the binding says otherwise.
    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
