//! A dialog that must be answered first.

use leptos::{html, prelude::*};

use super::dialog::keep_open;

/// Asks before something is lost. The focus starts on the safe button, Escape cancels, and the focus then returns to where it was.
#[component]
pub(in crate::console) fn ConfirmDialog(
    id: &'static str,
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] title: Signal<String>,
    /// The label of the button that confirms.
    #[prop(into)]
    confirm: Signal<String>,
    #[prop(default = "Cancel")] cancel: &'static str,
    #[prop(into, default = Signal::derive(|| false))] busy: Signal<bool>,
    on_cancel: Callback<()>,
    on_confirm: Callback<()>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    keep_open(dialog, open, || ());
    let (heading, text) = (format!("{id}-title"), format!("{id}-text"));
    view! {
        <dialog
            class="dialog"
            role="alertdialog"
            aria-labelledby=heading.clone()
            aria-describedby=text.clone()
            node_ref=dialog
            on:close=move |_| {
                if open.get_untracked() {
                    on_cancel.run(());
                }
            }
        >
            <h2 class="dialog-title" id=heading.clone()>{move || title.get()}</h2>
            <div class="dialog-text" id=text.clone()>{children()}</div>
            <div class="dialog-actions">
                <button type="button" class="button" autofocus on:click=move |_| on_cancel.run(())>{cancel}</button>
                <button
                    type="button"
                    class="button"
                    data-kind="danger"
                    aria-disabled=move || busy.get().to_string()
                    on:click=move |_| {
                        if !busy.get_untracked() {
                            on_confirm.run(());
                        }
                    }
                >
                    {move || confirm.get()}
                </button>
            </div>
        </dialog>
    }
}
