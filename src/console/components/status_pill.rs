//! The status of a key.

use leptos::prelude::*;

use crate::key::KeyStatus;

/// The tone and the words of a status.
pub(super) fn status_words(status: KeyStatus, exposed: bool) -> (&'static str, &'static str) {
    match status {
        KeyStatus::Disabled => ("quiet", "Disabled"),
        KeyStatus::Expired => ("error", "Expired"),
        _ if exposed => ("error", "Exposed"),
        KeyStatus::ExpiresSoon => ("warning", "Expires soon"),
        KeyStatus::Active => ("fine", "Active"),
    }
}

/// The status of a key.
#[component]
pub(in crate::console) fn StatusPill(status: KeyStatus, exposed: bool) -> impl IntoView {
    let (tone, label) = status_words(status, exposed);
    view! { <span class="pill" data-tone=tone><span class="keys-wide">{label}</span></span> }
}
