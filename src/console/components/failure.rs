//! Shows that data is loading, that it failed to load, or a notice.

use leptos::prelude::*;

use super::icons::{self, Icon};
use crate::console::{client::ClientError, route::Page};

/// An error, with what to do.
#[component]
pub(in crate::console) fn Failure(
    error: ClientError,
    /// Tries again, if that can help.
    #[prop(optional)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    // In a new tab, so that the entries on this page are not lost.
    let sign_in = (error == ClientError::SignedOut).then(|| {
        view! {
            " "
            <a href=Page::SignIn.path() target="_blank">"Sign in in a new tab"</a>
            ", then return to this page. Your changes are still here."
        }
    });
    view! {
        <div class="notice" data-tone="error" role="alert">
            <Icon path=icons::ERROR />
            <p dir="auto">{error.text()}{sign_in}</p>
            {on_retry.map(|retry| {
                view! { <button type="button" class="button" on:click=move |_| retry.run(())>"Try again"</button> }
            })}
        </div>
    }
}

/// A notice.
#[component]
pub(in crate::console) fn Notice(#[prop(default = "hint")] tone: &'static str, children: Children) -> impl IntoView {
    let path = if tone == "warning" { icons::WARNING } else { icons::HINT };
    view! {
        <div class="notice" data-tone=tone>
            <Icon path />
            <div>{children()}</div>
        </div>
    }
}

/// Data is loading.
#[component]
pub(in crate::console) fn Loading(what: &'static str) -> impl IntoView {
    view! {
        <p class="loading" role="status">
            <span class="spinner" aria-hidden="true"></span>
            {format!("Loading {what}…")}
        </p>
    }
}
