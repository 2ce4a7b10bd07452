//! Keys that lead somewhere from every page. A person can turn off those without Ctrl, since a speech program may send them by mistake.

use std::time::Duration;

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    components::{if_closed, keep_open},
    router::Router,
    state::{Find, SHORTCUTS, Shortcut, shortcut},
    storage,
};

const STORED: &str = "scopewise-shortcuts";
const OFF: &str = "off";
const ON: &str = "on";
/// How long the first of two keys counts.
const WAIT: Duration = Duration::from_millis(1500);

fn are_off() -> bool {
    storage::read(STORED).is_some_and(|word| word == OFF)
}

/// Follows the keyboard, as long as the application runs. `help` opens the list of shortcuts.
pub(super) fn follow(
    router: Router,
    project: Signal<Option<String>>,
    is_in: Signal<bool>,
    find: RwSignal<Option<Find>>,
    help: RwSignal<bool>,
) {
    let goes = StoredValue::new(0_u32);
    let presses = StoredValue::new(0_u32);
    window_event_listener(ev::keydown, move |event| {
        let key = event.key();
        let with_control = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
        if with_control && key.eq_ignore_ascii_case("k") && is_in.get_untracked() && !has_dialog() {
            event.prevent_default();
            find.set(Some(Find::Everything));
            return;
        }
        if event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || event.default_prevented()
            || is_writing(&event)
            || has_dialog()
            || are_off()
        {
            return;
        }
        let press = presses.get_value().wrapping_add(1);
        presses.set_value(press);
        let second = goes.get_value() != 0;
        goes.set_value(0);
        let project = project.get_untracked().filter(|_| is_in.get_untracked());
        match shortcut(&key, second, project.as_deref()) {
            None => return,
            Some(Shortcut::Help) => help.set(true),
            Some(Shortcut::Search) => {
                let field = document().query_selector("main input[type=search]").ok().flatten();
                let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
                drop(field.focus());
            }
            Some(Shortcut::Wait) => {
                goes.set_value(press.max(1));
                set_timeout(
                    move || {
                        if goes.get_value() == press {
                            goes.set_value(0);
                        }
                    },
                    WAIT,
                );
            }
            Some(Shortcut::Go(page)) => router.go(page),
        }
        event.prevent_default();
    });
}

/// Whether the key goes into a field.
fn is_writing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        target
            .closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], [role=listbox], .picker-list")
            .ok()
            .flatten()
            .is_some()
    })
}

fn has_dialog() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// The list of shortcuts.
#[component]
pub(super) fn ShortcutsDialog(open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    keep_open(dialog, open.into(), || ());
    let set = move |event: web_sys::Event| {
        storage::write(STORED, if event_target_checked(&event) { ON } else { OFF });
    };
    let rows = SHORTCUTS.iter().map(|(keys, about)| view! { <div><dt>{*about}</dt><dd><kbd>{*keys}</kbd></dd></div> });
    view! {
        <dialog class="dialog" aria-labelledby="shortcuts-title" node_ref=dialog on:close=move |event| if_closed(&event, || open.set(false))>
            <h2 class="dialog-title" id="shortcuts-title">"Keyboard shortcuts"</h2>
            <dl class="shortcuts">{rows.collect_view()}</dl>
            <label class="toggle">
                <input type="checkbox" class="box" prop:checked=!are_off() on:change=set />
                "Use shortcuts without Ctrl"
            </label>
            <div class="dialog-actions">
                <button type="button" class="button" autofocus on:click=move |_| open.set(false)>"Close"</button>
            </div>
        </dialog>
    }
}
