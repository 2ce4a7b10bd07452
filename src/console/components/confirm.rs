//! A dialog that must be answered first.

use leptos::{html, prelude::*};

use super::dialog::{if_closed, keep_open};

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
    /// The kind of the button that confirms.
    #[prop(into, default = Signal::stored("danger"))]
    kind: Signal<&'static str>,
    /// A word that must be typed first, for what cannot be undone; none if it is empty.
    #[prop(optional, into)]
    word: Option<Signal<String>>,
    on_cancel: Callback<()>,
    on_confirm: Callback<()>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let typed = RwSignal::new(String::new());
    keep_open(dialog, open, move || typed.set(String::new()));
    let is_typed = move || word.is_none_or(|word| word.with(|word| typed.with(|typed| typed.trim() == word.trim())));
    let field = word.map(|word| {
        let id = format!("{id}-word");
        view! {
            <div class="field" hidden=move || word.with(String::is_empty)>
                <label class="field-label" for=id.clone()>"Type "<bdi class="mono">{move || word.get()}</bdi>" to confirm"</label>
                <input
                    id=id
                    class="input"
                    autocomplete="off"
                    spellcheck="false"
                    dir="auto"
                    prop:value=move || typed.get()
                    on:input:target=move |event| typed.set(event.target().value())
                />
            </div>
        }
    });
    let (heading, text) = (format!("{id}-title"), format!("{id}-text"));
    view! {
        <dialog
            class="dialog"
            role="alertdialog"
            aria-labelledby=heading.clone()
            aria-describedby=text.clone()
            node_ref=dialog
            on:close=move |event| if_closed(&event, || {
                if open.get_untracked() {
                    on_cancel.run(());
                }
            })
        >
            <h2 class="dialog-title" id=heading.clone()>{move || title.get()}</h2>
            <div class="dialog-text" id=text.clone()>{children()}</div>
            {field}
            <div class="dialog-actions">
                <button type="button" class="button" autofocus on:click=move |_| on_cancel.run(())>{cancel}</button>
                <button
                    type="button"
                    class="button"
                    data-kind=move || kind.get()
                    aria-disabled=move || (busy.get() || !is_typed()).to_string()
                    on:click=move |_| {
                        if !busy.get_untracked() && untrack(is_typed) {
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
