//! Opens and closes every dialog with a signal.

use leptos::{html::Dialog, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

/// Opens the dialog while `open` is true, and closes it otherwise. `on_open` runs before it opens, untracked.
pub(in crate::console) fn keep_open(dialog: NodeRef<Dialog>, open: Signal<bool>, on_open: impl Fn() + 'static) {
    effect(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                untrack(&on_open);
                drop(dialog.show_modal());
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
}

/// Acts when a dialog was closed, for its event. That comes a moment after the focus has returned; by then, a quick person may have opened the
/// dialog again, which is no reason to close it.
pub(in crate::console) fn if_closed(event: &web_sys::Event, act: impl FnOnce()) {
    let dialog = event.target().and_then(|target| target.dyn_into::<HtmlDialogElement>().ok());
    if dialog.is_none_or(|dialog| !dialog.open()) {
        act();
    }
}
