//! The chosen scopes, one per line, each with a button that removes it.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::icons::Icon;
use crate::picker::{Picker, icons::CLOSE, state::visible};

/// So many lines are on the page.
const LISTED: usize = 200;

/// The chosen scopes. Tab leads to one of the buttons, and the arrow keys to the others.
#[component]
pub(in crate::console) fn ChosenScopes(picker: Picker) -> impl IntoView {
    let scopes = picker.seen;
    let at = RwSignal::new(0_usize);
    let list = NodeRef::<html::Ul>::new();
    let count = memo(move || scopes.with(Vec::len));
    let stop = memo(move || at.get().min(count.get().saturating_sub(1)));
    let go = move |index: usize| {
        at.set(index);
        request_animation_frame(move || {
            let Some(list) = list.try_get_untracked().flatten() else { return };
            let button = list.query_selector("button[tabindex=\"0\"]").ok().flatten();
            // The last one is gone.
            let next = button.or_else(|| document().get_element_by_id("chosen-title"));
            if let Some(next) = next.and_then(|next| next.dyn_into::<web_sys::HtmlElement>().ok()) {
                drop(next.focus());
            }
        });
    };
    let remove = move |name: &str| {
        picker.choose(name, false);
        picker.catch_up();
        go(stop.get_untracked());
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let (here, last) = (stop.get_untracked(), count.get_untracked().min(LISTED).saturating_sub(1));
        let next = match event.key().as_str() {
            "ArrowDown" => (here + 1).min(last),
            "ArrowUp" => here.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            "Delete" | "Backspace" => {
                let name = scopes.with_untracked(|scopes| scopes.get(here).cloned());
                event.prevent_default();
                name.iter().for_each(|name| remove(name));
                return;
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        go(next);
    };
    let line = move |(index, name): (usize, String)| {
        let own = name.clone();
        view! {
            <li class="chosen-line">
                <code dir="auto">{visible(&name)}</code>
                <button
                    type="button"
                    class="button chosen-remove"
                    data-kind="quiet"
                    tabindex=move || if stop.get() == index { "0" } else { "-1" }
                    aria-label=format!("Remove {}", visible(&name))
                    on:focus=move |_| at.set(index)
                    on:click=move |_| remove(&own)
                >
                    <Icon path=CLOSE />
                </button>
            </li>
        }
    };
    let lines = move || scopes.with(|scopes| scopes.iter().take(LISTED).cloned().enumerate().collect::<Vec<_>>());
    let more = dynamic(move || count.get().checked_sub(LISTED).filter(|more| *more > 0).map(|more| format!("{more} more")));
    view! {
        <section class="chosen" aria-labelledby="chosen-title">
            <h3 class="panel-title" id="chosen-title" tabindex="-1">"Scopes of this key"</h3>
            <p class="panel-quiet" hidden=move || count.get() != 0>"None yet. Select scopes or operations in the list."</p>
            <ul class="chosen-list" node_ref=list on:keydown=on_key>
                <For each=lines key=|(index, name)| (*index, name.clone()) children=line />
            </ul>
            <p class="panel-quiet">{more}</p>
        </section>
    }
}
