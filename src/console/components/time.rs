//! Points in time, for a person and for a machine.

use leptos::prelude::*;

use crate::{
    console::{clock, state::relative},
    scope::DateTime,
};

/// A point in time, relative and exact.
#[component]
pub(in crate::console) fn Time(at: DateTime) -> impl IntoView {
    let now = clock::use_now();
    view! {
        <time class="time" datetime=at.to_string()>
            <span>{move || relative(at, now.get())}</span>
            <span class="time-exact">{clock::long(at)}</span>
        </time>
    }
}

/// The expiry of a key.
#[component]
pub(in crate::console) fn ExpiryTime(expire: Option<DateTime>) -> impl IntoView {
    match expire {
        Some(at) => view! { <Time at /> }.into_any(),
        None => view! { <span>"Never"</span> }.into_any(),
    }
}
