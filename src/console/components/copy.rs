//! Copies a text and shows the result.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::icons::{self, Icon};
use crate::console::{clipboard, load::set_if_alive};

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    None,
    Done,
    Refused,
}

/// A button that copies a text.
#[component]
pub(in crate::console) fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// What is copied, for the label of the button: "Copy secret".
    what: &'static str,
    #[prop(optional)] prominent: bool,
    /// Called once the text is on the clipboard.
    #[prop(optional)]
    on_copied: Option<Callback<()>>,
) -> impl IntoView {
    let outcome = RwSignal::new(Outcome::None);
    let copy = move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            let done = clipboard::copy(&text).await;
            set_if_alive(outcome, if done { Outcome::Done } else { Outcome::Refused });
            if let Some(on_copied) = on_copied
                && done
            {
                on_copied.try_run(());
            }
            set_timeout(move || set_if_alive(outcome, Outcome::None), Duration::from_secs(3));
        });
    };
    view! {
        <span class="copy">
            <button
                type="button"
                class="button copy-button"
                data-kind=if prominent { "primary" } else { "plain" }
                aria-label=format!("Copy {what}")
                on:click=copy
            >
                {move || view! { <Icon path=if outcome.get() == Outcome::Done { icons::CHECK } else { icons::COPY } /> }}
                <span>{move || if outcome.get() == Outcome::Done { "Copied" } else { "Copy" }}</span>
            </button>
            <span class="visually-hidden" role="status">
                {move || match outcome.get() {
                    Outcome::None => String::new(),
                    Outcome::Done => format!("Copied {what}"),
                    Outcome::Refused => "The browser blocked copying".to_owned(),
                }}
            </span>
            <span class="copy-refused" hidden=move || outcome.get() != Outcome::Refused aria-hidden="true">
                "The browser blocked copying. Select the text and copy it."
            </span>
        </span>
    }
}

/// A labelled line of text to copy.
#[component]
pub(in crate::console) fn CopyLine(label: &'static str, #[prop(into)] text: Signal<String>, what: &'static str) -> impl IntoView {
    view! {
        <div class="copy-line">
            <span class="copy-label">{label}</span>
            <code class="copy-text" dir="auto">{move || text.get()}</code>
            <CopyButton text what />
        </div>
    }
}
