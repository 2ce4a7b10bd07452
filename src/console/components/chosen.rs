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
    let stop_name = memo(move || scopes.with(|scopes| scopes.get(stop.get()).cloned()));
    let place = move |name: &str| scopes.with_untracked(|scopes| scopes.iter().position(|scope| scope == name));
    // Without waiting for a frame: the next key may be pressed before it.
    let focus = move |index: Option<usize>| {
        let buttons = list.get_untracked().and_then(|list| list.query_selector_all("button").ok());
        let button = index.and_then(|index| buttons?.item(u32::try_from(index).ok()?));
        // The last one goes.
        let next = button.map(JsCast::unchecked_into).or_else(|| document().get_element_by_id("chosen-title"));
        if let Some(next) = next.and_then(|next: web_sys::Element| next.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(next.focus());
        }
    };
    let remove = move |name: &str| {
        let Some(here) = place(name) else { return };
        let is_last = here + 1 == count.get_untracked().min(LISTED);
        focus(if is_last { here.checked_sub(1) } else { Some(here + 1) });
        picker.choose(name, false);
        picker.catch_up();
        at.set(here);
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let (here, last) = (stop.get_untracked(), count.get_untracked().min(LISTED).saturating_sub(1));
        let next = match event.key().as_str() {
            "ArrowDown" => (here + 1).min(last),
            "ArrowUp" => here.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            "Delete" | "Backspace" => {
                event.prevent_default();
                stop_name.get_untracked().iter().for_each(|name| remove(name));
                return;
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        focus(Some(next));
    };
    let line = move |name: String| {
        let (own, removed) = (name.clone(), name.clone());
        let is_stop = memo(move || stop_name.with(|stop| stop.as_ref() == Some(&own)));
        let own = name.clone();
        view! {
            <li class="chosen-line">
                <code dir="auto">{visible(&name)}</code>
                <button
                    type="button"
                    class="button chosen-remove"
                    data-kind="quiet"
                    tabindex=move || if is_stop.get() { "0" } else { "-1" }
                    aria-label=format!("Remove {}", visible(&name))
                    on:focus=move |_| at.set(place(&own).unwrap_or_default())
                    on:click=move |_| remove(&removed)
                >
                    <Icon path=CLOSE />
                </button>
            </li>
        }
    };
    // Lines stay where they are, with the focus, when others go. A name that is there twice is one line.
    let lines = move || {
        scopes.with(|scopes| {
            let mut lines: Vec<String> = Vec::new();
            for name in scopes.iter().take(LISTED) {
                if !lines.contains(name) {
                    lines.push(name.clone());
                }
            }
            lines
        })
    };
    let more = dynamic(move || count.get().checked_sub(LISTED).filter(|more| *more > 0).map(|more| format!("{more} more")));
    view! {
        <section class="chosen" aria-labelledby="chosen-title">
            <h3 class="panel-title" id="chosen-title" tabindex="-1">"Scopes of this key"</h3>
            <p class="panel-quiet" hidden=move || count.get() != 0>"None yet. Select scopes or operations in the list."</p>
            <ul class="chosen-list" node_ref=list on:keydown=on_key>
                <For each=lines key=String::clone children=line />
            </ul>
            <p class="panel-quiet">{more}</p>
        </section>
    }
}
