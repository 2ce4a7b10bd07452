//! The key of a form as code that creates the same key.

use leptos::prelude::*;

use super::copy::CopyButton;
use crate::{api::CreateKey, console::state::Recipe};

/// Code that creates the key. `key` is what the form would send; `None` while something is wrong with it.
#[component]
pub(in crate::console) fn Recipes(endpoint: String, project: String, key: Signal<Option<CreateKey>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(Recipe::CommandLine);
    let held = StoredValue::new((endpoint, project));
    let text = Signal::derive(move || {
        let key = key.get();
        held.with_value(|(endpoint, project)| key.map(|key| chosen.get().text(endpoint, project, &key)).unwrap_or_default())
    });
    let choices = Recipe::ALL
        .iter()
        .copied()
        .map(|recipe| {
            view! {
                <label class="segment">
                    <input type="radio" name="recipe" prop:checked=move || chosen.get() == recipe on:change=move |_| chosen.set(recipe) />
                    <span>{recipe.label()}</span>
                </label>
            }
        })
        .collect_view();
    let choices = LocalValue::new_local(Some(choices));
    let body = move || {
        let choices = choices.try_update_value(Option::take).flatten();
        view! {
            <fieldset class="segments">
                <legend class="visually-hidden">"Create it with"</legend>
                {choices}
            </fieldset>
            <p class="field-hint">{move || chosen.get().about()}</p>
            <pre class="code" tabindex="0" aria-label="Code that creates this key" role="region"><code>{move || text.get()}</code></pre>
            <p class="field-hint" hidden=move || key.with(Option::is_some)>"Enter a name and a valid expiry first."</p>
            <CopyButton text what="code" />
        }
    };
    view! {
        <details class="more" on:toggle:target=move |event| open.set(event.target().open())>
            <summary>"Create this key with code"</summary>
            <div class="stack">{move || open.get().then(body)}</div>
        </details>
    }
}
