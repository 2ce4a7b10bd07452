//! Opens and closes every dialog with a signal.

use leptos::{html::Dialog, prelude::*};

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
