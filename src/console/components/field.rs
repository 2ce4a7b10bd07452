//! A text field with its label, hint and error.

use leptos::prelude::*;

/// A text field with one line.
#[component]
pub(in crate::console) fn TextField(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] required: bool,
    /// For ids and code: monospaced, not spell-checked.
    #[prop(optional)]
    code: bool,
    #[prop(optional, into)] placeholder: &'static str,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    #[prop(optional, into)] problem: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let message = Signal::derive(move || problem.and_then(|problem| problem.get()));
    view! {
        <Around id label hint message>
            <input
                id=id
                class="input"
                class:mono=code
                type=kind
                autocomplete=autocomplete
                required=required
                dir=if code { "ltr" } else { "auto" }
                spellcheck=if code { "false" } else { "true" }
                placeholder=placeholder
                aria-describedby=described_by(id)
                aria-invalid=move || message.get().is_some().to_string()
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
        </Around>
    }
}

/// A text field with several lines.
#[component]
pub(in crate::console) fn TextArea(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    /// How many lines are visible at first.
    rows: u32,
    #[prop(optional, into)] placeholder: &'static str,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    #[prop(into)] problem: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <Around id label hint message=problem>
            <textarea
                id=id
                class="input"
                rows=rows
                dir="auto"
                placeholder=placeholder
                aria-describedby=described_by(id)
                aria-invalid=move || problem.get().is_some().to_string()
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            ></textarea>
        </Around>
    }
}

fn described_by(id: &str) -> String {
    format!("{id}-problem {id}-hint")
}

/// The label, error and hint of a field.
#[component]
fn Around(
    id: &'static str,
    label: &'static str,
    hint: Option<Signal<String>>,
    message: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for=id>{label}</label>
            {children()}
            <p class="field-error" id=format!("{id}-problem") role="alert">{move || message.get()}</p>
            <p class="field-hint" id=format!("{id}-hint")>{move || hint.map(|hint| hint.get())}</p>
        </div>
    }
}

/// Moves the focus to the first field with an error, after the next render.
pub(in crate::console) fn focus_first_problem() {
    use wasm_bindgen::JsCast;
    request_animation_frame(|| {
        let field = document().query_selector("main [aria-invalid=\"true\"]").ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(field.focus());
        }
    });
}
