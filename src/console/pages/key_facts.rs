//! The facts of a key.

use leptos::prelude::*;

use crate::{
    api::KeyDetails,
    console::{
        clock,
        components::{CopyButton, ExpiryTime, Time},
        state::ago_to_the_day,
    },
};

/// The facts of a key that the form does not change.
#[component]
pub(super) fn KeyFacts(details: KeyDetails) -> impl IntoView {
    let now = clock::use_now();
    let KeyDetails { key, rotated_at, overlap_until, .. } = details;
    let described = !key.description.is_empty();
    let used = key.accessed_at.0;
    let used = move || used.map_or_else(|| "Never".to_owned(), |at| format!("{} (accurate to a day)", ago_to_the_day(at, now.get())));
    let sdks = if key.sdks.is_empty() { "None identified".to_owned() } else { key.sdks.join(", ") };
    let expire = key.expire.0;
    let ends = overlap_until.0;
    let old_secret = move || {
        ends.filter(|ends| *ends > now.get())
            .map(|at| view! { <span class="field-hint">"The previous secret works until "{clock::long(at)}</span> })
    };
    view! {
        <dl class="facts">
            {described.then(|| view! { <div class="facts-text"><dt>"Description"</dt><dd dir="auto">{key.description}</dd></div> })}
            <div>
                <dt>"Key ID"</dt>
                <dd class="row"><code>{key.id.clone()}</code><CopyButton text=Signal::stored(key.id) what="key ID" /></dd>
            </div>
            <div><dt>"Secret"</dt><dd class="keys-stack"><code>{key.secret}</code>{old_secret}</dd></div>
            <div>
                <dt>"Expires"</dt>
                <dd><ExpiryTime expire /></dd>
            </div>
            <div><dt>"Last used"</dt><dd>{used}</dd></div>
            <div><dt>"SDKs seen"</dt><dd>{sdks}</dd></div>
            <div><dt>"Created"</dt><dd>{key.created_at.0.map(|at| view! { <Time at /> })}</dd></div>
            {rotated_at.0.map(|at| view! { <div><dt>"Rotated"</dt><dd><Time at /></dd></div> })}
            <div><dt>"Updated"</dt><dd>{key.updated_at.0.map(|at| view! { <Time at /> })}</dd></div>
        </dl>
    }
}
