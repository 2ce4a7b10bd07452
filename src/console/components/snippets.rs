//! Set-up code, ready to paste: for several SDKs, or for another API.

use leptos::prelude::*;

use super::copy::CopyButton;
use crate::{
    console::{
        download,
        state::{Connection, Snippet, env_file},
    },
    scope::Catalog,
};

/// Set-up code for the API of a catalog. The secret is hidden at first; the copy button always copies it.
#[component]
pub(in crate::console) fn Snippets(
    catalog: &'static Catalog,
    endpoint: String,
    project: String,
    secret: String,
    hint: String,
    /// Called once a text with the secret was copied or saved.
    on_stored: Callback<()>,
) -> impl IntoView {
    let offered = Snippet::offered(catalog);
    let chosen = RwSignal::new(offered.first().copied().unwrap_or(Snippet::Header));
    let about = if offered.iter().all(|snippet| snippet.holds_secret()) {
        format!(
            "Send the key with each request to {}. Keep the secret in an environment variable, and out of your repository.",
            catalog.name
        )
    } else {
        "The code reads the secret from an environment variable, so the secret stays out of your repository.".to_owned()
    };
    let revealed = RwSignal::new(false);
    let held = StoredValue::new((endpoint, project, secret, hint));
    let text = move |real: bool| {
        held.with_value(|(endpoint, project, secret, hint)| {
            chosen.get().text(Connection { endpoint, project, secret: if real { secret } else { hint }, catalog })
        })
    };
    let refused = RwSignal::new(false);
    let save = move |_| {
        let done = held.with_value(|(endpoint, project, secret, _)| {
            let (name, text) = env_file(Connection { endpoint, project, secret, catalog });
            download::save(&name, "text/plain", &text)
        });
        refused.set(!done);
        if done {
            on_stored.run(());
        }
    };
    let on_copied = Callback::new(move |()| {
        if chosen.with_untracked(|snippet| snippet.holds_secret()) {
            on_stored.run(());
        }
    });
    let choices = offered
        .iter()
        .copied()
        .map(|snippet| {
            view! {
                <label class="segment">
                    <input type="radio" name="snippet" prop:checked=move || chosen.get() == snippet on:change=move |_| chosen.set(snippet) />
                    <span>{snippet.label()}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <section class="snippets" aria-labelledby="snippets-title">
            <h2 class="section-title" id="snippets-title">"Use the key"</h2>
            <p class="section-text">{about}</p>
            <fieldset class="segments snippets-choice">
                <legend class="visually-hidden">"Environment"</legend>
                {choices}
            </fieldset>
            {move || chosen.get().install().map(|command| view! { <pre class="code code-install" tabindex="0"><code>{command}</code></pre> })}
            <div class="code-frame">
                <pre class="code" tabindex="0"><code>{move || text(revealed.get())}</code></pre>
                <div class="code-actions">
                    <button
                        type="button"
                        class="button"
                        hidden=move || !chosen.get().holds_secret()
                        aria-pressed=move || revealed.get().to_string()
                        on:click=move |_| revealed.update(|revealed| *revealed = !*revealed)
                    >
                        "Show secret"
                    </button>
                    <CopyButton text=Signal::derive(move || text(true)) what="set-up" on_copied />
                    <button type="button" class="button" on:click=save>"Download .env"</button>
                    <span class="field-error" role="alert">{move || refused.get().then_some("The browser blocked the download.")}</span>
                </div>
            </div>
        </section>
    }
}
