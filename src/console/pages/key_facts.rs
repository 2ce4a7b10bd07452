//! How a key is used, as far as the server knows.

use leptos::prelude::*;

use crate::{
    api::KeyDetails,
    console::{
        clock,
        components::{CopyButton, ExpiryTime, Time},
        state::{ago_to_the_day, created_by, shown},
    },
};

/// The facts of a key that the form does not change.
#[component]
pub(super) fn KeyFacts(details: KeyDetails) -> impl IntoView {
    let now = clock::use_now();
    let KeyDetails { key, rotated_at, exposed_at, created_by: creator, .. } = details;
    let described = !key.description.is_empty();
    let used = key.accessed_at.0;
    let used = move || used.map_or_else(|| "Never".to_owned(), |at| format!("{} (accurate to a day)", ago_to_the_day(at, now.get())));
    let sdks = if key.sdks.is_empty() { "None identified".to_owned() } else { key.sdks.join(", ") };
    let expire = key.expire.0;
    view! {
        <dl class="facts">
            {described.then(|| view! { <div class="facts-text"><dt>"Description"</dt><dd dir="auto">{key.description}</dd></div> })}
            <div><dt>"Last used"</dt><dd>{used}</dd></div>
            <div><dt>"SDKs seen"</dt><dd>{sdks}</dd></div>
            <div><dt>"Used from a web page"</dt><dd>{match exposed_at.0 {
                Some(at) => view! { <Time at /> }.into_any(),
                None => "Not since the last rotation".into_any(),
            }}</dd></div>
            <div><dt>"Expires"</dt><dd><ExpiryTime expire /></dd></div>
            <div><dt>"Created"</dt><dd>{key.created_at.0.map(|at| view! { <Time at /> })}</dd></div>
            {creator.map(|creator| view! { <div><dt>"Created by"</dt><dd dir="auto">{shown(&created_by(&creator))}</dd></div> })}
            {rotated_at.0.map(|at| view! { <div><dt>"Rotated"</dt><dd><Time at /></dd></div> })}
            <div><dt>"Updated"</dt><dd>{key.updated_at.0.map(|at| view! { <Time at /> })}</dd></div>
            <div>
                <dt>"Key ID"</dt>
                <dd class="row"><code>{key.id.clone()}</code><CopyButton text=Signal::stored(key.id) what="key ID" /></dd>
            </div>
        </dl>
    }
    .into_any()
}
