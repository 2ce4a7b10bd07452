//! The secret of a new key, shown once.

use leptos::prelude::*;

use super::{
    copy::CopyButton,
    icons::{self, Icon},
};

/// Shows a secret that cannot be read again.
#[component]
pub(in crate::console) fn SecretPanel(
    secret: String,
    hint: String,
    on_copied: Callback<()>,
    #[prop(default = "The server stores only a hash of it.")] stored: &'static str,
) -> impl IntoView {
    let shown = RwSignal::new(true);
    let text = secret.clone();
    view! {
        <section class="secret" aria-labelledby="secret-title">
            <h2 class="secret-title" id="secret-title" tabindex="-1">
                <Icon path=icons::WARNING />
                "Copy the secret now"
            </h2>
            <p class="secret-about">"This is the only time that you can see the secret. "{stored}</p>
            <div class="secret-line">
                <code class="secret-text" aria-label="Secret" role="group">{move || if shown.get() { text.clone() } else { hint.clone() }}</code>
                <div class="row">
                    <button
                        type="button"
                        class="button"
                        aria-pressed=move || (!shown.get()).to_string()
                        on:click=move |_| shown.update(|shown| *shown = !*shown)
                    >
                        "Hide"
                    </button>
                    <CopyButton text=Signal::stored(secret) what="secret" prominent=true on_copied />
                </div>
            </div>
        </section>
    }
}
