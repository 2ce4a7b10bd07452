//! Where the code that holds a key will run.

use leptos::prelude::*;

use crate::scope::Runtime;

fn label(context: Runtime) -> &'static str {
    match context {
        Runtime::Server => "My own server",
        Runtime::Function => "A serverless function",
        Runtime::Ssr => "Server-side rendering",
        Runtime::Ci => "A CI pipeline",
        Runtime::Cli => "A command line",
        Runtime::Browser => "A web page (in the browser)",
        Runtime::Mobile => "A mobile app",
    }
}

/// Where the code that holds the key will run. It is not saved with the key; it only refines the check.
#[component]
pub(in crate::console) fn ContextField(
    runs_in: RwSignal<Option<Runtime>>,
    #[prop(default = "Only for the check. It is not saved with the key.")] hint: &'static str,
) -> impl IntoView {
    let chosen = move |event: web_sys::Event| {
        let word = event_target_value(&event);
        runs_in.set(Runtime::ALL.iter().copied().find(|context| context.as_str() == word));
    };
    view! {
        <div class="field">
            <label class="field-label" for="runs-in">"Where will it run?"</label>
            <select id="runs-in" class="input select" aria-describedby="runs-in-hint" on:change=chosen>
                <option value="" selected=move || runs_in.get().is_none()>"Not sure yet"</option>
                {Runtime::ALL
                    .iter()
                    .copied()
                    .map(|context| {
                        view! {
                            <option value=context.as_str() selected=move || runs_in.get() == Some(context)>{label(context)}</option>
                        }
                    })
                    .collect_view()}
            </select>
            <p class="field-hint" id="runs-in-hint">{hint}</p>
        </div>
    }
}
