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

/// A relative time for a row. The exact one is shown on hover, and while something in the row has the focus of the keyboard. `None` is
/// never.
#[component]
pub(in crate::console) fn Moment(at: Option<DateTime>, text: fn(DateTime, DateTime) -> String) -> impl IntoView {
    let now = clock::use_now();
    match at {
        Some(at) => {
            let exact = clock::long(at);
            let title = exact.clone();
            view! {
                <time class="moment" datetime=at.to_string() title=title>
                    <span>{move || text(at, now.get())}</span>
                    <span class="moment-exact" aria-hidden="true">{exact}</span>
                </time>
            }
            .into_any()
        }
        None => view! { <span class="keys-never">"Never"</span> }.into_any(),
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
