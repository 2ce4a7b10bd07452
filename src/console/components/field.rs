//! A field of text with its label, its hint and its problem.

use leptos::prelude::*;

/// A field of text.
#[component]
pub(in crate::console) fn TextField(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] required: bool,
    /// For ids and the like: set in equal widths, not spell-checked.
    #[prop(optional)]
    code: bool,
    #[prop(optional, into)] placeholder: &'static str,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    #[prop(optional, into)] problem: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
    let described = format!("{problem_id} {hint_id}");
    let told = move || problem.and_then(|problem| problem.get());
    view! {
        <div class="field">
            <label class="field-label" for=id>{label}</label>
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
                aria-describedby=described
                aria-invalid=move || told().is_some().to_string()
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
            <p class="field-error" id=problem_id role="alert">{told}</p>
            <p class="field-hint" id=hint_id>{move || hint.map(|hint| hint.get())}</p>
        </div>
    }
}

/// Moves the focus to the first field that a form marks as wrong, once it is marked.
pub(in crate::console) fn focus_first_problem() {
    use wasm_bindgen::JsCast;
    request_animation_frame(|| {
        let field = document().query_selector("main [aria-invalid=\"true\"]").ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(field.focus());
        }
    });
}
